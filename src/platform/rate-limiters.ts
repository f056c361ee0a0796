// Cloudflare's rate limiting binding as a port.
import type { RateLimiter } from '../domain/auth/limits.ts'

/** Counts at the location that answers the request; undefined when nothing is bound. */
export function rateLimiter(binding: RateLimit | undefined): RateLimiter | undefined {
  return binding && { take: async (key) => (await binding.limit({ key })).success }
}
