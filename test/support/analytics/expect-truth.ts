// Metrics held against what really happened: within one percent, percentiles within five.
import { expect } from 'vitest'
import type { Metrics } from '../../../src/core/analytics/sums.ts'
import { rank, type Truth } from './audience.ts'

export function expectTruth(told: Metrics, truth: Truth): void {
  const errors = Object.values(told.errors).reduce((sum, count) => sum + count, 0)
  const pairs: Readonly<Record<string, readonly [told: number, truth: number, tolerance: number]>> = {
    plays: [told.plays, truth.plays, 0.01],
    viewers: [told.viewers, truth.viewers.size + truth.anonymous, 0.01],
    hoursWatched: [told.hoursWatched, truth.watchedMs / 3_600_000, 0.01],
    p50: [told.startupMs.p50 ?? 0, rank(truth.startups, 0.5), 0.05],
    p95: [told.startupMs.p95 ?? 0, rank(truth.startups, 0.95), 0.05],
    rebufferRatio: [told.rebufferRatio ?? 0, truth.stallMs / (truth.stallMs + truth.watchedMs), 0.01],
    rebufferCount: [told.rebufferCount, truth.stalls, 0.01],
    exits: [told.exitsBeforeStart, truth.exits, 0.01],
    errors: [errors, truth.errors, 0.01],
    bitrate: [told.meanBitrate ?? 0, (truth.bits / truth.mediaMs) * 1000, 0.01],
    switches: [told.switches, truth.switches, 0.01],
    completion: [told.completion ?? 0, truth.seenShares / truth.seenPlays, 0.01],
  }
  const off = Object.entries(pairs)
    .map(([name, [said, real, tolerance]]) => ({
      name,
      said,
      real,
      off: Math.abs(said - real) / Math.max(real, 1e-9),
      tolerance,
    }))
    .filter(({ off: share, tolerance }) => share > tolerance)
  expect(off).toEqual([])
}
