// Users in D1: who is who, who came, and who is gone.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { UserDeletion } from '../../domain/auth/clerk-webhooks.ts'
import type { KnownUser, UserStore } from '../../domain/auth/identity.ts'
import { keyAudit } from './audit-data.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { toUserId } from '../stored-values.ts'
import { apiKeys, keyEvents } from './schema/keys.ts'
import { users } from './schema/users.ts'
import { selectRow } from './select-row.ts'

const KNOWN = {
  id: users.id,
  deletedAt: users.deletedAt,
  suspendedUntil: users.suspendedUntil,
  name: users.name,
}

/** The Clerk id is unique, so that of any number of first requests at once one makes the row and all read it. */
export function d1Users(db: DrizzleD1Database): UserStore {
  const byClerkId = (clerkUserId: string) =>
    db.select(KNOWN).from(users).where(eq(users.clerkUserId, clerkUserId)).limit(1)
  return {
    async findByClerkId(clerkUserId) {
      const [row] = await query(() => byClerkId(clerkUserId))
      return row && toKnownUser(row)
    },
    async create({ proposedId, clerkUserId, nowMs }) {
      const [, , [row]] = await query(() =>
        db.batch([
          // A user who had keys before a Clerk account; only while no row has this Clerk id.
          db
            .update(users)
            .set({ clerkUserId })
            .where(
              and(
                eq(users.id, proposedId),
                isNull(users.clerkUserId),
                isNull(users.deletedAt),
                sql`NOT EXISTS (SELECT 1 FROM ${users} AS other WHERE other.clerk_user_id = ${clerkUserId})`,
              ),
            ),
          db.insert(users).values({ id: proposedId, clerkUserId, createdAt: nowMs }).onConflictDoNothing(),
          byClerkId(clerkUserId),
        ]),
      )
      return row && toKnownUser(row)
    },
    async rename(id, name) {
      await query(() => db.update(users).set({ name }).where(eq(users.id, id)))
    },
  }
}

export function d1UserDeletion(db: DrizzleD1Database, outbox: Outbox): UserDeletion {
  return {
    async deleteUser({ clerkUserId, proposedId, nowMs }) {
      const theirKeys = sql`${apiKeys.deletedAt} IS NULL AND ${apiKeys.userId} =
        (SELECT id FROM ${users} WHERE clerk_user_id = ${clerkUserId})`
      const isThem = eq(users.clerkUserId, clerkUserId)
      const [, , , , , [row]] = await query(() =>
        db.batch([
          db
            .insert(users)
            .values({ id: proposedId, clerkUserId, createdAt: nowMs, deletedAt: nowMs })
            .onConflictDoNothing(),
          db.insert(keyEvents).select(
            sql`SELECT ${selectRow(keyEvents, {
              id: null,
              keyId: sql`${apiKeys.id}`,
              action: 'deleted',
              actorType: 'webhook',
              actorId: null,
              createdAt: nowMs,
            })} FROM ${apiKeys} WHERE ${theirKeys}`,
          ),
          outbox.record({
            action: 'key.deleted',
            actor: { kind: 'webhook', userId: sql`${apiKeys.userId}` },
            target: { type: 'key', id: sql`${apiKeys.id}` },
            before: keyAudit(),
            when: sql`FROM ${apiKeys} WHERE ${theirKeys}`,
            nowMs,
          }),
          db.update(apiKeys).set({ isActive: false, deletedAt: nowMs }).where(theirKeys),
          db
            .update(users)
            .set({ deletedAt: nowMs })
            .where(and(isThem, isNull(users.deletedAt))),
          db.select(KNOWN).from(users).where(isThem),
        ]),
      )
      if (row === undefined) throw new TypeError('a batch that inserts a user finds it')
      return toUserId(row.id)
    },
  }
}

function toKnownUser(row: {
  id: string
  deletedAt: number | null
  suspendedUntil: number | null
  name: string | null
}): KnownUser {
  return {
    id: toUserId(row.id),
    isDeleted: row.deletedAt !== null,
    suspendedUntilMs: row.suspendedUntil ?? 0,
    name: row.name ?? undefined,
  }
}
