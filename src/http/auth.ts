// The guard before every route that is not public: authenticates the caller, counts the request, and asks for the route's scope.
import { hasScope, type Principal, type RequestTrace } from '../core/auth/principal.ts'
import { agentFamily } from '../core/audit/agent-family.ts'
import { truncateAddress } from '../core/http/network.ts'
import { authenticate, type GuardDeps } from '../domain/auth/authenticate.ts'
import { lacksScope, refuseMember } from '../domain/auth/permission.ts'
import { spend, type KeyLimitDeps } from '../domain/keys/limits.ts'
import { keyLimitPolicy, rateLimitOf, rateLimitPolicy } from './limits.ts'
import type { HttpContext } from './context.ts'
import type { Guard } from './router.ts'

/** Only `Authorization` is read for a credential, and only Cloudflare's own header for the client's address. */
export function callerGuard(deps: GuardDeps & KeyLimitDeps): Guard {
  const policy = rateLimitPolicy(deps.limitPolicies)
  return async function guard(c, { access, adminsOnly }, defer) {
    if (policy !== undefined) c.header('RateLimit-Policy', policy)
    const credentials = {
      authorization: c.req.header('Authorization'),
      address: () => c.req.header('CF-Connecting-IP'),
    }
    const principal = await authenticate(deps, credentials, defer)
    c.set('principal', principal)
    if (deps.callerLimit !== undefined) await deps.callerLimit.take(callerId(principal))
    if (principal.kind === 'api_key' && principal.limits !== undefined) {
      await spend(deps, principal, ONE_REQUEST, (states) => {
        const policies = [...(policy === undefined ? [] : [policy]), keyLimitPolicy(states)]
        c.header('RateLimit-Policy', policies.join(', '))
        c.header('RateLimit', rateLimitOf(states, deps.nowMs()))
      })
    }
    if (access !== 'caller' && !hasScope(principal, access)) throw lacksScope(principal, access)
    if (adminsOnly === true) refuseMember(principal)
    return isLook(c.req.method) ? principal : { ...principal, trace: traceOf(c) }
  }
}

const ONE_REQUEST = { requests_per_minute: 1, requests_per_day: 1 }

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

/** Every key has a count of its own; all sessions of a person share one. */
function callerId(principal: Principal): string {
  return principal.kind === 'clerk' ? `user:${principal.memberId}` : `key:${principal.keyId}`
}
