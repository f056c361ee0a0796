// Gives each segment and part the date it was recorded at, which stays the same for as long as it is listed. Pure.

import type { Site } from './sites.ts'

export interface Timeline {
  /** EXT-X-PROGRAM-DATE-TIME: the next segment starts then; undefined (unreadable) leaves the clock running. */
  readonly setDateTime: (ms: number | undefined) => void
  /** EXT-X-DISCONTINUITY: what came before says nothing of what follows. */
  readonly breakOff: () => void
  /** EXT-X-BYTERANGE: the file holds many segments and must not take the date of the one listed first. */
  readonly markByteRange: () => void
  /** EXTINF of the next segment; NaN and negative ones count as nothing. */
  readonly setDuration: (seconds: number) => void
  /** EXT-X-PART, EXT-X-PRELOAD-HINT, EXT-X-PREFETCH: dated with their segment, whose own date may follow them. */
  readonly addPart: (site: Site) => void
  readonly addSegment: (site: Site) => void
  /** Dates the parts of a segment that is not listed yet. */
  readonly close: () => void
  readonly totalSeconds: () => number
}

/** An empty timeline: undated until a date is read. */
export function startTimeline(): Timeline {
  let nextMs: number | undefined
  let durationSeconds = 0
  let totalSeconds = 0
  let hasByteRange = false
  let parts: Site[] = []

  function close(): void {
    if (parts.length === 0) return
    for (const part of parts) part.dateTimeMs = roundMs(nextMs)
    parts = []
  }

  return {
    setDateTime: (ms) => {
      nextMs = ms ?? nextMs
    },
    breakOff: () => {
      close()
      nextMs = undefined
    },
    markByteRange: () => {
      hasByteRange = true
    },
    setDuration: (seconds) => {
      durationSeconds = seconds > 0 && Number.isFinite(seconds) ? seconds : 0
    },
    addPart: (site) => {
      parts.push(site)
    },
    addSegment: (site) => {
      close()
      if (!hasByteRange) site.dateTimeMs = roundMs(nextMs)
      site.isWholeFile = !hasByteRange
      if (nextMs !== undefined) nextMs += durationSeconds * 1000
      totalSeconds += durationSeconds
      durationSeconds = 0
      hasByteRange = false
    },
    close,
    totalSeconds: () => totalSeconds,
  }
}

function roundMs(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms)
}
