// Who is calling, once that is proven. Pure.
import { ALL_SCOPES, allows, type Scope, type Scopes } from './scope.ts'
import type { KeyLimits } from './key-limits.ts'
import { parseUuid } from '../uuid.ts'

/** Our own id of a person: the owner of keys, videos and objects. */
export type UserId = string & { readonly brand: 'UserId' }

/** Where a request that changes something came from, for the audit trail. */
export interface RequestTrace {
  /** Truncated: a /24 or /48; undefined when it is not known. */
  readonly ip: string | undefined
  /** A family, such as `curl`. */
  readonly userAgent: string
  readonly requestId: string
}

export interface SessionPrincipal {
  readonly kind: 'clerk'
  readonly userId: UserId
  readonly clerkUserId: string
  readonly sessionId: string
  /** Who impersonates the user, by Clerk's id; undefined without impersonation. */
  readonly actorId: string | undefined
  /** Of requests that may change something. */
  readonly trace?: RequestTrace
}

export interface KeyPrincipal {
  readonly kind: 'api_key'
  readonly userId: UserId
  /** Undefined for a user who never came through Clerk. */
  readonly clerkUserId: string | undefined
  readonly keyId: string
  readonly scopes: Scopes
  /** Epoch milliseconds; undefined: never. */
  readonly expiresAtMs: number | undefined
  /** CIDR blocks that it may be used from; undefined: from anywhere. */
  readonly allowedIps: readonly string[] | undefined
  /** Undefined: no more than every caller's. */
  readonly limits: KeyLimits | undefined
  /** Of requests that may change something. */
  readonly trace?: RequestTrace
}

export type Principal = SessionPrincipal | KeyPrincipal

/** The id in its one spelling; undefined when the text is not a UUID. */
export function parseUserId(text: string): UserId | undefined {
  return parseUuid(text) as UserId | undefined
}

/** A session may do everything its user may. */
export function scopesOf(principal: Principal): Scopes {
  return principal.kind === 'clerk' ? ALL_SCOPES : principal.scopes
}

export function hasScope(principal: Principal, scope: Scope): boolean {
  return allows(scopesOf(principal), scope)
}
