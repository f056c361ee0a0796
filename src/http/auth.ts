// The guard before every route that is not public: authenticates the caller, counts the request, and asks for the route's scope.
import { Fault } from '../core/fault.ts'
import { hasScope, type Principal } from '../core/auth/principal.ts'
import { authenticate, type GuardDeps } from '../domain/auth/authenticate.ts'
import { rateLimitPolicy } from './limits.ts'
import type { Guard } from './router.ts'

/** Only `Authorization` is read for a credential, and only Cloudflare's own header for the client's address. */
export function callerGuard(deps: GuardDeps): Guard {
  const policy = rateLimitPolicy(deps.limitPolicies)
  return async function guard(c, access, defer) {
    if (policy !== undefined) c.header('RateLimit-Policy', policy)
    const credentials = {
      authorization: c.req.header('Authorization'),
      address: () => c.req.header('CF-Connecting-IP'),
    }
    const principal = await authenticate(deps, credentials, defer)
    c.set('principal', principal)
    if (deps.callerLimit !== undefined) await deps.callerLimit.take(callerId(principal))
    if (access !== 'caller' && !hasScope(principal, access)) {
      throw new Fault('forbidden', `API key lacks the scope ${access}`)
    }
    return principal
  }
}

/** Every key has a count of its own; all sessions of a user share one. */
function callerId(principal: Principal): string {
  return principal.kind === 'clerk' ? `user:${principal.userId}` : `key:${principal.keyId}`
}
