// Events, endpoints and deliveries as the service knows them, and what it needs from their stores. A secret is in no
// type that can be shown.
import type { Principal, UserId } from '../../core/auth/principal.ts'
import type { Subscription } from '../../core/events/event-type.ts'
import type { WebhookSecret } from '../../core/events/webhook-signature.ts'

export interface WebhookEndpoint {
  readonly id: string
  readonly userId: UserId
  readonly url: string
  readonly description: string
  readonly events: Subscription
  readonly isActive: boolean
  /** Why the service switched it off. */
  readonly disabledReason: string | undefined
  /** Epoch milliseconds; undefined: the last try was taken. */
  readonly failingSinceMs: number | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export interface EndpointChange {
  readonly url: string | undefined
  readonly description: string | undefined
  readonly events: Subscription | undefined
  readonly isActive: boolean | undefined
}

export interface NewEndpoint extends Pick<WebhookEndpoint, 'id' | 'userId' | 'url' | 'description' | 'events'> {
  readonly secret: WebhookSecret
  readonly createdAtMs: number
}

/** A new secret, and until when the one before signs too. */
export interface SecretRotation {
  readonly secret: WebhookSecret
  readonly graceEndsMs: number
  readonly nowMs: number
}

/** Every change is one round trip, in which one statement decides. */
export interface EndpointStore {
  /** Undefined: the user has as many as may be. */
  create(actor: Principal, endpoint: NewEndpoint, maxEndpoints: number): Promise<WebhookEndpoint | undefined>
  /** Newest first. */
  list(userId: UserId): Promise<readonly WebhookEndpoint[]>
  find(id: string): Promise<WebhookEndpoint | undefined>
  /** Undefined: the user has none of this id. What is pending goes nowhere once it is switched off. */
  change(actor: Principal, id: string, change: EndpointChange, nowMs: number): Promise<WebhookEndpoint | undefined>
  rotate(actor: Principal, id: string, rotation: SecretRotation): Promise<WebhookEndpoint | undefined>
  remove(actor: Principal, id: string, nowMs: number): Promise<boolean>
}

export interface SecretStore {
  /** Those that sign what goes to an endpoint now, the newest first; empty: there is no such endpoint. */
  ofEndpoint(id: string, nowMs: number): Promise<readonly WebhookSecret[]>
  /** The user's default secret; the one given is kept when there was none. */
  defaultOf(userId: UserId, fresh: WebhookSecret): Promise<WebhookSecret>
  rotateDefault(userId: UserId, rotation: SecretRotation): Promise<void>
}

/** One try to deliver an event. */
export interface Attempt {
  readonly atMs: number
  /** Undefined: there was no answer. */
  readonly responseStatus: number | undefined
  readonly durationMs: number
  /** Why it does not count as delivered; undefined: it does. */
  readonly error: string | undefined
  /** The beginning of the answer's body as text. */
  readonly bodyExcerpt: string
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed'

export interface Delivery {
  readonly id: string
  readonly sequence: number
  readonly eventId: string
  readonly type: string
  readonly status: DeliveryStatus
  readonly attempts: readonly Attempt[]
  readonly nextAttemptAtMs: number | undefined
  readonly createdAtMs: number
}

/** What an owner sees of deliveries. */
export interface DeliveryLog {
  /** Newest first, strictly older than `before`. */
  list(
    endpointId: string,
    page: {
      readonly status: DeliveryStatus | undefined
      readonly before: number | undefined
      readonly limit: number
    },
  ): Promise<readonly Delivery[]>
  /** Pending again with all tries before it; `off`: its endpoint is switched off or gone. */
  redeliver(userId: UserId, id: string, nowMs: number): Promise<'pending' | 'missing' | 'foreign' | 'off'>
}

export interface StoredEvent {
  readonly id: string
  readonly sequence: number
  readonly type: string
  readonly createdAtMs: number
  /** JSON. */
  readonly data: string
}

export interface EventLog {
  /** Newest first. `before`: a sequence. */
  list(
    userId: UserId,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<readonly StoredEvent[]>
  /** Oldest first, strictly after a sequence. */
  since(userId: UserId, after: number, limit: number): Promise<readonly StoredEvent[]>
  /** Removes what is older, events and deliveries, as much as one call may; says how much. */
  forget(beforeMs: number): Promise<number>
}

/** A delivery that is ours alone to send until the lease is over. */
export interface ClaimedDelivery {
  readonly id: string
  readonly event: Omit<StoredEvent, 'sequence'>
  readonly endpointId: string
  /** Undefined: the endpoint is switched off or gone. */
  readonly target: { readonly url: string; readonly secrets: readonly WebhookSecret[] } | undefined
  readonly failedTries: number
  readonly attempts: readonly Attempt[]
}

export type DeliveryEnd =
  | { readonly status: 'delivered'; readonly attempts: readonly Attempt[] }
  /** Sent again at that time. */
  | { readonly status: 'pending'; readonly attempts: readonly Attempt[]; readonly nextAttemptAtMs: number }
  | {
      readonly status: 'failed'
      readonly attempts: readonly Attempt[]
      /** Why nothing is sent to the endpoint any more. */
      readonly disabledReason: string | undefined
    }

export interface DeliveryQueue {
  /** Undefined: not pending, not due, being sent, or behind an earlier one of its resource. */
  claim(id: string, nowMs: number, leaseMs: number): Promise<ClaimedDelivery | undefined>
  /** Keeps what became of it; the next one of its resource, if there is one and it may go. */
  finish(delivery: ClaimedDelivery, end: DeliveryEnd, nowMs: number): Promise<string | undefined>
  /** Some that could be sent and have not been. */
  overdue(beforeMs: number, limit: number): Promise<readonly string[]>
}

/** Tells the sender that there is something to send. Losing one does no harm: what is overdue is looked for. */
export interface EventReminders {
  /** Never throws. */
  send(deliveryIds: readonly string[], delaySeconds: number): Promise<void>
}

export interface WebhookSender {
  /** One POST: ten seconds, no redirects, 1 KB of the answer. Never throws. */
  post(request: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }): Promise<Attempt>
}
