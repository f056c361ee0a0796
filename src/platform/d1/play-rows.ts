// Rows of plays and of their sums as values, and back.
import type { HeatSums } from '../../core/analytics/heat-sums.ts'
import type { Play } from '../../core/analytics/play.ts'
import { isRecord, parseJson } from '../../core/json.ts'
import type { HourSums } from '../../domain/analytics/store.ts'
import type { playHeat, playHours, plays } from './schema/plays.ts'

export function toPlay(row: typeof plays.$inferSelect): Play {
  return {
    sid: row.sid,
    jobId: row.jobId,
    viewer: row.viewer ?? undefined,
    viewerHash: row.viewerHash,
    begunAtMs: row.begunAt,
    // One of them is older: which, depends on the version that reported.
    lastSeenAtMs: Math.max(row.seenAt, row.lastSeenAt),
    country: row.country ?? undefined,
    device: row.device,
    player: row.player,
    measures: {
      mediaMs: row.mediaMs,
      seenMs: row.seenMs,
      knownBytes: row.knownBytes,
      unknownBytes: row.unknownBytes,
      segments: row.segments,
      stalls: row.stalls,
      stallMs: row.stallMs,
      switches: row.switches,
      filmMs: row.filmMs,
      isEnd: row.isEnd,
      heat: [row.heatFirst, row.heatSecond],
      again: [row.againFirst, row.againSecond],
      leftMs: row.leftMs,
      startupMs: row.startupMs ?? undefined,
      errors: readErrors(row.errors),
      said: {
        events: row.saidEvents,
        startupMs: row.saidStartupMs ?? undefined,
        stalls: row.saidStalls,
        stallMs: row.saidStallMs,
        idleMs: row.saidIdleMs,
        seeks: row.saidSeeks,
        untilMs: row.saidUntil,
        isWanted: (row.saidStates & 1) !== 0,
        isStarted: (row.saidStates & 2) !== 0,
        isEnded: (row.saidStates & 4) !== 0,
      },
    },
  }
}

/** `code=count;` one after the other; the last may have been cut off. */
function readErrors(text: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [, code = '', count] of text.matchAll(/([^=;]+)=(\d+);/g))
    counts[code] = (counts[code] ?? 0) + Number(count)
  return counts
}

export function fromSums({ sums, ...key }: HourSums) {
  const { viewers, startups, errors, ...numbers } = sums
  return {
    ...key,
    ...numbers,
    country: key.country ?? '',
    viewers: JSON.stringify([...viewers]),
    startups: JSON.stringify(Object.fromEntries(startups)),
    errors: JSON.stringify(Object.fromEntries(errors)),
  }
}

export function toHourSums(row: typeof playHours.$inferSelect): HourSums {
  const { hour, jobId, country, device, player, viewers, startups, errors, userId: _owner, ...numbers } = row
  const known = parseJson(viewers)
  return {
    hour,
    jobId,
    country: country === '' ? undefined : country,
    device,
    player,
    sums: {
      ...numbers,
      viewers: new Set(Array.isArray(known) ? known.map(String) : []),
      startups: new Map(countsOf(startups).map(([bucket, count]) => [Number(bucket), count])),
      errors: new Map(countsOf(errors)),
    },
  }
}

export function fromHeat(heat: HeatSums) {
  return { watched: JSON.stringify(heat.watched), again: JSON.stringify(heat.again), left: JSON.stringify(heat.left) }
}

export function toHeat(row: Pick<typeof playHeat.$inferSelect, 'watched' | 'again' | 'left'>): HeatSums {
  return { watched: numbersOf(row.watched), again: numbersOf(row.again), left: numbersOf(row.left) }
}

function numbersOf(text: string): number[] {
  const values = parseJson(text)
  return Array.isArray(values) ? values.map(Number) : []
}

function countsOf(text: string): [string, number][] {
  const value = parseJson(text)
  return isRecord(value) ? Object.entries(value).map(([name, count]) => [name, Number(count)]) : []
}
