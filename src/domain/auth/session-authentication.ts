// A Clerk session token → whose session it is, and in which workspace. Every check of the contract in one order; what failed goes to the
// log, and a caller reads one text for all of it.
import { Fault } from '../../core/fault.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'
import { PERSONAL, type SessionPrincipal, type UserId } from '../../core/auth/principal.ts'
import { scopesOfRole, type OtherRoles } from '../../core/auth/role.ts'
import {
  checkSession,
  isCanonicalToken,
  LEEWAY_SECONDS,
  MAX_TOKEN_LENGTH,
  type AuthorizedParties,
  type SessionClaims,
  type SessionOrganization,
} from '../../core/auth/session-token.ts'
import type { Defer } from '../defer.ts'
import { suspensionRevocation, type Identity } from './identity.ts'
import { membershipRevocation, type Memberships } from './memberships.ts'
import { orUnavailable } from './outage.ts'
import type { Moment, Revocations } from './revocations.ts'
import type { SigningKeys } from './signing-keys.ts'

type Json = Readonly<Record<string, unknown>>

export type Verification =
  /** The signature is right and so are `iss`, `nbf`, `iat` and the presence of all claims. */
  | { readonly outcome: 'genuine'; readonly header: Json; readonly claims: Json }
  /** The same, but for `exp`. */
  | { readonly outcome: 'expired'; readonly header: Json; readonly claims: Json }
  | { readonly outcome: 'bad_signature' }
  | { readonly outcome: 'refused'; readonly reason: string }

export interface TokenVerifier<Key> {
  /** SHA-256 of the exact text, as a key for a map. */
  digestKey(token: string): string
  /** What the token says of itself, nothing of it proven; undefined when it cannot be read. */
  peek(token: string): { readonly alg: unknown; readonly kid: unknown; readonly iss: unknown } | undefined
  /** RS256 only. Never throws for a bad token. */
  verify(token: string, key: Key): Promise<Verification>
}

export interface SessionAuthenticationDeps<Key> {
  readonly verifier: TokenVerifier<Key>
  readonly signingKeys: SigningKeys<Key>
  readonly identity: Pick<Identity, 'resolve'>
  readonly memberships: Memberships
  readonly revocations: Revocations
  readonly nowMs: () => number
}

export interface SessionRules {
  readonly issuer: string
  readonly authorizedParties: AuthorizedParties
  readonly otherRoles: OtherRoles
}

interface Remembered {
  readonly principal: SessionPrincipal
  readonly validUntilMs: number
  /** What may be taken back and given again: then the sources are asked anew. */
  readonly revocable: readonly string[]
  readonly readSince: Moment
}

const MAX_REMEMBERED = 10_000

