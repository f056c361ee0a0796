// Viewings that were ended, as an isolate knows them: newer rows are asked for at most once in the bound, for all owners
// in one read, and the bound counts from before the read.
import { createBoundedMap } from '../../core/bounded-map.ts'
import { Fault } from '../../core/fault.ts'
import type { PlaybackSession } from '../../core/playback/session.ts'
import type { Defer } from '../defer.ts'

export interface PlaybackRevocation {
  readonly ownerId: string
  readonly kind: 'viewer' | 'job' | 'key' | 'session'
  readonly value: string
  /** Whole epoch seconds: viewings that began then or earlier. */
  readonly begunBefore: number
  readonly createdAtMs: number
}

export interface PlaybackRevocationReader {
  /** Those created at or after this moment that can still end something. */
  since(createdAtMs: number, nowMs: number): Promise<readonly PlaybackRevocation[]>
}

export interface PlaybackRevocations {
  /** Brings what is known up to the bound; 503 when the database has been away for too long. */
  refresh(defer: Defer): Promise<void>
  isEnded(session: PlaybackSession, ownerId: string): boolean
  /** Something was ended here: it is asked for before the next viewing is served. */
  refreshSoon(): void
}

/** How long viewings go on while the database is away. */
const MAX_OUTAGE_MS = 60_000
/** Rows are written by other isolates, whose clocks differ, and a batch may take a moment to be seen. */
const OVERLAP_MS = 60_000
const MAX_REVOCATIONS = 50_000
const READ_LIMIT_MS = 5000
const PAUSE_MS = 25

export function playbackRevocations(
  deps: {
    readonly reader: PlaybackRevocationReader
    readonly nowMs: () => number
    readonly pause: (milliseconds: number) => Promise<void>
  },
  boundMs: number,
): PlaybackRevocations {
  const ended = createBoundedMap<string, number>(MAX_REVOCATIONS)
  let readAtMs = Number.NEGATIVE_INFINITY
  let newestMs = 0
  let isDue = false
  let isReading = false

  async function read(): Promise<void> {
    const startedAtMs = deps.nowMs()
    isReading = true
    isDue = false
    try {
      for (const row of await deps.reader.since(newestMs - OVERLAP_MS, startedAtMs)) {
        const name = nameOf(row.ownerId, row.kind, row.value)
        ended.set(name, Math.max(ended.get(name) ?? 0, row.begunBefore))
        newestMs = Math.max(newestMs, row.createdAtMs)
      }
      readAtMs = startedAtMs
    } catch (cause) {
      isDue = true
      throw cause
    } finally {
      isReading = false
    }
  }

  const isKnown = (): boolean => deps.nowMs() - readAtMs < boundMs && !isDue
  const isWaiting = (): boolean => isReading && !isKnown()

  return {
    async refresh(defer) {
      // No promise of another request is awaited: on Workers that hangs when the other one is gone.
      for (let waitedMs = 0; isWaiting() && waitedMs < READ_LIMIT_MS; waitedMs += PAUSE_MS) {
        await deps.pause(PAUSE_MS)
      }
      if (isKnown()) {
        if (deps.nowMs() - readAtMs >= boundMs / 2 && !isReading) defer(read())
        return
      }
      await read().catch((cause: unknown) => {
        if (deps.nowMs() - readAtMs < MAX_OUTAGE_MS) return
        throw new Fault('unavailable', 'Playback is temporarily unavailable', { cause, retryAfterSeconds: 5 })
      })
    },
    isEnded({ begunAt, sid, jobId, viewer, keyReference }, ownerId) {
      const values = { session: sid, job: jobId, viewer, key: keyReference } as const
      return (['session', 'job', 'viewer', 'key'] as const).some((kind) => {
        const begunBefore = ended.get(nameOf(ownerId, kind, values[kind]))
        return begunBefore !== undefined && begunAt <= begunBefore
      })
    },
    refreshSoon() {
      isDue = true
    },
  }
}

function nameOf(ownerId: string, kind: PlaybackRevocation['kind'], value: string): string {
  return `${ownerId} ${kind} ${value}`
}
