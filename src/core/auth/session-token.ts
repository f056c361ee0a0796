// A Clerk session token before and after its signature is checked: its one spelling, and what its claims must say.
// Pure. Whether the signature is genuine and what the registered claims say about time is the verifier's part.
import { decodeBase64url } from '../bytes.ts'
import { parseUserId, type UserId } from './principal.ts'

/** Longer tokens are refused before any of their bytes is decoded; a Clerk token is about 1 KB. */
export const MAX_TOKEN_LENGTH = 8192

/** A session token lives a minute; an hour is the most that is accepted. */
export const MAX_LIFETIME_SECONDS = 3600

/** How far the issuer's clock and ours may differ. */
export const LEEWAY_SECONDS = 5

// Clerk signs every class of token with one key and names the class in the header; older tokens name none.
const SESSION_CATEGORY = 'cl_B7d4PD111AAA'
const CLERK_USER_ID = /^user_[A-Za-z0-9_-]{1,128}$/
const CLERK_ORGANIZATION_ID = /^org_[A-Za-z0-9_-]{1,128}$/
const ROLE = /^[a-z][a-z0-9_-]{0,63}$/
const MAX_ID_LENGTH = 256

/** Whose pages a session may come from (claim `azp`). */
export interface AuthorizedParties {
  /** Origins; empty: `azp` is not looked at. */
  readonly origins: ReadonlySet<string>
  /** Clerk names no `azp` for top-level navigations, tokens made by a backend, and native applications. */
  readonly allowsMissing: boolean
}

export interface SessionOrganization {
  /** Clerk's: `org_…`. */
  readonly id: string
  /** Without `org:`. */
  readonly role: string
  readonly slug: string | undefined
}

export interface SessionClaims {
  readonly clerkUserId: string
  readonly sessionId: string
  /** The claim `uid`, when it is a UUID. */
  readonly userIdClaim: UserId | undefined
  /** Who impersonates the user; undefined without impersonation. */
  readonly actorId: string | undefined
  /** The active one; undefined: the person's own workspace. */
  readonly organization: SessionOrganization | undefined
  /** Signed in, but with something left to do, such as choosing an organisation. */
  readonly isPending: boolean
  readonly issuedAtSeconds: number
  readonly expiresAtSeconds: number
}

/** Which check failed. For the log only: a caller learns nothing but that the token is invalid. */
export type SessionRefusal = 'kid' | 'typ' | 'cat' | 'sub' | 'sid' | 'azp' | 'sts' | 'org' | 'lifetime'

export type SessionResult =
  | { readonly ok: true; readonly claims: SessionClaims }
  | { readonly ok: false; readonly reason: SessionRefusal }

type Json = Readonly<Record<string, unknown>>

/**
 * Whether the text is three parts of base64url, each in the only spelling its bytes have (RFC 7515 §3.1,
 * RFC 4648 §3.5). Verifiers are more tolerant, and a second spelling of a token would slip past a memory of it.
 */
export function isCanonicalToken(token: string): boolean {
  if (token.length > MAX_TOKEN_LENGTH) return false
  const parts = token.split('.')
  return parts.length === 3 && parts.every((part) => part !== '' && decodeBase64url(part) !== undefined)
}

/** The Clerk user id, when the value is one: machines (`mch_…`) and organisations are no callers. */
export function readClerkUserId(value: unknown): string | undefined {
  return typeof value === 'string' && CLERK_USER_ID.test(value) ? value : undefined
}

/** The Clerk organisation id, when the value is one. */
export function readClerkOrganizationId(value: unknown): string | undefined {
  return typeof value === 'string' && CLERK_ORGANIZATION_ID.test(value) ? value : undefined
}

/** The role without `org:`; undefined when the value is none. */
export function readRole(value: unknown): string | undefined {
  const role = typeof value === 'string' ? value.replace(/^org:/, '') : ''
  return ROLE.test(role) ? role : undefined
}

/** The checks that are Clerk's own, of a token whose signature and registered claims are in order. */
export function checkSession(header: Json, claims: Json, parties: AuthorizedParties): SessionResult {
  const clerkUserId = readClerkUserId(claims['sub'])
  const sessionId = claims['sid']
  const expiresAtSeconds = claims['exp']
  const organization = readOrganization(claims)
  if (!isShortText(header['kid'])) return { ok: false, reason: 'kid' }
  if (header['typ'] !== undefined && header['typ'] !== 'JWT') return { ok: false, reason: 'typ' }
  if (header['cat'] !== undefined && header['cat'] !== SESSION_CATEGORY) return { ok: false, reason: 'cat' }
  if (clerkUserId === undefined) return { ok: false, reason: 'sub' }
  if (!isShortText(sessionId)) return { ok: false, reason: 'sid' }
  if (!isAuthorizedParty(claims['azp'], parties)) return { ok: false, reason: 'azp' }
  if (!isKnownStatus(claims['sts'])) return { ok: false, reason: 'sts' }
  if (organization === 'malformed') return { ok: false, reason: 'org' }
  if (!isShortLived(claims['iat'], expiresAtSeconds)) return { ok: false, reason: 'lifetime' }
  return {
    ok: true,
    claims: {
      clerkUserId,
      sessionId,
      userIdClaim: typeof claims['uid'] === 'string' ? parseUserId(claims['uid']) : undefined,
      actorId: readActor(claims['act']),
      organization,
      isPending: claims['sts'] === 'pending',
      issuedAtSeconds: Number(claims['iat']),
      expiresAtSeconds: Number(expiresAtSeconds),
    },
  }
}

/**
 * Version 2 of Clerk's tokens has `o`, those before it `org_id` and its kin. What cannot be read is refused: it must not
 * become the person's own workspace.
 */
function readOrganization(claims: Json): SessionOrganization | 'malformed' | undefined {
  const { o } = claims
  const isCurrent = claims['v'] === 2
  const named = isCurrent ? o : claims['org_id']
  if (named === undefined || named === null) return undefined
  const { id, rol, slg } = isCurrent ? asJson(o) : { id: named, rol: claims['org_role'], slg: claims['org_slug'] }
  const [organizationId, role] = [readClerkOrganizationId(id), readRole(rol)]
  if (organizationId === undefined || role === undefined) return 'malformed'
  return { id: organizationId, role, slug: isShortText(slg) ? slg : undefined }
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function isAuthorizedParty(azp: unknown, { origins, allowsMissing }: AuthorizedParties): boolean {
  if (origins.size === 0) return true
  return azp === undefined ? allowsMissing : typeof azp === 'string' && origins.has(azp)
}

/** Absent in older tokens. A status that Clerk invents later is not taken for a session that is in order. */
function isKnownStatus(sts: unknown): boolean {
  return sts === undefined || sts === 'active' || sts === 'pending'
}

/** `1e999` in JSON is Infinity, and a negative lifetime is invalid: both fail. */
function isShortLived(iat: unknown, exp: unknown): boolean {
  if (typeof iat !== 'number' || typeof exp !== 'number') return false
  const lifetime = exp - iat
  return lifetime > 0 && lifetime <= MAX_LIFETIME_SECONDS
}

function readActor(act: unknown): string | undefined {
  if (typeof act !== 'object' || act === null) return undefined
  const { sub } = act as Json
  return isShortText(sub) ? sub : 'unknown'
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH
}
