// What Clerk's webhooks mean here: users, organisations and their members appear, change and end. Deliveries come late, twice and in any order, so
// everything done here may be done again, and an end is final.
import { Fault } from '../../core/fault.ts'
import type { UserId } from '../../core/auth/principal.ts'
import type { Defer } from '../defer.ts'
import type { Identity } from './identity.ts'
import { endMembership, endPerson, suspend, takeMembership, type OffboardingDeps } from './offboarding.ts'

export type ClerkEvent =
  | {
      readonly type: 'user_seen'
      readonly clerkUserId: string
      readonly externalId: string | null | undefined
      /** Undefined when it says nothing about that. */
      readonly suspension: Suspension | undefined
      /** Epoch milliseconds, by Clerk's clock; undefined: when it came. */
      readonly saidAtMs: number | undefined
    }
  /** A person or an organisation. */
  | { readonly type: 'owner_deleted'; readonly clerkUserId: string }
  | { readonly type: 'organization_seen'; readonly clerkOrganizationId: string; readonly name: string }
  | {
      readonly type: 'membership_seen' | 'membership_ended'
      readonly clerkOrganizationId: string
      readonly clerkUserId: string
      readonly role: string
      readonly saidAtMs: number | undefined
    }
  /** Some other event, which this service does not care about. */
  | { readonly type: 'other' }

export interface Suspension {
  readonly isBanned: boolean
  /** How long no password is taken any more; Infinity: until it is lifted; undefined: it is. */
  readonly lockedSeconds: number | undefined
}

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

export interface ClerkEventDeps extends OffboardingDeps {
  readonly webhookSignature: WebhookSignature
  readonly deliveries: ClerkDeliveries
  readonly userDeletion: UserDeletion
  readonly identity: Pick<Identity, 'adopt' | 'find' | 'rename'>
  readonly newId: () => string
}

/** Clerk's sender gives up after about 28 hours; an operator may resend a message for longer. */
const RETENTION_MS = 30 * 24 * 3_600_000
/** As far as a signature may be ahead. */
const MAX_AHEAD_MS = 300_000

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
  await apply(deps, event, nowMs, defer)
  // Recorded last: a delivery that failed half way is sent again, and each step may be repeated.
  await deps.deliveries.record(delivery.id, nowMs, nowMs - RETENTION_MS)
}

async function apply(
  deps: ClerkEventDeps,
  event: Exclude<ClerkEvent, { type: 'other' }>,
  nowMs: number,
  defer: Defer,
): Promise<void> {
  switch (event.type) {
    case 'user_seen': {
      await deps.identity.adopt(event, defer)
      if (event.suspension === undefined) return
      const memberId = await deps.identity.find(event.clerkUserId, defer)
      if (memberId === undefined) return
      const saidAtMs = wordTime(event.saidAtMs, nowMs)
      const untilMs = suspendedUntil(event.suspension, saidAtMs)
      await suspend(deps, memberId, { untilMs, isBanned: event.suspension.isBanned, saidAtMs })
      return
    }
    case 'owner_deleted': {
      const { clerkUserId } = event
      const userId = await deps.userDeletion.deleteUser({ clerkUserId, proposedId: deps.newId(), nowMs })
      deps.revocations.revokeAt(userId, nowMs)
      await endPerson(deps, userId)
      return
    }
    case 'organization_seen':
      await deps.identity.rename(event.clerkOrganizationId, event.name, defer)
      return
    case 'membership_seen':
    case 'membership_ended': {
      const workspaceId = await deps.identity.find(event.clerkOrganizationId, defer)
      const memberId = await deps.identity.find(event.clerkUserId, defer)
      // One of them is gone, and with it the membership.
      if (workspaceId === undefined || memberId === undefined) return
      const word = { workspaceId, memberId, role: event.role, saidAtMs: wordTime(event.saidAtMs, nowMs) }
      await (event.type === 'membership_seen' ? takeMembership(deps, word) : endMembership(deps, word))
    }
  }
}

/** By Clerk's clock, with which it is compared; one far ahead would outdo every later word. */
function wordTime(saidAtMs: number | undefined, nowMs: number): number {
  return Math.min(saidAtMs ?? nowMs, nowMs + MAX_AHEAD_MS)
}

function suspendedUntil({ isBanned, lockedSeconds }: Suspension, saidAtMs: number): number {
  if (isBanned) return Number.MAX_SAFE_INTEGER
  if (lockedSeconds === undefined) return 0
  return Math.min(saidAtMs + lockedSeconds * 1000, Number.MAX_SAFE_INTEGER)
}
