// A Clerk session token → whose session it is. Every check of the contract in one order; what failed goes to the
// log, and a caller reads one text for all of it.
import { Fault } from '../../core/fault.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'
import type { SessionPrincipal } from '../../core/auth/principal.ts'
import {
  checkSession,
  isCanonicalToken,
  LEEWAY_SECONDS,
  MAX_TOKEN_LENGTH,
  type AuthorizedParties,
  type SessionClaims,
} from '../../core/auth/session-token.ts'
import type { Defer } from '../defer.ts'
import type { Identity } from './identity.ts'
import { orUnavailable } from './outage.ts'
import type { Revocations } from './revocations.ts'
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
  readonly identity: Identity
  readonly revocations: Revocations
  readonly nowMs: () => number
}

export interface SessionRules {
  readonly issuer: string
  readonly authorizedParties: AuthorizedParties
}

const MAX_REMEMBERED = 10_000

/** Makes the function that authenticates; it throws 401, 403 or 503. */
export function sessionAuthentication<Key>(
  deps: SessionAuthenticationDeps<Key>,
  rules: SessionRules,
): (token: string, defer: Defer) => Promise<SessionPrincipal> {
  // Keyed by the digest of a token that was found canonical: its text is the only one with this digest, and the
  // token itself is kept nowhere.
  const remembered = createBoundedMap<string, { principal: SessionPrincipal; validUntilMs: number }>(MAX_REMEMBERED)

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

  return async (token, defer) => {
    if (token.length > MAX_TOKEN_LENGTH) throw invalid('size')
    const digest = deps.verifier.digestKey(token)
    const nowMs = deps.nowMs()
    const known = remembered.get(digest)
    if (known !== undefined && nowMs < known.validUntilMs) {
      if (deps.revocations.isRevoked(known.principal.userId)) throw invalid('user deleted')
      return known.principal
    }
    const claims = await readSession(token, defer)
    const user = await orUnavailable(deps.identity.resolve(claims, defer))
    if (user === undefined) throw invalid('user deleted')
    const { clerkUserId, sessionId, actorId, expiresAtSeconds } = claims
    const principal: SessionPrincipal = { kind: 'clerk', userId: user.userId, clerkUserId, sessionId, actorId }
    const endsMs = (expiresAtSeconds + LEEWAY_SECONDS) * 1000
    remembered.set(digest, { principal, validUntilMs: Math.min(endsMs, user.validUntilMs) })
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
