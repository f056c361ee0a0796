// What the answers of one viewing tell: how much of the film was delivered, where, and whether the viewer had to wait.
// Pure; one isolate's view of it.
import { addHeat, commonHeat, heatOf } from './heat.ts'
import { NOTHING_MEASURED, type Measures } from './measures.ts'
import { addSpan, type Spans } from './spans.ts'

/** A piece of a film that a playlist names; times in milliseconds of the film. */
export interface Piece {
  /** The playlist's path: a rendition. */
  readonly track: string
  /** Counts up within the film, whatever the rendition. */
  readonly index: number
  readonly startMs: number
  readonly lengthMs: number
  /** Of the whole film; 0 while it grows. */
  readonly filmMs: number
  /** Sound and subtitles beside the picture do not count as time. */
  readonly isMain: boolean
}

/** What is remembered between two answers. */
export interface Delivery {
  readonly all: Spans
  readonly tracks: Map<string, Spans>
  heat: Measures['heat']
  last: { readonly piece: Piece; readonly atMs: number } | undefined
  /** Where the viewer would be if they had played since. */
  clock: { readonly atMs: number; readonly filmMs: number } | undefined
  /** How far what was asked for last lay ahead of them. */
  leadMs: number
}

export function newDelivery(): Delivery {
  return { all: [], tracks: new Map(), heat: NOTHING_MEASURED.heat, last: undefined, clock: undefined, leadMs: 0 }
}

const MAX_TRACKS = 8
/** Waiting longer than that is a pause. */
const MAX_STALL_MS = 40_000
/** Viewings are served by several isolates: what lies between two answers of this one may have come from others. */
const MAX_STEP = 3

/** What one answer adds. `piece`: undefined where no playlist named it. */
export function measureDelivery(delivery: Delivery, piece: Piece | undefined, bytes: number, nowMs: number): Measures {
  if (piece === undefined) return { ...NOTHING_MEASURED, segments: 1, unknownBytes: bytes }
  const counted = { ...NOTHING_MEASURED, segments: 1, knownBytes: bytes, filmMs: piece.filmMs }
  if (!piece.isMain) return counted
  const { startMs, lengthMs, filmMs, track, index } = piece
  const endMs = startMs + lengthMs
  const seenMs = addSpan(delivery.all, startMs, endMs)
  const spans = delivery.tracks.get(track) ?? []
  if (delivery.tracks.size < MAX_TRACKS) delivery.tracks.set(track, spans)
  // Another rendition of what is there already replaces it in the player's buffer: nobody watches both.
  const againMs = Math.max(0, lengthMs - addSpan(spans, startMs, endMs) - seenMs)
  const bits = heatOf(startMs, endMs, filmMs)
  const again = againMs > lengthMs / 2 ? commonHeat(bits, delivery.heat) : NOTHING_MEASURED.again
  const waited = waitedMs(delivery, piece, nowMs)
  const { last } = delivery
  const isNext = last !== undefined && index === last.piece.index + 1
  delivery.last = { piece, atMs: nowMs }
  delivery.heat = addHeat(delivery.heat, bits)
  return {
    ...counted,
    mediaMs: seenMs + againMs,
    seenMs,
    stalls: waited > 0 ? 1 : 0,
    stallMs: waited,
    switches: isNext && last.piece.track !== track ? 1 : 0,
    isEnd: filmMs > 0 && endMs >= filmMs - 100,
    heat: bits,
    again,
    leftMs: startMs,
  }
}

/**
 * How long the viewer stood still before this piece: by now they would have played beyond the beginning of the one before
 * it, and both were asked for one and a half pieces apart. A jump or a pause begins anew.
 */
function waitedMs(delivery: Delivery, { index, startMs, lengthMs }: Piece, nowMs: number): number {
  const { last, clock } = delivery
  const step = last === undefined ? 0 : index - last.piece.index
  const beforeMs = startMs - lengthMs
  if (last === undefined || step < 0 || step > MAX_STEP) {
    delivery.clock = undefined
    return 0
  }
  if (clock === undefined) {
    // What was asked for first has arrived: from now on it plays.
    if (step > 0) delivery.clock = { atMs: nowMs, filmMs: beforeMs }
    return 0
  }
  const behindMs = clock.filmMs + (nowMs - clock.atMs) - beforeMs
  if (behindMs <= 0) {
    delivery.leadMs = -behindMs
    return 0
  }
  // After a pause the player holds as much as before.
  const isPause = behindMs > MAX_STALL_MS
  delivery.clock = { atMs: nowMs, filmMs: beforeMs - (isPause ? delivery.leadMs : 0) }
  // Where others served what lies between, they may have seen it too: it is counted once, or not at all.
  const isGap = step === 1 && nowMs - last.atMs > 1.5 * lengthMs && !isPause
  return isGap ? Math.round(behindMs) : 0
}
