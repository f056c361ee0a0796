// How often a caller may ask. The platform counts; this file says who is counted for what, and remembers in the
// isolate which callers have to wait, so that refusing them again costs no I/O.
import { Fault } from '../../core/fault.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'

export interface RateLimiter {
  /** Counts one; false when that was one too many. */
  take(key: string): Promise<boolean>
}

export interface LimitPolicy {
  readonly name: string
  readonly limit: number
  readonly periodSeconds: number
}

/** Refused well-formed keys, an address. Agrees with `FAILURE_LIMITER` in wrangler.toml. */
export const FAILURE_POLICY: LimitPolicy = { name: 'failures', limit: 300, periodSeconds: 60 }

/** Requests, a key or a user. Agrees with `CALLER_LIMITER` in wrangler.toml. */
export const CALLER_POLICY: LimitPolicy = { name: 'caller', limit: 3000, periodSeconds: 60 }

/** One entry for each caller that has to wait; beyond this number callers are counted again, which is harmless. */
const MAX_REMEMBERED = 10_000

export interface Limit {
  /** Throws 429 while the isolate remembers that this one has to wait. No I/O. */
  refuseIfWaiting(key: string): void
  /** Counts one; throws 429 when it is one too many, and remembers until the period ends. */
  take(key: string): Promise<void>
}

/** Lets all callers through when the limiter fails: an outage of the limiter must not become one of the service. */
export function limit(
  deps: { readonly nowMs: () => number; readonly warn: (message: string, cause: unknown) => void },
  policy: LimitPolicy,
  limiter: RateLimiter,
): Limit {
  const waiting = createBoundedMap<string, number>(MAX_REMEMBERED)
  const periodMs = policy.periodSeconds * 1000

  function refuseIfWaiting(key: string): void {
    const untilMs = waiting.get(key)
    if (untilMs === undefined) return
    const remainingMs = untilMs - deps.nowMs()
    if (remainingMs > 0) throw tooMany(remainingMs)
    waiting.delete(key)
  }

  return {
    refuseIfWaiting,
    async take(key) {
      refuseIfWaiting(key)
      if (await isAllowed(limiter, key)) return
      // Limiters count in periods of the clock, so waiting ends with the period and not a period from now.
      const untilMs = (Math.floor(deps.nowMs() / periodMs) + 1) * periodMs
      waiting.set(key, untilMs)
      throw tooMany(untilMs - deps.nowMs())
    },
  }

  async function isAllowed(counter: RateLimiter, key: string): Promise<boolean> {
    try {
      return await counter.take(key)
    } catch (cause) {
      deps.warn('rate limiter failed', cause)
      return true
    }
  }
}

function tooMany(remainingMs: number): Fault {
  return new Fault('rate_limited', 'Too many requests', { retryAfterSeconds: Math.ceil(remainingMs / 1000) })
}