/** Makes the function that authenticates; it throws 401, 403 or 503. */
export function sessionAuthentication<Key>(
  deps: SessionAuthenticationDeps<Key>,
  rules: SessionRules,
): (token: string, defer: Defer) => Promise<SessionPrincipal> {
  // Keyed by the digest of a token that was found canonical: its text is the only one with this digest, and the
  // token itself is kept nowhere.
  const remembered = createBoundedMap<string, Remembered>(MAX_REMEMBERED)

  async function verify(token: string): Promise<Exclude<Verification, { outcome: 'refused' }>> {
    const unproven = isCanonicalToken(token) ? deps.verifier.peek(token) : undefined
    if (unproven === undefined) throw invalid('form')
    // Before a key is looked for: a token that names another issuer or algorithm is never worth a request.
    if (unproven.alg !== 'RS256') throw invalid('alg')
    if (unproven.iss !== rules.issuer) throw invalid('iss')
    if (typeof unproven.kid !== 'string') throw invalid('kid')
    const key = await deps.signingKeys.find(unproven.kid)
    if (key === undefined) throw invalid('unknown kid')
    const first = await deps.verifier.verify(token, key)
    if (first.outcome !== 'bad_signature') return orThrow(first)
    const other = await deps.signingKeys.findOther(unproven.kid, key)
    return orThrow(other === undefined ? first : await deps.verifier.verify(token, other))
  }

  async function readSession(token: string, defer: Defer): Promise<SessionClaims> {
    const verification = await verify(token)
    if (verification.outcome === 'bad_signature') throw invalid('signature')
    const session = checkSession(verification.header, verification.claims, rules.authorizedParties)
    if (!session.ok) throw invalid(session.reason)
    if (verification.outcome === 'expired') throw new Fault('unauthorized', 'Token expired')
    deps.signingKeys.confirm(defer)
    if (session.claims.isPending) throw new Fault('forbidden', 'Session is pending')
    return session.claims
  }

  /** The organisation that the session is in, when the person still is. */
  async function enter(organization: SessionOrganization, memberId: UserId, issuedAtMs: number, defer: Defer) {
    const { id, role, slug } = organization
    const owner = await deps.identity.resolve({ clerkUserId: id, userIdClaim: undefined }, defer)
    if (owner === undefined) throw invalid('organisation deleted')
    const member = { workspaceId: owner.userId, memberId }
    const admitted = await deps.memberships.admit(member, { role, issuedAtMs })
    if (admitted === undefined) throw invalid('membership ended')
    return {
      userId: owner.userId,
      workspace: { kind: 'organization', name: owner.name ?? slug, role: admitted.role },
      validUntilMs: Math.min(owner.validUntilMs, admitted.validUntilMs),
      revocable: [suspensionRevocation(memberId), membershipRevocation(member)],
    } as const
  }

  function recall({ principal, revocable, readSince }: Remembered): SessionPrincipal | undefined {
    const { userId, memberId } = principal
    if (deps.revocations.isRevoked(memberId)) throw invalid('user deleted')
    if (userId !== memberId && deps.revocations.isRevoked(userId)) throw invalid('organisation deleted')
    return revocable.some((id) => deps.revocations.isRevoked(id, readSince)) ? undefined : principal
  }

  return async (token, defer) => {
    if (token.length > MAX_TOKEN_LENGTH) throw invalid('size')
    const digest = deps.verifier.digestKey(token)
    const nowMs = deps.nowMs()
    const known = remembered.get(digest)
    const recalled = known !== undefined && nowMs < known.validUntilMs ? recall(known) : undefined
    if (recalled !== undefined) return recalled
    const claims = await readSession(token, defer)
    const readSince = deps.revocations.moment()
    const user = await orUnavailable(deps.identity.resolve(claims, defer))
    if (user === undefined) throw invalid('user deleted or suspended')
    const memberId = user.userId
    const { clerkUserId, sessionId, actorId, organization, issuedAtSeconds, expiresAtSeconds } = claims
    const { userId, workspace, validUntilMs, revocable } =
      organization === undefined
        ? { ...user, workspace: PERSONAL, revocable: [suspensionRevocation(memberId)] }
        : await orUnavailable(enter(organization, memberId, issuedAtSeconds * 1000, defer))
    const scopes = scopesOfRole(workspace.role, rules.otherRoles)
    const principal: SessionPrincipal = {
      kind: 'clerk',
      userId,
      memberId,
      workspace,
      clerkUserId,
      scopes,
      sessionId,
      actorId,
    }
    const endsMs = (expiresAtSeconds + LEEWAY_SECONDS) * 1000
    const untilMs = Math.min(endsMs, user.validUntilMs, validUntilMs)
    remembered.set(digest, { principal, validUntilMs: untilMs, revocable, readSince })
    return principal
  }
}

function orThrow(verification: Verification): Exclude<Verification, { outcome: 'refused' }> {
  if (verification.outcome === 'refused') throw invalid(verification.reason)
  return verification
}

function invalid(reason: string): Fault {
  return new Fault('unauthorized', 'Invalid token', { reason })
}
