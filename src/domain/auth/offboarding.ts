// What ends when Clerk lets a person in no more: their sessions at once, and the keys that they made.
import type { UserId } from '../../core/auth/principal.ts'
import type { KeyAuthentication } from './key-authentication.ts'
import { suspensionRevocation } from './identity.ts'
import { membershipRevocation, type Member, type MembershipStore } from './memberships.ts'
import type { Revocations } from './revocations.ts'

/** Each is one transaction, and says which keys it switched off. Of a word that is older than what is known, nothing is done. */
export interface Offboarding {
  endMembership(
    member: Member,
    word: { readonly role: string; readonly saidAtMs: number; readonly nowMs: number },
  ): Promise<readonly string[]>
  /** In every organisation. */
  endPerson(memberId: UserId, nowMs: number): Promise<readonly string[]>
  /** `untilMs` 0: is let in again. Keys end with a ban only. */
  suspend(
    memberId: UserId,
    word: { readonly untilMs: number; readonly isBanned: boolean; readonly saidAtMs: number; readonly nowMs: number },
  ): Promise<readonly string[]>
}

export interface OffboardingDeps {
  readonly offboarding: Offboarding
  readonly members: MembershipStore
  readonly revocations: Revocations
  readonly apiKeys: Pick<KeyAuthentication, 'forgetMadeBy'>
  readonly nowMs: () => number
}

export interface MembershipWord extends Member {
  readonly role: string
  readonly saidAtMs: number
}

/** Made a member, or given another role. */
export async function takeMembership(
  deps: OffboardingDeps,
  { role, saidAtMs, ...member }: MembershipWord,
): Promise<void> {
  const nowMs = deps.nowMs()
  await deps.members.save(member, { role, saidAtMs, source: 'webhook', nowMs })
  deps.revocations.revokeAt(membershipRevocation(member), nowMs)
  deps.apiKeys.forgetMadeBy(member.memberId)
}

export async function endMembership(
  deps: OffboardingDeps,
  { role, saidAtMs, ...member }: MembershipWord,
): Promise<void> {
  const nowMs = deps.nowMs()
  const keyIds = await deps.offboarding.endMembership(member, { role, saidAtMs, nowMs })
  deps.revocations.revokeAt(membershipRevocation(member), nowMs)
  endKeys(deps, keyIds, nowMs)
}

/** Who was deleted is no member any more, of whatever. */
export async function endPerson(deps: OffboardingDeps, memberId: UserId): Promise<void> {
  const nowMs = deps.nowMs()
  endKeys(deps, await deps.offboarding.endPerson(memberId, nowMs), nowMs)
}

export async function suspend(
  deps: OffboardingDeps,
  memberId: UserId,
  word: { readonly untilMs: number; readonly isBanned: boolean; readonly saidAtMs: number },
): Promise<void> {
  const nowMs = deps.nowMs()
  const keyIds = await deps.offboarding.suspend(memberId, { ...word, nowMs })
  deps.revocations.revokeAt(suspensionRevocation(memberId), nowMs)
  endKeys(deps, keyIds, nowMs)
}

function endKeys({ revocations }: OffboardingDeps, keyIds: readonly string[], nowMs: number): void {
  for (const id of keyIds) revocations.revokeAt(id, nowMs)
}
