// Keys that end with their maker, in the batch of what ends: switched off, told of and recorded.
import { and, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { keyAudit } from './audit-data.ts'
import { keyData } from './event-data.ts'
import type { Outbox } from './outbox.ts'
import { apiKeys, keyEvents } from './schema/keys.ts'
import { selectRow } from './select-row.ts'

/** The statements, to be run in this order. `ids`: `SELECT id …` of the keys; `condition`: of all of them, before the batch's own change. */
export function keyOffboarding(
  db: DrizzleD1Database,
  outbox: Outbox,
  { ids, condition, nowMs }: { readonly ids: SQL; readonly condition: SQL; readonly nowMs: number },
) {
  const isEnding = and(
    inArray(apiKeys.id, sql`(${ids})`),
    eq(apiKeys.isActive, true),
    isNull(apiKeys.deletedAt),
    condition,
  )
  const when = sql`FROM ${apiKeys} WHERE ${isEnding}`
  const [id, userId] = [sql`${apiKeys.id}`, sql`${apiKeys.userId}`]
  const told = outbox.write({
    type: 'key.deactivated',
    userId,
    resource: id,
    data: keyData(sql`, 'reason', 'offboarded'`),
    when,
    nowMs,
  })
  return {
    event: told.event,
    audit: outbox.record({
      action: 'key.offboarded',
      actor: { kind: 'webhook', userId },
      target: { type: 'key', id },
      before: keyAudit(),
      after: keyAudit({ isActive: sql`0` }),
      when,
      nowMs,
    }),
    trail: db.insert(keyEvents).select(
      sql`SELECT ${selectRow(keyEvents, {
        id: null,
        keyId: id,
        action: 'deactivated',
        actorType: 'webhook',
        actorId: null,
        createdAt: nowMs,
      })} ${when}`,
    ),
    change: db.update(apiKeys).set({ isActive: false }).where(isEnding).returning({ id: apiKeys.id }),
    deliveries: told.deliveries,
  }
}
