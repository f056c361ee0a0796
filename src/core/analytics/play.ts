// One viewing as it is stored, and what is to be said of it. Pure: docs/analytics.md says the same in words.
import type { Measures } from './measures.ts'

export interface Play {
  /** 16 hex digits. */
  readonly sid: string
  readonly jobId: string
  readonly viewer: string | undefined
  /** What sessions carry of the viewer: 16 hex digits, zeros for none. */
  readonly viewerHash: string
  readonly begunAtMs: number
  /** When something was last served. */
  readonly lastSeenAtMs: number
  readonly country: string | undefined
  readonly device: string
  readonly player: string
  readonly measures: Measures
}

export interface PlayFacts {
  /** It fetched a segment, or its player said that it plays. */
  readonly isPlay: boolean
  readonly watchedMs: number
  readonly startupMs: number | undefined
  readonly stalls: number
  readonly stallMs: number
  /** Playing was asked for, and no frame was ever shown. */
  readonly isExit: boolean
  /** Of the film, 0 to 1; undefined where its length is not known. */
  readonly seenShare: number | undefined
}

const NOBODY = '0'.repeat(16)
/**
 * When the last segment was delivered, a player asks for nothing more, and goes on from what it holds: hls.js holds up to ten
 * minutes, all of a short film. What only copies a film is not given that much.
 */
const HELD_MS = 600_000
const COPIED_MS = 60_000
const COPIERS: ReadonlySet<string> = new Set(['ffmpeg', 'other'])

export function factsOf(play: Pick<Play, 'begunAtMs' | 'lastSeenAtMs' | 'player' | 'measures'>): PlayFacts {
  const { begunAtMs, measures } = play
  const { said } = measures
  const speaks = said.events > 0
  const isPlay = measures.segments > 0 || said.isStarted
  // Segments whose playlist was served elsewhere are taken for as long as the others are for their bytes.
  const unknown = measures.knownBytes > 0 ? measures.unknownBytes / measures.knownBytes : 0
  const deliveredMs = measures.mediaMs * (1 + unknown)
  const passedMs = Math.max(0, watchedUntil(play) - begunAtMs) - said.idleMs
  return {
    isPlay,
    watchedMs: Math.max(0, Math.round(Math.min(deliveredMs, passedMs))),
    // Nothing is shown before something is asked for.
    startupMs: said.startupMs === undefined ? measures.startupMs : Math.max(said.startupMs, measures.startupMs ?? 0),
    stalls: speaks ? said.stalls : measures.stalls,
    stallMs: speaks ? said.stallMs : measures.stallMs,
    isExit: said.isWanted && !said.isStarted,
    seenShare:
      measures.filmMs > 0 && isPlay ? Math.min(1, (measures.seenMs * (1 + unknown)) / measures.filmMs) : undefined,
  }
}

/** Until the last answer; once all is delivered, until the player was last heard of, or for as long as it may hold it. */
function watchedUntil({ lastSeenAtMs, player, measures }: Pick<Play, 'lastSeenAtMs' | 'player' | 'measures'>): number {
  if (!measures.isEnd) return lastSeenAtMs
  const mostMs = lastSeenAtMs + (COPIERS.has(player) ? COPIED_MS : HELD_MS)
  return measures.said.events === 0 ? mostMs : Math.max(lastSeenAtMs, Math.min(measures.said.untilMs, mostMs))
}

/** The viewer that a token named; undefined where it named none. */
export function viewerOfPlay({ viewerHash }: Pick<Play, 'viewerHash'>): string | undefined {
  return viewerHash === NOBODY ? undefined : viewerHash
}
