// What was revoked in this isolate a moment ago: keys and users by id. Caches hold positive answers for a while; this
// refuses at once, and outlives every answer that was read before the revocation.
import { createBoundedMap } from '../../core/bounded-map.ts'

export interface Revocations {
  /** From this time on the key or user is refused, whatever was read before now. */
  revokeAt(id: string, epochMs: number): void
  /** Comes before every later revocation: to be taken before the database is asked. */
  moment(): Moment
  /** Whether it was revoked since then; without `since`, at all. What was read after a revocation already reflects it. */
  isRevoked(id: string, since?: Moment): boolean
}

/** A position in the order of revocations, not a time: two of them may share a reading of the clock. */
export type Moment = number & { readonly brand: 'Moment' }

/** More revocations than this within one bound would be an attack or a script; D1 knows the oldest by then. */
const MAX_REVOKED = 10_000

/** A read that began before a revocation may arrive this much after it. */
const LATE_READ_MS = 60_000

/** `boundMs`: how long a cache may trust an answer. */
export function revocations(deps: { readonly nowMs: () => number }, boundMs: number): Revocations {
  const revoked = createBoundedMap<string, { position: number; revokedAtMs: number; forgetAtMs: number }>(MAX_REVOKED)
  let lastPosition = 0
  return {
    revokeAt(id, epochMs) {
      lastPosition += 1
      revoked.set(id, {
        position: lastPosition,
        revokedAtMs: epochMs,
        forgetAtMs: deps.nowMs() + boundMs + LATE_READ_MS,
      })
    },
    moment: () => lastPosition as Moment,
    isRevoked(id, since) {
      const entry = revoked.get(id)
      if (entry === undefined || (since !== undefined && entry.position <= since)) return false
      const nowMs = deps.nowMs()
      if (nowMs >= entry.forgetAtMs) {
        revoked.delete(id)
        return false
      }
      return nowMs >= entry.revokedAtMs
    },
  }
}
