// Who is calling, once that is proven. Pure.
import { allows, type Scope, type Scopes } from './scope.ts'
import { ADMIN } from './role.ts'
import type { KeyLimits } from './key-limits.ts'
import { parseUuid } from '../uuid.ts'

/** Our own id of a person or an organisation: the owner of keys, videos and objects. */
export type UserId = string & { readonly brand: 'UserId' }

/** Where a request that changes something came from, for the audit trail. */
export interface RequestTrace {
  /** Truncated: a /24 or /48; undefined when it is not known. */
  readonly ip: string | undefined
  /** A family, such as `curl`. */
  readonly userAgent: string
  readonly requestId: string
}

/** Where the principal acts: what they make belongs to it. */
export interface Workspace {
  readonly kind: 'personal' | 'organization'
  /** Undefined for a personal one, and until Clerk told it. */
  readonly name: string | undefined
  /** The person's in it, as Clerk has it without `org:`; `admin` in a personal one. */
  readonly role: string
}

/** A person's own. */
export const PERSONAL: Workspace = { kind: 'personal', name: undefined, role: ADMIN }

export interface SessionPrincipal {
  readonly kind: 'clerk'
  /** The workspace's: whose things are seen and changed. */
  readonly userId: UserId
  /** The person's; the same in a personal workspace. */
  readonly memberId: UserId
  readonly workspace: Workspace
  readonly clerkUserId: string
  /** What the person's role allows. */
  readonly scopes: Scopes
  readonly sessionId: string
  /** Who impersonates the user, by Clerk's id; undefined without impersonation. */
  readonly actorId: string | undefined
  /** Of requests that may change something. */
  readonly trace?: RequestTrace
}

export interface KeyPrincipal {
  readonly kind: 'api_key'
  /** The workspace's that the key was made in. */
  readonly userId: UserId
  /** Of the person who made the key, or the key that made it; undefined: the workspace's own, as an operator makes them. */
  readonly memberId: UserId | undefined
  readonly workspace: Workspace
  /** The person's; undefined for a user who never came through Clerk. */
  readonly clerkUserId: string | undefined
  readonly keyId: string
  /** No more than its maker's role allows now. */
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

export function hasScope(principal: Principal, scope: Scope): boolean {
  return allows(principal.scopes, scope)
}

/** The one whose films, files and keys alone the principal may delete; undefined: everyone's in the workspace. */
export function boundTo({ workspace, memberId }: Principal): UserId | undefined {
  return workspace.kind === 'personal' || workspace.role === ADMIN ? undefined : memberId
}

/** Who makes what the principal makes, as rows name them: null is the workspace itself. */
export function makerOf({ workspace, memberId }: Principal): UserId | null {
  return workspace.kind === 'personal' ? null : (memberId ?? null)
}
