// What was sent where, for the owner of it; sending it again; and everything that happened, in its order.
import type { Principal } from '../../core/auth/principal.ts'
import { decodeSequenceCursor, encodeSequenceCursor } from '../../core/cursor.ts'
import { Fault } from '../../core/fault.ts'
import { findEndpoint, requireSending, type EndpointDeps } from './endpoints.ts'
import type { Delivery, DeliveryLog, DeliveryStatus, EventLog, EventReminders, StoredEvent } from './store.ts'

export interface DeliveryDeps extends Pick<EndpointDeps, 'endpointStore'> {
  readonly deliveryLog: DeliveryLog
  readonly eventLog: EventLog
  readonly eventReminders: EventReminders | undefined
  readonly nowMs: () => number
}

/** One page of an own endpoint's deliveries, newest first. */
export async function listDeliveries(
  deps: Pick<DeliveryDeps, 'endpointStore' | 'deliveryLog' | 'eventReminders'>,
  principal: Principal,
  input: {
    readonly endpointId: string
    readonly status: DeliveryStatus | undefined
    readonly cursor: string | undefined
    readonly limit: number
  },
): Promise<{ readonly deliveries: readonly Delivery[]; readonly cursor: string | undefined }> {
  const endpoint = await findEndpoint(deps, principal, input.endpointId)
  const { status, limit } = input
  // One more than asked for tells whether there is a next page.
  const rows = await deps.deliveryLog.list(endpoint.id, { status, before: readPlace(input.cursor), limit: limit + 1 })
  const deliveries = rows.slice(0, limit)
  return { deliveries, cursor: rows.length > limit ? placeOf(deliveries) : undefined }
}

const DELIVERY_ID = /^[0-9a-f]{32}$/

/** Sends an event again, under the same id and with all tries before it. */
export async function redeliver(
  deps: Pick<DeliveryDeps, 'deliveryLog' | 'eventReminders' | 'nowMs'>,
  principal: Principal,
  id: string,
): Promise<void> {
  requireSending(deps)
  const outcome = DELIVERY_ID.test(id)
    ? await deps.deliveryLog.redeliver(principal.userId, id, deps.nowMs())
    : 'missing'
  if (outcome === 'missing') throw new Fault('not_found', 'Delivery not found')
  if (outcome === 'foreign') throw new Fault('forbidden', 'Delivery does not belong to this user')
  if (outcome === 'off') throw new Fault('conflict', 'Webhook endpoint is switched off or deleted')
  await deps.eventReminders?.send([id], 0)
}

/** What happened, newest first; after a place that is known: what came since, in its order. */
export async function listEvents(
  deps: Pick<DeliveryDeps, 'eventLog'>,
  principal: Principal,
  input: { readonly cursor: string | undefined; readonly after: string | undefined; readonly limit: number },
): Promise<{
  readonly events: readonly StoredEvent[]
  readonly cursor: string | undefined
  /** After everything in this answer. */
  readonly place: string
}> {
  const { limit } = input
  if (input.after !== undefined) {
    if (input.cursor !== undefined) throw new Fault('validation_error', 'cursor: does not go with after')
    const after = decodeSequenceCursor(input.after)
    if (after === undefined) throw new Fault('validation_error', 'after: is not a place of this list')
    const events = await deps.eventLog.since(principal.userId, after, limit)
    return { events, cursor: undefined, place: placeOf(events) ?? input.after }
  }
  const rows = await deps.eventLog.list(principal.userId, { before: readPlace(input.cursor), limit: limit + 1 })
  const events = rows.slice(0, limit)
  const place = encodeSequenceCursor(events[0]?.sequence ?? 0)
  return { events, cursor: rows.length > limit ? placeOf(events) : undefined, place }
}

function readPlace(cursor: string | undefined): number | undefined {
  const before = cursor === undefined ? undefined : decodeSequenceCursor(cursor)
  if (cursor !== undefined && before === undefined) {
    throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  }
  return before
}

function placeOf(rows: readonly { readonly sequence: number }[]): string | undefined {
  const last = rows.at(-1)
  return last && encodeSequenceCursor(last.sequence)
}

/** How long events and deliveries are kept. */
const KEPT_MS = 30 * 86_400_000
const MAX_ROUNDS = 20

/** Removes what is older; what is left is met by the next run. */
export async function forgetOldEvents(deps: Pick<DeliveryDeps, 'eventLog' | 'nowMs'>): Promise<number> {
  let total = 0
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const count = await deps.eventLog.forget(deps.nowMs() - KEPT_MS)
    total += count
    if (count === 0) break
  }
  return total
}
