// Deliveries in D1, for whoever sends them. One statement decides who sends what next.
import { and, eq, isNotNull, lte, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { MAX_FAILING_MS } from '../../core/events/retry-schedule.ts'
import { isRecord, parseJson } from '../../core/json.ts'
import { FAILED_TOO_LONG } from '../../domain/events/sending.ts'
import type { Attempt, ClaimedDelivery, DeliveryEnd, DeliveryQueue } from '../../domain/events/store.ts'
import { query } from './query.ts'
import { eventDeliveries, events, webhookEndpoints } from './schema/events.ts'
import { endPending, secretsOf } from './webhook-endpoints.ts'

/** Reminders come by the second. */
const EARLY_MS = 1000

/** Written out: SQLite takes a partial index only for what it can read. */
const IS_PENDING = sql`${eventDeliveries.status} = 'pending'`

export function d1DeliveryQueue(db: DrizzleD1Database): DeliveryQueue {
  return {
    async claim(id, nowMs, leaseMs) {
      const [[claimed], [row]] = await query(() =>
        db.batch([
          db
            .update(eventDeliveries)
            .set({ leasedUntil: nowMs + leaseMs })
            .where(
              and(
                eq(eventDeliveries.id, id),
                eq(eventDeliveries.status, 'pending'),
                lte(eventDeliveries.nextAttemptAt, nowMs + EARLY_MS),
                lte(eventDeliveries.leasedUntil, nowMs),
                isFirst(),
              ),
            )
            .returning({ id: eventDeliveries.id }),
          db
            .select({
              endpointId: eventDeliveries.endpointId,
              attempts: eventDeliveries.attempts,
              failedTries: eventDeliveries.failedTries,
              eventId: events.id,
              type: events.type,
              data: events.data,
              happenedAt: events.createdAt,
              url: webhookEndpoints.url,
              isActive: webhookEndpoints.isActive,
              secret: webhookEndpoints.secret,
              previousSecret: webhookEndpoints.previousSecret,
              previousSecretUntil: webhookEndpoints.previousSecretUntil,
            })
            .from(eventDeliveries)
            .innerJoin(events, eq(events.id, eventDeliveries.eventId))
            .leftJoin(webhookEndpoints, eq(webhookEndpoints.id, eventDeliveries.endpointId))
            .where(eq(eventDeliveries.id, id)),
        ]),
      )
      if (claimed === undefined || row === undefined) return undefined
      const { url, secret, previousSecret, previousSecretUntil } = row
      return {
        id,
        endpointId: row.endpointId,
        failedTries: row.failedTries,
        attempts: readAttempts(row.attempts),
        event: { id: row.eventId, type: row.type, data: row.data, createdAtMs: row.happenedAt },
        target:
          url === null || secret === null || row.isActive !== true
            ? undefined
            : { url, secrets: secretsOf({ secret, previousSecret, previousSecretUntil }, nowMs) },
      }
    },

    async finish(delivery, end, nowMs) {
      const isFailed = end.status !== 'delivered'
      const [, , , next] = await query(() =>
        db.batch([
          db
            .update(eventDeliveries)
            .set({
              status: end.status,
              attempts: writeAttempts(end.attempts),
              nextAttemptAt: end.status === 'pending' ? end.nextAttemptAtMs : null,
              leasedUntil: 0,
              ...(isFailed && { failedTries: sql`${eventDeliveries.failedTries} + 1` }),
            })
            .where(and(eq(eventDeliveries.id, delivery.id), eq(eventDeliveries.status, 'pending'))),
          isFailed
            ? noteFailure(delivery, end, nowMs)
            : db
                .update(webhookEndpoints)
                .set({ failingSince: null })
                .where(and(eq(webhookEndpoints.id, delivery.endpointId), isNotNull(webhookEndpoints.failingSince))),
          endPending(db, delivery.endpointId),
          db
            .select({ id: eventDeliveries.id })
            .from(eventDeliveries)
            .where(
              and(
                eq(eventDeliveries.endpointId, delivery.endpointId),
                eq(
                  eventDeliveries.resource,
                  sql`(SELECT resource FROM ${eventDeliveries} AS sent WHERE sent.id = ${delivery.id})`,
                ),
                IS_PENDING,
              ),
            )
            .orderBy(eventDeliveries.sequence)
            .limit(1),
        ]),
      )
      const [first] = next
      return end.status === 'pending' || first?.id === delivery.id ? undefined : first?.id
    },

    async overdue(beforeMs, limit) {
      const rows = await query(() =>
        db
          .select({ id: eventDeliveries.id })
          .from(eventDeliveries)
          .where(
            and(
              IS_PENDING,
              lte(eventDeliveries.nextAttemptAt, beforeMs),
              lte(eventDeliveries.leasedUntil, beforeMs),
              isFirst(),
            ),
          )
          .orderBy(eventDeliveries.nextAttemptAt)
          .limit(limit),
      )
      return rows.map(({ id }) => id)
    },
  }

  /** Since when the endpoint fails; and whether that is too long, or it said itself that it wants no more. */
  function noteFailure(delivery: ClaimedDelivery, end: DeliveryEnd, nowMs: number) {
    const { failingSince, disabledReason } = webhookEndpoints
    const reason = end.status === 'failed' ? end.disabledReason : undefined
    const isTooLong = sql`coalesce(${failingSince}, ${nowMs}) <= ${nowMs - MAX_FAILING_MS}`
    const change =
      reason === undefined
        ? {
            isActive: sql`NOT (${isTooLong})`,
            disabledReason: sql`CASE WHEN ${isTooLong} THEN ${FAILED_TOO_LONG} ELSE ${disabledReason} END`,
          }
        : { isActive: false, disabledReason: reason }
    return db
      .update(webhookEndpoints)
      .set({ failingSince: sql`coalesce(${failingSince}, ${nowMs})`, ...change })
      .where(and(eq(webhookEndpoints.id, delivery.endpointId), eq(webhookEndpoints.isActive, true)))
  }
}

/** No earlier event of the same resource is still to be sent to the same endpoint. */
function isFirst(): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM ${eventDeliveries} AS earlier
    WHERE earlier.endpoint_id = ${eventDeliveries.endpointId} AND earlier.resource = ${eventDeliveries.resource}
      AND earlier.status = 'pending' AND earlier.sequence < ${eventDeliveries.sequence})`
}

function writeAttempts(attempts: readonly Attempt[]): string {
  return JSON.stringify(attempts)
}

/** As they were written; what is not of their form, of another version perhaps, is left out. */
export function readAttempts(text: string): readonly Attempt[] {
  const list = parseJson(text)
  if (!Array.isArray(list)) return []
  return list.filter(isRecord).map((entry) => ({
    atMs: Number(entry['atMs']),
    durationMs: Number(entry['durationMs']),
    responseStatus: typeof entry['responseStatus'] === 'number' ? entry['responseStatus'] : undefined,
    error: typeof entry['error'] === 'string' ? entry['error'] : undefined,
    bodyExcerpt: typeof entry['bodyExcerpt'] === 'string' ? entry['bodyExcerpt'] : '',
  }))
}
