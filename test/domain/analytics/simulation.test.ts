// A thousand viewings of which everything is known, against the real database: every number within a percent, percentiles
// within five, before the hours are summed up and after.
import { drizzle } from 'drizzle-orm/d1'
import { beforeAll, describe, expect, it } from 'vitest'
import { readGroups, readHeat, readSeries } from '../../../src/domain/analytics/analytics.ts'
import { factsOf } from '../../../src/core/analytics/play.ts'
import { rollUpHours } from '../../../src/domain/analytics/rollup.ts'
import { d1PlayHistory } from '../../../src/platform/d1/play-history.ts'
import { d1PlayRollup } from '../../../src/platform/d1/play-rollup.ts'
import { d1VideoStore } from '../../../src/platform/d1/videos.ts'
import { env } from '../../support/env.ts'
import { quietOutbox } from '../../support/outbox.ts'
import { expectTruth } from '../../support/analytics/expect-truth.ts'
import { simulate, type Simulated } from '../../support/analytics/simulation.ts'
import { personOf } from '../../support/person.ts'

const HOUR_MS = 3_600_000
const BEGUN_MS = Date.parse('2026-11-21T12:00:00Z')

function analyticsAt(nowMs: number) {
  const db = drizzle(env.DB)
  const history = d1PlayHistory(db)
  return {
    playHistory: history,
    liveViewers: history,
    playRollup: d1PlayRollup(db),
    videoStore: d1VideoStore(db, quietOutbox(db)),
    nowMs: () => nowMs,
  }
}

describe('a thousand viewings', () => {
  let played: Simulated
  const caller = () => personOf(played.userId)

  beforeAll(async () => {
    played = await simulate({
      sessions: 1000,
      films: [100, 50, 140],
      begunMs: BEGUN_MS,
      withinMs: 2 * HOUR_MS,
      seed: 7,
      forge: 'talkers',
    })
  }, 60_000)

  const range = () => ({ fromMs: played.begunMs, toMs: played.endedMs, jobId: undefined })

  it('are told within a percent, though beacons are lost, repeated and forged and messages come twice', async () => {
    const { totals, series } = await readSeries(analyticsAt(played.endedMs), caller(), { ...range(), interval: 'hour' })
    expectTruth(totals, played.truth)
    expect(series.reduce((sum, { plays }) => sum + plays, 0)).toBe(played.truth.plays)
  })

  it('are the same numbers once their hours are summed up, however often that is done', async () => {
    const before = await readSeries(analyticsAt(played.endedMs), caller(), { ...range(), interval: 'hour' })
    const later = analyticsAt(played.endedMs + 30 * HOUR_MS)
    const groupsBefore = await readGroups(later, caller(), { ...range(), groupBy: 'country' })
    const heatBefore = await readHeat(later, caller(), played.jobIds[0] ?? '')
    expect(await rollUpHours(later)).toBeGreaterThan(1)
    await env.DB.prepare('INSERT INTO play_hours_due (hour) VALUES (?)')
      .bind(Math.floor(BEGUN_MS / HOUR_MS))
      .run()
    expect(await rollUpHours(later)).toBe(1)
    expect(await rollUpHours(later)).toBe(0)
    const after = await readSeries(later, caller(), { ...range(), interval: 'hour' })
    expect(after.series).toEqual(before.series)
    expect(await readGroups(later, caller(), { ...range(), groupBy: 'country' })).toEqual(groupsBefore)
    expect(await readHeat(later, caller(), played.jobIds[0] ?? '')).toEqual(heatBefore)
  })
})

it('what players and forgers say adds no second to any viewing', async () => {
  const options = { sessions: 120, films: [60], begunMs: BEGUN_MS + 100 * HOUR_MS, withinMs: HOUR_MS, seed: 11 }
  const secondsOf = async ({ userId, begunMs, endedMs }: Simulated): Promise<ReadonlyMap<string, number>> => {
    const range = { fromMs: begunMs, toMs: endedMs, jobId: undefined, after: undefined, limit: 1000 }
    const plays = await d1PlayHistory(drizzle(env.DB)).readPlays(userId, range)
    return new Map(plays.map((play) => [play.sid.slice(0, 8), factsOf(play).watchedMs]))
  }
  const served = await secondsOf(await simulate({ ...options, isMute: true }))
  for (const forge of [undefined, 'all'] as const) {
    const told = await secondsOf(await simulate(forge === undefined ? options : { ...options, forge }))
    const more = [...told].filter(([sid, milliseconds]) => milliseconds > (served.get(sid) ?? 0))
    expect(more).toEqual([])
    expect(told.size).toBeGreaterThan(100)
  }
}, 60_000)
