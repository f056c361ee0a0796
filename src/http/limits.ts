// Limits as a client reads them.
import { windowOf, type LimitState } from '../core/auth/key-limits.ts'
import type { LimitPolicy } from '../domain/auth/limits.ts'

/** `"caller";q=3000;w=60` for each policy (draft-ietf-httpapi-ratelimit-headers §3); undefined for none. */
export function rateLimitPolicy(policies: readonly LimitPolicy[]): string | undefined {
  if (policies.length === 0) return undefined
  return policies.map(({ name, limit, periodSeconds }) => `"${name}";q=${limit};w=${periodSeconds}`).join(', ')
}

/** `"requests_per_minute";q=60;w=60` for each limit of a key. */
export function keyLimitPolicy(states: readonly LimitState[]): string {
  return states
    .map(({ name, limit, resetsAtMs }) => {
      const { startMs, endMs } = windowOf(name, resetsAtMs - 1)
      return `"${name}";q=${limit};w=${(endMs - startMs) / 1000}`
    })
    .join(', ')
}

/** `"requests_per_minute";r=59;t=30`: what remains of each limit, and in how many seconds it begins anew (§4). */
export function rateLimitOf(states: readonly LimitState[], nowMs: number): string {
  return states
    .map(({ name, limit, used, resetsAtMs }) => {
      const remaining = Math.max(0, Math.floor(limit - used))
      return `"${name}";r=${remaining};t=${Math.max(0, Math.ceil((resetsAtMs - nowMs) / 1000))}`
    })
    .join(', ')
}
