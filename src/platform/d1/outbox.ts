// Events and audit entries in D1, written in the batch of the change they tell of: either both are there or neither is.
import { sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { formatEventId } from '../../core/events/event-id.ts'
import type { EventType } from '../../core/events/event-type.ts'
import type { EventReminders } from '../../domain/events/store.ts'
import { auditStatement, type NewAuditEntry } from './audit.ts'
import { eventDeliveries, events, webhookEndpoints } from './schema/events.ts'
import { selectRow } from './select-row.ts'

export interface NewEvent {
  readonly type: EventType
  readonly userId: string | SQL
  /** What it happens to, such as a job id. */
  readonly resource: string | SQL
  /** `json_object(…)`. */
  readonly data: SQL
  /** `FROM … WHERE …` that finds a row for each thing that the batch changes, and none if it changes nothing. */
  readonly when: SQL
  readonly nowMs: number
  /** An endpoint that gets it whatever it wants otherwise. */
  readonly alsoTo?: string
}

export type Outbox = ReturnType<typeof d1Outbox>

/** `reminders`: undefined where there is no queue: events are kept for their owner's list then. */
export function d1Outbox(db: DrizzleD1Database, reminders: EventReminders | undefined, newId: () => string) {
  return {
    /** An event a row, and a delivery to each endpoint that wants it: `event` at its place in the batch, `deliveries` after it. */
    write({ type, userId, resource, data, when, nowMs, alsoTo }: NewEvent) {
      const id = formatEventId(newId())
      const rowId = sql`${id} || lower(hex(randomblob(4)))`
      return {
        event: db
          .insert(events)
          .select(
            sql`SELECT ${selectRow(events, { sequence: null, id: rowId, userId, type, resource, data, createdAt: nowMs })} ${when}`,
          ),
        deliveries: db
          .insert(eventDeliveries)
          .select(
            sql`SELECT ${selectRow(eventDeliveries, {
              sequence: null,
              id: sql`lower(hex(randomblob(16)))`,
              eventId: sql`${events.id}`,
              endpointId: sql`${webhookEndpoints.id}`,
              resource: sql`${events.resource}`,
              status: 'pending',
              attempts: '[]',
              failedTries: 0,
              nextAttemptAt: sql`${events.createdAt}`,
              leasedUntil: 0,
              createdAt: sql`${events.createdAt}`,
            })} FROM ${events} JOIN ${webhookEndpoints} ON ${webhookEndpoints.userId} = ${events.userId}
              WHERE ${events.id} >= ${id} AND ${events.id} < ${`${id}g`} AND ${webhookEndpoints.isActive} = 1 AND (${webhookEndpoints.events} = '*'
                OR instr(' ' || ${webhookEndpoints.events} || ' ', ' ' || ${events.type} || ' ') > 0
                OR ${webhookEndpoints.id} = ${alsoTo ?? null})`,
          )
          .returning({ id: eventDeliveries.id }),
      }
    },
    /** An audit entry a row, at its place in the batch: before the change, or after it where the change makes the row. */
    record: (entry: NewAuditEntry) => auditStatement(db, newId, entry),
    /** After the batch: has its deliveries sent. */
    async wake(deliveries: readonly { readonly id: string }[]): Promise<void> {
      const ids = deliveries.map(({ id }) => id)
      if (ids.length > 0) await reminders?.send(ids, 0)
    },
  }
}
