// What ended in this isolate a moment ago: keys and users by id. Caches hold yes-answers for a while; this says no
// at once, and outlives every answer that was read before the end.
import { createBoundedMap } from '../../core/bounded-map.ts'

export interface Revocations {
  /** From this time on the key or user is refused, whatever was read before now. */
  revokeAt(id: string, epochMs: number): void
  /** Comes before what ends from now on: to be taken before the database is asked. */
  moment(): Moment
  /** Whether it has ended since; without `since`, at all. What was read after an end knows of it, and of what came later. */
  isRevoked(id: string, since?: Moment): boolean
}

/** A place in the order of ends, and no time: clocks may stand still between two of them. */
export type Moment = number & { readonly brand: 'Moment' }

/** More ends than this within one bound would be somebody's script; the oldest are known to D1 by then. */
const MAX_ENDS = 10_000

/** A read that began before an end may arrive this much after it. */
const LATE_READ_MS = 60_000

/** `boundMs`: how long a cache may believe an answer. */
export function revocations(deps: { readonly nowMs: () => number }, boundMs: number): Revocations {
  const ends = createBoundedMap<string, { place: number; endsAtMs: number; forgetAtMs: number }>(MAX_ENDS)
  let lastPlace = 0
  return {
    revokeAt(id, epochMs) {
      lastPlace += 1
      ends.set(id, { place: lastPlace, endsAtMs: epochMs, forgetAtMs: deps.nowMs() + boundMs + LATE_READ_MS })
    },
    moment: () => lastPlace as Moment,
    isRevoked(id, since) {
      const end = ends.get(id)
      if (end === undefined || (since !== undefined && end.place <= since)) return false
      const nowMs = deps.nowMs()
      if (nowMs >= end.forgetAtMs) {
        ends.delete(id)
        return false
      }
      return nowMs >= end.endsAtMs
    },
  }
}
