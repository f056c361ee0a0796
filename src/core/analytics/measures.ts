// What is measured of one viewing, by what was served and by what its player said, as sums that can be added up in any
// order. Pure.
import { addHeat, NO_HEAT, type HeatBits } from './heat.ts'

export interface Measures {
  /** Of the film, delivered: a stretch that the same rendition delivers again counts again. */
  readonly mediaMs: number
  /** Of the film, delivered for the first time. */
  readonly seenMs: number
  /** Of segments whose length is known; and of those where the playlist that names them was not seen. */
  readonly knownBytes: number
  readonly unknownBytes: number
  readonly segments: number
  /** Times that the viewer must have waited in the middle, by when segments were asked for. */
  readonly stalls: number
  readonly stallMs: number
  readonly switches: number
  /** 0: unknown, or still growing. */
  readonly filmMs: number
  /** The last segment was delivered. */
  readonly isEnd: boolean
  readonly heat: HeatBits
  readonly again: HeatBits
  /** The moment of the film that was delivered, or named by the player, last. */
  readonly leftMs: number
  /** From the beginning to the first segment; the least counts. */
  readonly startupMs: number | undefined
  /** By code. */
  readonly errors: Readonly<Record<string, number>>
  readonly said: Said
}

/** What the player's own events said. */
export interface Said {
  /** Events that were read. */
  readonly events: number
  readonly startupMs: number | undefined
  readonly stalls: number
  readonly stallMs: number
  /** It did not play, while segments were still served after that. */
  readonly idleMs: number
  readonly seeks: number
  /** When the last event came, epoch milliseconds of this side's clock; 0: never. */
  readonly untilMs: number
  /** Playing was asked for; a frame was shown; the end was reached. */
  readonly isWanted: boolean
  readonly isStarted: boolean
  readonly isEnded: boolean
}

export const NOTHING_SAID: Said = {
  events: 0,
  startupMs: undefined,
  stalls: 0,
  stallMs: 0,
  idleMs: 0,
  seeks: 0,
  untilMs: 0,
  isWanted: false,
  isStarted: false,
  isEnded: false,
}

export const NOTHING_MEASURED: Measures = {
  mediaMs: 0,
  seenMs: 0,
  knownBytes: 0,
  unknownBytes: 0,
  segments: 0,
  stalls: 0,
  stallMs: 0,
  switches: 0,
  filmMs: 0,
  isEnd: false,
  heat: NO_HEAT,
  again: NO_HEAT,
  leftMs: 0,
  startupMs: undefined,
  errors: {},
  said: NOTHING_SAID,
}

/** Both together; `later` came after. */
export function addMeasures(earlier: Measures, later: Measures): Measures {
  return {
    mediaMs: earlier.mediaMs + later.mediaMs,
    seenMs: earlier.seenMs + later.seenMs,
    knownBytes: earlier.knownBytes + later.knownBytes,
    unknownBytes: earlier.unknownBytes + later.unknownBytes,
    segments: earlier.segments + later.segments,
    stalls: earlier.stalls + later.stalls,
    stallMs: earlier.stallMs + later.stallMs,
    switches: earlier.switches + later.switches,
    filmMs: Math.max(earlier.filmMs, later.filmMs),
    isEnd: earlier.isEnd || later.isEnd,
    heat: addHeat(earlier.heat, later.heat),
    again: addHeat(earlier.again, later.again),
    leftMs: later.leftMs > 0 ? later.leftMs : earlier.leftMs,
    startupMs: least(earlier.startupMs, later.startupMs),
    errors: addCounts(earlier.errors, later.errors),
    said: {
      events: earlier.said.events + later.said.events,
      startupMs: least(earlier.said.startupMs, later.said.startupMs),
      stalls: earlier.said.stalls + later.said.stalls,
      stallMs: earlier.said.stallMs + later.said.stallMs,
      idleMs: earlier.said.idleMs + later.said.idleMs,
      seeks: earlier.said.seeks + later.said.seeks,
      untilMs: Math.max(earlier.said.untilMs, later.said.untilMs),
      isWanted: earlier.said.isWanted || later.said.isWanted,
      isStarted: earlier.said.isStarted || later.said.isStarted,
      isEnded: earlier.said.isEnded || later.said.isEnded,
    },
  }
}

/** So many different codes are kept of one viewing and minute. */
const MAX_CODES = 8

export function addCounts(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const codes = Object.keys(other)
  if (codes.length === 0) return one
  const sums: Record<string, number> = { ...one }
  for (const code of codes) {
    if (sums[code] === undefined && Object.keys(sums).length >= MAX_CODES) continue
    sums[code] = (sums[code] ?? 0) + (other[code] ?? 0)
  }
  return sums
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}
