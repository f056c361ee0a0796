// The guard before every route that is not public: authenticates the caller, counts the request, and asks for the route's scope.
import { Fault } from '../core/fault.ts'
import { hasScope, type Principal, type RequestTrace } from '../core/auth/principal.ts'
import { agentFamily } from '../core/http/agent-family.ts'
import { truncateAddress } from '../core/http/network.ts'
import { authenticate, type GuardDeps } from '../domain/auth/authenticate.ts'
import { rateLimitPolicy } from './limits.ts'
import type { HttpContext } from './context.ts'
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
    return isLook(c.req.method) ? principal : { ...principal, trace: traceOf(c) }
  }
}

/** What is only looked at leaves no trace: the hot paths are such. */
function isLook(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function traceOf(c: HttpContext): RequestTrace {
  return {
    ip: truncateAddress(c.req.header('CF-Connecting-IP')),
    userAgent: agentFamily(c.req.header('User-Agent')),
    requestId: c.get('requestId'),
  }
}

/** Every key has a count of its own; all sessions of a user share one. */
function callerId(principal: Principal): string {
  return principal.kind === 'clerk' ? `user:${principal.userId}` : `key:${principal.keyId}`
}
