// Sending events: each delivery by one sender at a time, of one resource in their order, again and again until it is
// taken or a day has passed.
import { MAX_FAILING_MS, waitAfter } from '../../core/events/retry-schedule.ts'
import { readReceiverUrl, type ReceiverRules } from '../../core/events/receiver-url.ts'
import { signWebhook, type WebhookSecret } from '../../core/events/webhook-signature.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import type { Attempt, ClaimedDelivery, DeliveryEnd, DeliveryQueue, EventReminders, WebhookSender } from './store.ts'

export interface SendingDeps {
  readonly deliveryQueue: DeliveryQueue
  readonly webhookSender: WebhookSender
  /** Undefined without a queue: then nothing is sent. */
  readonly eventReminders: EventReminders | undefined
  readonly receiverRules: ReceiverRules
  readonly nowMs: () => number
  readonly randomBytes: (count: number) => Uint8Array
}

/** Longer than the sender waits for an answer. */
const LEASE_MS = 60_000

/** Events of one resource that one reminder sends; then another one goes on. */
const MAX_IN_ONE_GO = 20

/** Tries that are kept of one delivery: those of a whole schedule. */
const MAX_ATTEMPTS_KEPT = 11

/** Sends a delivery if it is its turn, and those of its resource that waited for it. */
export async function sendDelivery(deps: SendingDeps, deliveryId: string): Promise<void> {
  let next: string | undefined = deliveryId
  for (let sent = 0; next !== undefined && sent < MAX_IN_ONE_GO; sent++) next = await sendOne(deps, next)
  if (next !== undefined) await deps.eventReminders?.send([next], 0)
}

async function sendOne(deps: SendingDeps, deliveryId: string): Promise<string | undefined> {
  const delivery = await deps.deliveryQueue.claim(deliveryId, deps.nowMs(), LEASE_MS)
  if (delivery === undefined) return undefined
  const end = await tryToSend(deps, delivery)
  const next = await deps.deliveryQueue.finish(delivery, end, deps.nowMs())
  if (end.status === 'pending') {
    await deps.eventReminders?.send([delivery.id], Math.ceil((end.nextAttemptAtMs - deps.nowMs()) / 1000))
  }
  return next
}

/** The receiver wants nothing any more (Standard Webhooks, "Deliverability and reliability"). */
const GONE = 410

async function tryToSend(deps: SendingDeps, delivery: ClaimedDelivery): Promise<DeliveryEnd> {
  const { target, event } = delivery
  if (target === undefined) return { status: 'failed', attempts: delivery.attempts, disabledReason: undefined }
  const attempt = await post(deps, { ...target, id: event.id, body: eventBody(event) })
  const attempts = [...delivery.attempts, attempt].slice(-MAX_ATTEMPTS_KEPT)
  if (attempt.error === undefined) return { status: 'delivered', attempts }
  if (attempt.responseStatus === GONE) {
    return { status: 'failed', attempts, disabledReason: 'The endpoint answered 410 Gone' }
  }
  const wait = waitAfter(delivery.failedTries + 1, chance(deps))
  return wait === undefined
    ? { status: 'failed', attempts, disabledReason: undefined }
    : { status: 'pending', attempts, nextAttemptAtMs: deps.nowMs() + wait }
}

/** The words with which an endpoint is switched off that took nothing for too long. */
export const FAILED_TOO_LONG = `The endpoint took nothing for ${MAX_FAILING_MS / 86_400_000} days`

/** `{type, timestamp, data}`: the same bytes at every try. */
export function eventBody(event: {
  readonly type: string
  readonly createdAtMs: number
  readonly data: string
}): string {
  const head = JSON.stringify({ type: event.type, timestamp: formatTimestamp(event.createdAtMs) })
  return `${head.slice(0, -1)},"data":${event.data}}`
}

/** One signed request, never to an address that is not allowed (any more). */
export async function post(
  deps: Pick<SendingDeps, 'webhookSender' | 'receiverRules' | 'nowMs'>,
  message: {
    readonly url: string
    readonly secrets: readonly WebhookSecret[]
    readonly id: string
    readonly body: string
  },
): Promise<Attempt> {
  const atMs = deps.nowMs()
  const receiver = readReceiverUrl(message.url, deps.receiverRules)
  if (!receiver.ok) {
    return { atMs, responseStatus: undefined, durationMs: 0, error: `URL ${receiver.reason}`, bodyExcerpt: '' }
  }
  const timestamp = Math.floor(atMs / 1000)
  const signed = { id: message.id, timestamp, body: message.body }
  return await deps.webhookSender.post({
    url: receiver.url,
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'lynxgate-webhooks/1',
      'webhook-id': message.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': message.secrets.map((secret) => signWebhook(secret, signed)).join(' '),
    },
    body: message.body,
  })
}

/** 0 up to 1. */
function chance({ randomBytes }: Pick<SendingDeps, 'randomBytes'>): number {
  return (randomBytes(1)[0] ?? 0) / 256
}

/** A reminder was lost, or whoever sent it was ended. */
const OVERDUE_AFTER_MS = 60_000
const MAX_REMINDED = 500

/** Reminds of what should have been sent; says of how much. */
export async function remindOfOverdue(
  deps: Pick<SendingDeps, 'deliveryQueue' | 'eventReminders' | 'nowMs'>,
): Promise<number> {
  if (deps.eventReminders === undefined) return 0
  const overdue = await deps.deliveryQueue.overdue(deps.nowMs() - OVERDUE_AFTER_MS, MAX_REMINDED)
  if (overdue.length > 0) await deps.eventReminders.send(overdue, 0)
  return overdue.length
}
