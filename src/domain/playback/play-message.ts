// The measures of a viewing as a message holds them. What another version of this software sent is read as far as it goes.
import { NO_HEAT, type HeatBits } from '../../core/analytics/heat.ts'
import { NOTHING_MEASURED, NOTHING_SAID, type Measures, type Said } from '../../core/analytics/measures.ts'
import { isRecord } from '../../core/json.ts'

export function readMeasures(value: unknown): Measures {
  if (!isRecord(value)) return NOTHING_MEASURED
  return {
    mediaMs: countOf(value['mediaMs']),
    seenMs: countOf(value['seenMs']),
    knownBytes: countOf(value['knownBytes']),
    unknownBytes: countOf(value['unknownBytes']),
    segments: countOf(value['segments']),
    stalls: countOf(value['stalls']),
    stallMs: countOf(value['stallMs']),
    switches: countOf(value['switches']),
    filmMs: countOf(value['filmMs']),
    isEnd: value['isEnd'] === true,
    heat: bitsOf(value['heat']),
    again: bitsOf(value['again']),
    leftMs: countOf(value['leftMs']),
    startupMs: optionalCount(value['startupMs']),
    errors: isRecord(value['errors'])
      ? Object.fromEntries(Object.entries(value['errors']).map(([code, count]) => [code, countOf(count)]))
      : {},
    said: readSaid(value['said']),
  }
}

function readSaid(value: unknown): Said {
  if (!isRecord(value)) return NOTHING_SAID
  return {
    events: countOf(value['events']),
    startupMs: optionalCount(value['startupMs']),
    stalls: countOf(value['stalls']),
    stallMs: countOf(value['stallMs']),
    idleMs: countOf(value['idleMs']),
    seeks: countOf(value['seeks']),
    untilMs: countOf(value['untilMs']),
    isWanted: value['isWanted'] === true,
    isStarted: value['isStarted'] === true,
    isEnded: value['isEnded'] === true,
  }
}

function bitsOf(value: unknown): HeatBits {
  return Array.isArray(value) ? [countOf(value[0]), countOf(value[1])] : NO_HEAT
}

function optionalCount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? countOf(value) : undefined
}

/** Whole and not negative. */
function countOf(value: unknown): number {
  const rounded = typeof value === 'number' ? Math.round(value) : 0
  return Number.isSafeInteger(rounded) && rounded > 0 ? rounded : 0
}
