// Events and deliveries in D1, for their owner, and their end.
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { DeliveryLog, EventLog, StoredEvent } from '../../domain/events/store.ts'
import { readAttempts } from './event-deliveries.ts'
import { query } from './query.ts'
import { eventDeliveries, events, webhookEndpoints } from './schema/events.ts'

export function d1DeliveryLog(db: DrizzleD1Database): DeliveryLog {
  return {
    async list(endpointId, { status, before, limit }) {
      const rows = await query(() =>
        db
          .select({
            id: eventDeliveries.id,
            sequence: eventDeliveries.sequence,
            eventId: eventDeliveries.eventId,
            type: events.type,
            status: eventDeliveries.status,
            attempts: eventDeliveries.attempts,
            nextAttemptAt: eventDeliveries.nextAttemptAt,
            createdAt: eventDeliveries.createdAt,
          })
          .from(eventDeliveries)
          .innerJoin(events, eq(events.id, eventDeliveries.eventId))
          .where(
            and(
              eq(eventDeliveries.endpointId, endpointId),
              status && eq(eventDeliveries.status, status),
              before === undefined ? undefined : lt(eventDeliveries.sequence, before),
            ),
          )
          .orderBy(desc(eventDeliveries.sequence))
          .limit(limit),
      )
      return rows.map(({ attempts, nextAttemptAt, createdAt, ...row }) => ({
        ...row,
        attempts: readAttempts(attempts),
        nextAttemptAtMs: nextAttemptAt ?? undefined,
        createdAtMs: createdAt,
      }))
    },

    async redeliver(userId, id, nowMs) {
      const isOn = sql`EXISTS (SELECT 1 FROM ${webhookEndpoints}
        WHERE id = ${eventDeliveries.endpointId} AND user_id = ${userId} AND is_active = 1)`
      const [rows, [known]] = await query(() =>
        db.batch([
          db
            .update(eventDeliveries)
            .set({ status: 'pending', failedTries: 0, nextAttemptAt: nowMs })
            .where(and(eq(eventDeliveries.id, id), isOn))
            .returning({ id: eventDeliveries.id }),
          db
            .select({ userId: events.userId })
            .from(eventDeliveries)
            .innerJoin(events, eq(events.id, eventDeliveries.eventId))
            .where(eq(eventDeliveries.id, id)),
        ]),
      )
      if (rows.length > 0) return 'pending'
      if (known === undefined) return 'missing'
      return known.userId === userId ? 'off' : 'foreign'
    },
  }
}

/** Rows that one call removes of each table. */
const MAX_FORGOTTEN = 1000

export function d1EventLog(db: DrizzleD1Database): EventLog {
  const { sequence, id, type, data, createdAt } = events
  const select = () => db.select({ sequence, id, type, data, createdAt }).from(events)
  return {
    async list(userId, { before, limit }) {
      const isOlder = before === undefined ? undefined : lt(sequence, before)
      const rows = await query(() =>
        select()
          .where(and(eq(events.userId, userId), isOlder))
          .orderBy(desc(sequence))
          .limit(limit),
      )
      return rows.map(toEvent)
    },
    async since(userId, after, limit) {
      const rows = await query(() =>
        select()
          .where(and(eq(events.userId, userId), gt(sequence, after)))
          .orderBy(asc(sequence))
          .limit(limit),
      )
      return rows.map(toEvent)
    },
    async forget(beforeMs) {
      const old = (table: typeof events | typeof eventDeliveries) =>
        sql`${table.sequence} IN (SELECT ${table.sequence} FROM ${table} WHERE ${table.createdAt} < ${beforeMs}
          ORDER BY ${table.createdAt} LIMIT ${MAX_FORGOTTEN})`
      // Deliveries first: one without its event could not be sent.
      const [deliveries, happened] = await query(() =>
        db.batch([
          db.delete(eventDeliveries).where(old(eventDeliveries)).returning({ sequence: eventDeliveries.sequence }),
          db
            .delete(events)
            .where(
              and(
                old(events),
                sql`NOT EXISTS (SELECT 1 FROM ${eventDeliveries} WHERE ${lt(eventDeliveries.createdAt, beforeMs)})`,
              ),
            )
            .returning({ sequence }),
        ]),
      )
      return deliveries.length + happened.length
    },
  }
}

function toEvent({
  createdAt,
  ...row
}: Omit<StoredEvent, 'createdAtMs'> & { readonly createdAt: number }): StoredEvent {
  return { ...row, createdAtMs: createdAt }
}
