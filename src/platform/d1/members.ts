// Members of organisations in D1, and the end of what a person may do. Clerk's words come late and in any order: each has
// its time, and an older one changes nothing.
import { and, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { Member, Membership, MembershipStore } from '../../domain/auth/memberships.ts'
import type { Offboarding } from '../../domain/auth/offboarding.ts'
import type { NewAuditEntry } from './audit.ts'
import { switchOff } from './key-switch-off.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { apiKeys } from './schema/keys.ts'
import { users } from './schema/users.ts'
import { workspaceMembers } from './schema/workspaces.ts'

const { workspaceId, userId, role, endedAt, saidAt } = workspaceMembers

const isMember = (member: Member): SQL | undefined =>
  and(eq(workspaceId, member.workspaceId), eq(userId, member.memberId))
const rowOf = (member: Member, more: SQL): SQL =>
  sql`EXISTS (SELECT 1 FROM ${workspaceMembers} WHERE ${isMember(member)} AND ${more})`

export function d1Members(db: DrizzleD1Database, outbox: Outbox): MembershipStore {
  const find = (member: Member) =>
    db.select({ role, endedAt, saidAt }).from(workspaceMembers).where(isMember(member)).limit(1)

  return {
    async find(member) {
      const [row] = await query(() => find(member))
      return row && toMembership(row)
    },
    async save(member, { role: given, saidAtMs, source, nowMs }) {
      const actor = { kind: source, userId: member.workspaceId }
      const target = { type: 'member', id: member.memberId }
      const isNews = sql`NOT ${rowOf(member, sql`${saidAt} >= ${saidAtMs}`)}`
      const isIn = rowOf(member, isNull(endedAt))
      const after = sql`json_object('role', ${given})`
      const [, , , [row]] = await query(() =>
        db.batch([
          outbox.record({
            action: 'member.added',
            actor,
            target,
            after,
            when: sql`WHERE ${isNews} AND NOT ${isIn}`,
            nowMs,
          }),
          outbox.record({
            action: 'member.changed',
            actor,
            target,
            before: sql`json_object('role', ${role})`,
            after,
            when: sql`FROM ${workspaceMembers} WHERE ${isMember(member)} AND ${isNews} AND ${endedAt} IS NULL AND ${role} <> ${given}`,
            nowMs,
          }),
          db
            .insert(workspaceMembers)
            .values({
              workspaceId: member.workspaceId,
              userId: member.memberId,
              role: given,
              joinedAt: saidAtMs,
              saidAt: saidAtMs,
            })
            .onConflictDoUpdate({
              target: [workspaceId, userId],
              set: {
                role: given,
                joinedAt: sql`CASE WHEN ${endedAt} IS NULL THEN ${workspaceMembers.joinedAt} ELSE ${saidAtMs} END`,
                endedAt: null,
                saidAt: saidAtMs,
              },
              setWhere: sql`${saidAt} < ${saidAtMs}`,
            }),
          find(member),
        ]),
      )
      if (row === undefined) throw new TypeError('a batch that inserts a member finds it')
      return toMembership(row)
    },
  }
}

/** `endsKeys`: false leaves keys to those who hold them. */
export function d1Offboarding(db: DrizzleD1Database, outbox: Outbox, endsKeys: boolean): Offboarding {
  /** The keys that end: `ids`, `SELECT id …` of theirs, as far as the condition holds before the change. */
  async function run(
    keys: { readonly ids: SQL; readonly condition: SQL; readonly nowMs: number },
    record: Omit<NewAuditEntry, 'nowMs'>,
    change: BatchItem<'sqlite'>,
  ): Promise<readonly string[]> {
    const { nowMs } = keys
    const ending = switchOff(db, outbox, {
      which: and(
        inArray(apiKeys.id, sql`(${keys.ids})`),
        eq(apiKeys.isActive, true),
        isNull(apiKeys.deletedAt),
        sql`${Number(endsKeys)} = 1`,
        keys.condition,
      ),
      action: 'key.offboarded',
      said: sql`, 'reason', 'offboarded'`,
      nowMs,
    })
    const [, , , , rows, , deliveries] = await query(() =>
      db.batch([
        outbox.record({ ...record, nowMs }),
        ending.event,
        ending.audit,
        ending.trail,
        ending.change,
        change,
        ending.deliveries,
      ]),
    )
    await outbox.wake(deliveries)
    return rows.map(({ id }) => id)
  }

  const madeBy = (person: string, more: SQL = sql``) =>
    sql`SELECT ${apiKeys.id} FROM ${apiKeys} WHERE ${apiKeys.memberId} = ${person} ${more}`
  const removed = (person: string, owner: string | SQL, which: SQL | undefined) => ({
    action: 'member.removed',
    actor: { kind: 'webhook' as const, userId: owner },
    target: { type: 'member', id: person },
    before: sql`json_object('role', ${role})`,
    when: sql`FROM ${workspaceMembers} WHERE ${which} AND ${endedAt} IS NULL`,
  })

  return {
    async endMembership(member, { role: given, saidAtMs, nowMs }) {
      const person = member.memberId
      const isNews = sql`NOT ${rowOf(member, sql`${saidAt} > ${saidAtMs}`)}`
      const ended = { endedAt: saidAtMs, saidAt: saidAtMs }
      return await run(
        { ids: madeBy(person, sql`AND ${apiKeys.userId} = ${member.workspaceId}`), condition: isNews, nowMs },
        removed(person, member.workspaceId, and(isMember(member), isNews)),
        db
          .insert(workspaceMembers)
          .values({
            workspaceId: member.workspaceId,
            userId: person,
            role: given,
            joinedAt: saidAtMs,
            ...ended,
          })
          .onConflictDoUpdate({
            target: [workspaceId, userId],
            set: ended,
            setWhere: sql`${saidAt} <= ${saidAtMs}`,
          }),
      )
    },

    async endPerson(person, nowMs) {
      const isThem = eq(userId, person)
      return await run(
        { ids: madeBy(person), condition: sql`1 = 1`, nowMs },
        removed(person, sql`${workspaceId}`, isThem),
        db
          .update(workspaceMembers)
          .set({ endedAt: nowMs, saidAt: nowMs })
          .where(and(isThem, isNull(endedAt))),
      )
    },

    async suspend(person, { untilMs, isBanned, saidAtMs, nowMs }) {
      const isNews = sql`EXISTS (SELECT 1 FROM ${users} WHERE id = ${person} AND coalesce(suspension_said_at, 0) < ${saidAtMs})`
      const theirs = madeBy(
        person,
        sql`UNION ALL SELECT ${apiKeys.id} FROM ${apiKeys} WHERE ${apiKeys.userId} = ${person}`,
      )
      const isOther = sql`coalesce(${users.suspendedUntil}, 0) <> ${untilMs}`
      return await run(
        { ids: theirs, condition: sql`${Number(isBanned)} = 1 AND ${isNews}`, nowMs },
        {
          action: untilMs > nowMs ? 'member.suspended' : 'member.restored',
          actor: { kind: 'webhook', userId: person },
          target: { type: 'member', id: person },
          when: sql`FROM ${users} WHERE ${users.id} = ${person} AND ${isNews} AND ${isOther}`,
        },
        db
          .update(users)
          .set({ suspendedUntil: untilMs, suspensionSaidAt: saidAtMs })
          .where(and(eq(users.id, person), isNews)),
      )
    },
  }
}

function toMembership(row: { role: string; endedAt: number | null; saidAt: number }): Membership {
  return { role: row.role, hasEnded: row.endedAt !== null, saidAtMs: row.saidAt }
}
