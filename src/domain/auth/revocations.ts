// What ended in this isolate a moment ago: keys and users by id. Caches hold yes-answers for a while; this says no
// at once, and outlives every answer that was read before the end.
import { createBoundedMap } from '../../core/bounded-map.ts'

export interface Revocations {
  /** From this time on the key or user is refused, whatever a cache says. */
  endAt(id: string, epochMs: number): void
  /** Takes an end back: a key was switched on again. */
  lift(id: string): void
  hasEnded(id: string): boolean
}

/** More ends than this within one bound would be somebody's script; the oldest are known to D1 by then. */
const MAX_ENDS = 10_000

/** A read that began before an end may arrive this much after it. */
const LATE_READ_MS = 60_000

/** `boundMs`: how long a cache may believe an answer. */
export function revocations(deps: { readonly nowMs: () => number }, boundMs: number): Revocations {
  const ends = createBoundedMap<string, { endsAtMs: number; forgetAtMs: number }>(MAX_ENDS)
  return {
    endAt(id, epochMs) {
      ends.set(id, { endsAtMs: epochMs, forgetAtMs: deps.nowMs() + boundMs + LATE_READ_MS })
    },
    lift(id) {
      ends.delete(id)
    },
    hasEnded(id) {
      const end = ends.get(id)
      if (end === undefined) return false
      const nowMs = deps.nowMs()
      if (nowMs >= end.forgetAtMs) {
        ends.delete(id)
        return false
      }
      return nowMs >= end.endsAtMs
    },
  }
}
