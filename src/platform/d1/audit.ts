// The audit trail in D1: written in the batch of the change, read by its workspace, sealed once.
import { and, asc, desc, eq, gte, isNotNull, isNull, lt, lte, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { Principal } from '../../core/auth/principal.ts'
import { factsOf } from '../../core/audit/chain.ts'
import type { AuditEntry, AuditLog } from '../../domain/audit/audit.ts'
import { toUserId } from '../stored-values.ts'
import { query } from './query.ts'
import { auditEvents } from './schema/audit.ts'
import { selectRow } from './select-row.ts'

/** A change, as the statement that stands in its batch finds it. */
export interface NewAuditEntry {
  readonly action: string
  /** Who did it; the service itself, or Clerk by a webhook, for a workspace. */
  readonly actor: Principal | { readonly kind: 'webhook' | 'system'; readonly userId: string | SQL }
  readonly target: { readonly type: string; readonly id: string | SQL }
  /** `json_object(…)`; undefined: nothing. */
  readonly before?: SQL | undefined
  readonly after?: SQL | undefined
  /** `FROM … WHERE …` that finds a row for each thing that the batch changes, and none if it changes nothing. */
  readonly when: SQL
  readonly nowMs: number
}

/** The statement: before the change where `before` is asked for, and where `when` finds nothing afterwards. */
export function auditStatement(db: DrizzleD1Database, newId: () => string, entry: NewAuditEntry) {
  const { action, actor, target, before, after, when, nowMs } = entry
  const trace = 'trace' in actor ? actor.trace : undefined
  const id = `aud_${newId().replaceAll('-', '')}`
  return db.insert(auditEvents).select(
    sql`SELECT ${selectRow(auditEvents, {
      sequence: null,
      id: sql`${id} || lower(hex(randomblob(4)))`,
      userId: actor.userId,
      at: nowMs,
      ...actorOf(actor),
      action,
      targetType: target.type,
      targetId: target.id,
      ip: trace?.ip ?? null,
      userAgent: trace?.userAgent ?? null,
      requestId: trace?.requestId ?? null,
      before: before ?? null,
      after: after ?? null,
      hash: null,
    })} ${when}`,
  )
}

/** For an impersonated user, the impersonator. */
function actorOf(actor: NewAuditEntry['actor']) {
  if (actor.kind === 'clerk') return { actorType: 'user', actorId: actor.actorId ?? actor.clerkUserId } as const
  if (actor.kind === 'api_key') return { actorType: actor.kind, actorId: actor.keyId } as const
  return { actorType: actor.kind, actorId: null } as const
}

export function d1AuditLog(db: DrizzleD1Database): AuditLog {
  const select = () => db.select().from(auditEvents)
  return {
    async list(userId, { fromMs, toMs, actor, action, before, limit }) {
      const rows = await query(() =>
        select()
          .where(
            and(
              eq(auditEvents.userId, userId),
              before === undefined ? undefined : lt(auditEvents.sequence, before),
              fromMs === undefined ? undefined : gte(auditEvents.at, fromMs),
              toMs === undefined ? undefined : lte(auditEvents.at, toMs),
              actor === undefined ? undefined : eq(auditEvents.actorId, actor),
              action === undefined ? undefined : eq(auditEvents.action, action),
            ),
          )
          .orderBy(desc(auditEvents.sequence))
          .limit(limit),
      )
      return rows.map(toEntry)
    },
    async unsealed(userId, limit) {
      const [last, rows] = await query(() =>
        db.batch([
          db
            .select({ hash: auditEvents.hash })
            .from(auditEvents)
            .where(and(eq(auditEvents.userId, userId), isNotNull(auditEvents.hash)))
            .orderBy(desc(auditEvents.sequence))
            .limit(1),
          select()
            .where(and(eq(auditEvents.userId, userId), isNull(auditEvents.hash)))
            .orderBy(asc(auditEvents.sequence))
            .limit(limit),
        ]),
      )
      return { previous: last[0]?.hash ?? undefined, entries: rows.map(toEntry) }
    },
    async seal(hashes) {
      // As JSON: a statement of D1 binds at most 100 values.
      const given = JSON.stringify(Object.fromEntries(hashes.map(({ sequence, hash }) => [sequence, hash])))
      const own = JSON.stringify(hashes.map(({ sequence }) => sequence))
      await query(() =>
        db
          .update(auditEvents)
          .set({ hash: sql`${given} ->> ('$."' || ${auditEvents.sequence} || '"')` })
          .where(and(sql`${auditEvents.sequence} IN (SELECT value FROM json_each(${own}))`, isNull(auditEvents.hash))),
      )
    },
    async unsealedOwners(limit) {
      const rows = await query(() =>
        db
          .selectDistinct({ userId: auditEvents.userId })
          .from(auditEvents)
          .where(and(isNull(auditEvents.hash), sql`${auditEvents.userId} > ''`))
          .limit(limit),
      )
      return rows.map(({ userId }) => toUserId(userId))
    },
  }
}

function toEntry(row: typeof auditEvents.$inferSelect): AuditEntry {
  return { sequence: row.sequence, hash: row.hash ?? undefined, ...factsOf(row) }
}
