// A hundred thousand viewings of which everything is known, twelve hours after twelve hours into the database.
import { drizzle } from 'drizzle-orm/d1'
import { expect, it } from 'vitest'
import { readSeries } from '../../../src/domain/analytics/analytics.ts'
import { rollUpHours } from '../../../src/domain/analytics/rollup.ts'
import { d1PlayHistory } from '../../../src/platform/d1/play-history.ts'
import { d1PlayRollup } from '../../../src/platform/d1/play-rollup.ts'
import { d1VideoStore } from '../../../src/platform/d1/videos.ts'
import { expectTruth } from '../../support/analytics/expect-truth.ts'
import { simulate, type Simulated } from '../../support/analytics/simulation.ts'
import { env } from '../../support/env.ts'
import { quietOutbox } from '../../support/outbox.ts'
import { personOf } from '../../support/person.ts'

const HOUR_MS = 3_600_000
const BEGUN_MS = Date.parse('2026-11-21T00:00:00Z')
/** As many as one pair of isolates remembers at a time. */
const AT_ONCE = 2500
const ROUNDS = 40

it('a hundred thousand viewings are told within a percent, single and summed up', async () => {
  const db = drizzle(env.DB)
  const history = d1PlayHistory(db)
  const at = (nowMs: number) => ({
    playHistory: history,
    liveViewers: history,
    playRollup: d1PlayRollup(db),
    videoStore: d1VideoStore(db, quietOutbox(db)),
    nowMs: () => nowMs,
  })
  let before: Pick<Simulated, 'userId' | 'truth'> | undefined
  let endedMs = BEGUN_MS
  for (let round = 0; round < ROUNDS; round += 1) {
    const played = await simulate({
      sessions: AT_ONCE,
      films: [100, 50, 140],
      begunMs: BEGUN_MS + round * 12 * HOUR_MS,
      withinMs: 4 * HOUR_MS,
      seed: 100 + round,
      forge: 'talkers',
      ...(before && { before }),
    })
    before = played
    endedMs = played.endedMs
    const range = { fromMs: played.begunMs, toMs: endedMs, jobId: undefined, interval: 'hour' } as const
    const single = await readSeries(at(endedMs), personOf(played.userId), range)
    const later = at(endedMs + 60 * HOUR_MS)
    while ((await rollUpHours(later)) > 0);
    const summed = await readSeries(later, personOf(played.userId), range)
    expect(summed.series).toEqual(single.series)
  }
  if (before === undefined) return
  const all = { fromMs: BEGUN_MS, toMs: endedMs, jobId: undefined, interval: 'day' } as const
  const { totals } = await readSeries(at(endedMs + 60 * HOUR_MS), personOf(before.userId), all)
  expectTruth(totals, before.truth)
}, 1_800_000)
