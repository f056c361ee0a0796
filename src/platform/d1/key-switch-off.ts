// Keys that Clerk or a scanner has switched off: told of, recorded and kept in their trail, in one batch with what did it.
import { sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { keyAudit } from './audit-data.ts'
import { keyData } from './event-data.ts'
import type { Outbox } from './outbox.ts'
import { apiKeys, keyEvents } from './schema/keys.ts'
import { selectRow } from './select-row.ts'

export interface SwitchOff {
  /** Of `api_keys`, before the batch's own change. */
  readonly which: SQL | undefined
  readonly action: 'key.offboarded' | 'key.leaked'
  /** What the event says beside the key: `, 'name', value …`. */
  readonly said: SQL
  readonly nowMs: number
}

/** The statements, to be run in this order. */
export function switchOff(db: DrizzleD1Database, outbox: Outbox, { which, action, said, nowMs }: SwitchOff) {
  const when = sql`FROM ${apiKeys} WHERE ${which}`
  const [id, userId] = [sql`${apiKeys.id}`, sql`${apiKeys.userId}`]
  const told = outbox.write({
    type: 'key.deactivated',
    userId,
    resource: id,
    data: keyData(said),
    when,
    nowMs,
  })
  return {
    event: told.event,
    audit: outbox.record({
      action,
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
    change: db.update(apiKeys).set({ isActive: false }).where(which).returning({ id: apiKeys.id }),
    deliveries: told.deliveries,
  }
}
