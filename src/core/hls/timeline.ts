// Gives each segment and part the UTC day of the date in its own tag block, and nothing else: what its neighbours say
// changes while the list slides. Pure.

import { utcDay } from '../sigv4/live-dates.ts'
import type { UriReference } from './sites.ts'

export interface Timeline {
  /** EXT-X-PROGRAM-DATE-TIME, epoch milliseconds: of the next segment. Undefined (unreadable) changes nothing. */
  readonly setDateTime: (ms: number | undefined) => void
  /** EXT-X-BYTERANGE: the file holds many segments and must not take the day of the one listed first. */
  readonly markByteRange: () => void
  /** EXTINF of the next segment; what is zero, negative, endless or no number stands for unknown. */
  readonly setDuration: (seconds: number) => void
  /**
   * EXT-X-PART, EXT-X-PRELOAD-HINT, EXT-X-PREFETCH. A date that follows them in their block comes too late: it may be
   * written once they are listed already.
   */
  readonly addPart: (site: UriReference) => void
  readonly addSegment: (site: UriReference) => void
  /** Of the segments that say how long they are, and how many do not. */
  readonly length: () => { readonly seconds: number; readonly unknownSegments: number }
  /** Of every date that was read. */
  readonly tagDays: ReadonlySet<number>
}

/** An empty timeline. A tag block is all that stands between two URI lines, EXT-X-DISCONTINUITY included. */
export function startTimeline(): Timeline {
  const tagDays = new Set<number>()
  let blockDay: number | undefined
  let durationSeconds = 0
  let totalSeconds = 0
  let unknownSegments = 0
  let hasByteRange = false

  return {
    setDateTime: (ms) => {
      if (ms === undefined) return
      blockDay = utcDay(ms)
      tagDays.add(blockDay)
    },
    markByteRange: () => {
      hasByteRange = true
    },
    setDuration: (seconds) => {
      durationSeconds = seconds > 0 && Number.isFinite(seconds) ? seconds : 0
    },
    addPart: (site) => {
      site.tagDay = blockDay
    },
    addSegment: (site) => {
      if (!hasByteRange) site.tagDay = blockDay
      site.isWholeFile = !hasByteRange
      totalSeconds += durationSeconds
      if (durationSeconds === 0) unknownSegments += 1
      durationSeconds = 0
      hasByteRange = false
      blockDay = undefined
    },
    length: () => ({ seconds: totalSeconds, unknownSegments }),
    tagDays,
  }
}
