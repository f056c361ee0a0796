// The only code that turns an Authorization header into a principal or a fault, for every route.
import { readAuthorization } from '../../core/auth/authorization.ts'
import { Fault } from '../../core/fault.ts'
import type { Principal } from '../../core/auth/principal.ts'
import type { Defer } from '../defer.ts'
import type { KeyAuthentication } from './key-authentication.ts'
import type { Limit, LimitPolicy } from './limits.ts'

export interface Credentials {
  /** The header as it came; undefined when it is absent. */
  readonly authorization: string | undefined
  /** The client's, as Cloudflare saw it; undefined when it did not say. Asked for only when something is refused. */
  readonly address: () => string | undefined
}

export interface AuthenticateDeps {
  readonly apiKeys: Pick<KeyAuthentication, 'authenticate'>
  readonly authenticateSession: (token: string, defer: Defer) => Promise<Principal>
}

/** What stands before every route that is not public. */
export interface GuardDeps extends AuthenticateDeps {
  /** Undefined when callers are not counted. */
  readonly callerLimit: Limit | undefined
  /** Of the limits that are in force, for the header that names them. */
  readonly limitPolicies: readonly LimitPolicy[]
}

const NO_CREDENTIAL = {
  missing: 'Missing Authorization header',
  unreadable: 'Invalid Authorization header',
  malformed_key: 'Invalid or inactive API key',
} as const

/**
 * Throws, or rejects with, 401, 403 (a pending session), 429 (too many refused keys) or 503. `defer`: work for after
 * the response. Not async itself: every request passes this way, and what it returns is awaited anyway.
 */
export function authenticate(
  deps: AuthenticateDeps,
  { authorization, address }: Credentials,
  defer: Defer,
): Promise<Principal> {
  const credential = readAuthorization(authorization)
  if (credential.kind === 'api_key') return deps.apiKeys.authenticate(credential.key, address, defer)
  if (credential.kind === 'session') return deps.authenticateSession(credential.token, defer)
  throw new Fault('unauthorized', NO_CREDENTIAL[credential.kind])
}
