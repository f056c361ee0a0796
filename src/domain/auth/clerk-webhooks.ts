// What Clerk's webhooks mean here: users appear, change and end. Deliveries come late, twice and in any order, so
// everything done here may be done again, and an end is final.
import { Fault } from '../../core/fault.ts'
import type { UserId } from '../../core/auth/principal.ts'
import type { Defer } from '../defer.ts'
import type { Identity } from './identity.ts'
import type { Revocations } from './revocations.ts'

export type ClerkEvent =
  | { readonly type: 'user_seen'; readonly clerkUserId: string; readonly externalId: string | null | undefined }
  | { readonly type: 'user_deleted'; readonly clerkUserId: string }
  /** Some other event, which this service does not care about. */
  | { readonly type: 'other' }

export interface SignedDelivery {
  readonly id: string
  /** Epoch seconds, as the header has them. */
  readonly timestamp: string
  readonly signature: string
  /** Exactly as it came. */
  readonly body: string
}

export interface WebhookSignature {
  /** False too when it was signed more than five minutes from now. */
  isGenuine(delivery: SignedDelivery): boolean
}

export interface ClerkDeliveries {
  isKnown(deliveryId: string): Promise<boolean>
  /** Also forgets those received before `forgetBeforeMs`. */
  record(deliveryId: string, nowMs: number, forgetBeforeMs: number): Promise<void>
}

export interface UserDeletion {
  /**
   * Marks the user deleted and revokes all their keys, in one transaction; records a deleted user even where there
   * was no user, so that a late event cannot revive one. Returns the user's id.
   */
  deleteUser(user: { clerkUserId: string; proposedId: string; nowMs: number }): Promise<UserId>
}

export interface ClerkEventDeps {
  readonly webhookSignature: WebhookSignature
  readonly deliveries: ClerkDeliveries
  readonly userDeletion: UserDeletion
  readonly identity: Pick<Identity, 'adopt'>
  readonly revocations: Revocations
  readonly nowMs: () => number
  readonly newId: () => string
}

/** Clerk's sender gives up after about 28 hours; an operator may resend a message for longer. */
const RETENTION_MS = 30 * 24 * 3_600_000

/**
 * Applies a delivery once; a repeated one changes nothing. 400 when Clerk did not sign it, and then its body is not
 * read: `readEvent` is called for a genuine one only.
 */
export async function receiveDelivery(
  deps: ClerkEventDeps,
  delivery: SignedDelivery,
  readEvent: (body: string) => ClerkEvent,
  defer: Defer,
): Promise<void> {
  if (!deps.webhookSignature.isGenuine(delivery)) throw new Fault('bad_request', 'Invalid webhook signature')
  const event = readEvent(delivery.body)
  if (event.type === 'other' || (await deps.deliveries.isKnown(delivery.id))) return
  const nowMs = deps.nowMs()
  if (event.type === 'user_seen') {
    await deps.identity.adopt(event, defer)
  } else {
    const userId = await deps.userDeletion.deleteUser({
      clerkUserId: event.clerkUserId,
      proposedId: deps.newId(),
      nowMs,
    })
    deps.revocations.revokeAt(userId, nowMs)
  }
  // Recorded last: a delivery that failed half way is sent again, and each step may be repeated.
  await deps.deliveries.record(delivery.id, nowMs, nowMs - RETENTION_MS)
}
