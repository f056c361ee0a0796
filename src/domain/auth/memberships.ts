// Whether a person may act in an organisation, and as what. Clerk says so twice: in a session's claims and by webhook,
// each with its time. What is later counts, so that a session from before the end of a membership opens nothing.
import { createBoundedMap } from '../../core/bounded-map.ts'
import type { UserId } from '../../core/auth/principal.ts'
import type { Moment, Revocations } from './revocations.ts'

export interface Member {
  readonly workspaceId: UserId
  readonly memberId: UserId
}

export interface Membership {
  readonly role: string
  readonly hasEnded: boolean
  /** Of the word that it rests on, by Clerk's clock: epoch milliseconds. */
  readonly saidAtMs: number
}

export interface MembershipStore {
  find(member: Member): Promise<Membership | undefined>
  /** Clerk's word that the person has this role; what then counts, which is a later word if there is one. */
  save(
    member: Member,
    word: { readonly role: string; readonly saidAtMs: number; readonly source: 'webhook' | 'system'; nowMs: number },
  ): Promise<Membership>
}

export interface MembershipDeps {
  readonly members: MembershipStore
  readonly revocations: Revocations
  readonly nowMs: () => number
}

export interface AdmittedMember {
  readonly role: string
  readonly validUntilMs: number
}

export interface Memberships {
  /** Undefined when the membership ended after the session was issued. No I/O while it is known. */
  admit(
    member: Member,
    claim: { readonly role: string; readonly issuedAtMs: number },
  ): Promise<AdmittedMember | undefined>
}

const MAX_CACHED = 10_000

/** What is revoked when a membership changes: whatever was derived from it is to be asked again. */
export function membershipRevocation({ workspaceId, memberId }: Member): string {
  return `${workspaceId} ${memberId}`
}

/** `cacheMs` bounds how long a change elsewhere may go unnoticed here. */
export function memberships(deps: MembershipDeps, cacheMs: number): Memberships {
  const cache = createBoundedMap<string, Membership & { validUntilMs: number; readSince: Moment }>(MAX_CACHED)

  async function look(
    member: Member,
    { role, issuedAtMs }: { readonly role: string; readonly issuedAtMs: number },
    nowMs: number,
  ): Promise<Membership> {
    const known = await deps.members.find(member)
    if (known !== undefined && (issuedAtMs <= known.saidAtMs || (known.role === role && !known.hasEnded))) return known
    return await deps.members.save(member, { role, saidAtMs: issuedAtMs, source: 'system', nowMs })
  }

  return {
    async admit(member, claim) {
      const id = membershipRevocation(member)
      const nowMs = deps.nowMs()
      const cached = cache.get(id)
      const isFresh = cached !== undefined && nowMs < cached.validUntilMs && !isNews(cached, claim)
      if (isFresh && !deps.revocations.isRevoked(id, cached.readSince)) return admitted(cached, cached.validUntilMs)
      const readSince = deps.revocations.moment()
      const membership = await look(member, claim, nowMs)
      const validUntilMs = nowMs + cacheMs
      cache.set(id, { ...membership, validUntilMs, readSince })
      return admitted(membership, validUntilMs)
    },
  }
}

/** Whether the claim says something else, later. */
function isNews(
  { role, hasEnded, saidAtMs }: Membership,
  claim: { readonly role: string; readonly issuedAtMs: number },
): boolean {
  return claim.issuedAtMs > saidAtMs && (hasEnded || claim.role !== role)
}

function admitted({ role, hasEnded }: Membership, validUntilMs: number): AdmittedMember | undefined {
  return hasEnded ? undefined : { role, validUntilMs }
}
