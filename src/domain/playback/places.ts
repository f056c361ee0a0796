// Places of streams that are counted, as an isolate knows them: a stream asks for its own at most every 20 seconds, after
// the answer; one that was not asked for in 30 asks before it, so that one that was replaced goes on no longer.
import { createBoundedMap } from '../../core/bounded-map.ts'
import { Fault } from '../../core/fault.ts'
import type { PlaybackSession } from '../../core/playback/session.ts'
import type { Defer } from '../defer.ts'
import { waitWhile } from '../wait.ts'

/** Whose streams are counted together. */
export interface ViewerName {
  readonly ownerId: string
  /** 16 hex digits, as sessions carry it. */
  readonly viewer: string
}

export interface Place {
  readonly sid: string
  /** How many streams of the viewer may run at once. */
  readonly streams: number
  /** What becomes of one too many: the oldest ends for it, or it is refused. */
  readonly rule: 'replace' | 'refuse'
  readonly endsAtMs: number
}

/** Decided in one place for each viewer, one after another. */
export interface StreamPlaces {
  begin(viewer: ViewerName, place: Place): Promise<'begun' | 'full'>
  renew(viewer: ViewerName, sid: string): Promise<'running' | 'ended'>
  /** Of a stream that did not begin after all. */
  release(viewer: ViewerName, sid: string): Promise<void>
}

export interface CountedStreams {
  begin(viewer: ViewerName, place: Place): Promise<'begun' | 'full'>
  release(viewer: ViewerName, sid: string): Promise<void>
  /** Whether a newer stream took the session's place. 503 when that could not be asked for a minute. */
  isEnded(session: PlaybackSession, ownerId: string, defer: Defer): Promise<boolean>
}

const RENEW_AFTER_MS = 20_000
const MAX_AGE_MS = 30_000
/** How long streams go on while their places cannot be asked for. */
const MAX_OUTAGE_MS = 60_000
const MAX_REMEMBERED = 5000

interface Known {
  readonly isEnded: boolean
  readonly askedAtMs: number
}

export function countedStreams(deps: {
  readonly places: StreamPlaces
  readonly nowMs: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}): CountedStreams {
  const known = createBoundedMap<string, Known>(MAX_REMEMBERED)
  const asking = new Set<string>()

  async function ask(sid: string, viewer: ViewerName): Promise<void> {
    const askedAtMs = deps.nowMs()
    asking.add(sid)
    try {
      known.set(sid, { isEnded: (await deps.places.renew(viewer, sid)) === 'ended', askedAtMs })
    } finally {
      asking.delete(sid)
    }
  }

  const ageOf = (sid: string): number => deps.nowMs() - (known.get(sid)?.askedAtMs ?? Number.NEGATIVE_INFINITY)

  return {
    async begin(viewer, place) {
      const askedAtMs = deps.nowMs()
      const outcome = await deps.places.begin(viewer, place).catch((cause: unknown) => {
        throw unavailable(cause)
      })
      if (outcome === 'begun') known.set(place.sid, { isEnded: false, askedAtMs })
      return outcome
    },
    async release(viewer, sid) {
      known.delete(sid)
      await deps.places.release(viewer, sid)
    },
    async isEnded({ sid, viewer }, ownerId, defer) {
      await waitWhile(deps.pause, () => asking.has(sid) && ageOf(sid) >= MAX_AGE_MS)
      if (known.get(sid)?.isEnded === true) return true
      if (ageOf(sid) >= MAX_AGE_MS) {
        await ask(sid, { ownerId, viewer }).catch((cause: unknown) => {
          if (ageOf(sid) >= MAX_OUTAGE_MS) throw unavailable(cause)
        })
      } else if (ageOf(sid) >= RENEW_AFTER_MS && !asking.has(sid)) {
        defer(ask(sid, { ownerId, viewer }))
      }
      return known.get(sid)?.isEnded === true
    },
  }
}

function unavailable(cause: unknown): Fault {
  return new Fault('unavailable', 'Playback is temporarily unavailable', { cause, retryAfterSeconds: 5 })
}
