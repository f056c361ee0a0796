// The one place that turns an Authorization header into a principal or a fault, for every surface.
import { readAuthorization } from '../core/authorization.ts'
import { Fault } from '../core/fault.ts'
import type { Principal } from '../core/principal.ts'
import type { Defer } from './defer.ts'
import type { KeyAuthentication } from './key-authentication.ts'

export interface Credentials {
  /** The header as it came; undefined when there is none. */
  readonly authorization: string | undefined
  /** The client's, as Cloudflare saw it; undefined when it did not say. Asked for only when something is refused. */
  readonly address: () => string | undefined
}

export interface AuthenticateDeps {
  readonly apiKeys: Pick<KeyAuthentication, 'authenticate'>
  readonly authenticateSession: (token: string, defer: Defer) => Promise<Principal>
}

const NO_CREDENTIAL = {
  missing: 'Missing Authorization header',
  unreadable: 'Invalid Authorization header',
  malformed_key: 'Invalid or inactive API key',
} as const

/** Throws 401, 403 (a pending session), 429 (too many refused keys) or 503. `defer`: work for after the response. */
export async function authenticate(
  deps: AuthenticateDeps,
  { authorization, address }: Credentials,
  defer: Defer,
): Promise<Principal> {
  const credential = readAuthorization(authorization)
  try {
    if (credential.kind === 'api_key') return await deps.apiKeys.authenticate(credential.key, address, defer)
    if (credential.kind === 'session') return await deps.authenticateSession(credential.token, defer)
  } catch (error) {
    throw isAway(error) ? away(error) : error
  }
  throw new Fault('unauthorized', NO_CREDENTIAL[credential.kind])
}

function isAway(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'unavailable'
}

/** Whatever is away, a caller reads the same: which dependency it was is the log's. */
function away(fault: Fault): Fault {
  return new Fault('unavailable', 'Authentication is temporarily unavailable', {
    cause: fault,
    retryAfterSeconds: fault.retryAfterSeconds ?? 5,
  })
}
