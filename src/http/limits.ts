// Limits as a client reads them.
import type { LimitPolicy } from '../domain/auth/limits.ts'

/** `"caller";q=3000;w=60` for each policy (draft-ietf-httpapi-ratelimit-headers §3); undefined for none. */
export function rateLimitPolicy(policies: readonly LimitPolicy[]): string | undefined {
  if (policies.length === 0) return undefined
  return policies.map(({ name, limit, periodSeconds }) => `"${name}";q=${limit};w=${periodSeconds}`).join(', ')
}
