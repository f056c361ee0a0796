// What a report of a viewing writes, as the database itself counts it: the capacity model's dearest constant.
import { drizzle } from 'drizzle-orm/d1'
import { expect, it } from 'vitest'
import { NOTHING_MEASURED } from '../../src/core/analytics/measures.ts'
import { newHeatSums } from '../../src/core/analytics/heat-sums.ts'
import { newSums } from '../../src/core/analytics/sums.ts'
import { d1PlayRollup } from '../../src/platform/d1/play-rollup.ts'
import { HOUR_ROWS_WRITTEN, PLAY_ROWS_WRITTEN, PLAY_SLOT } from '../../src/cli/capacity/measured.ts'
import { d1Plays } from '../../src/platform/d1/plays.ts'
import { env } from '../support/env.ts'
import { makeVideo } from '../support/videos.ts'

/** At the beginning of ten minutes. */
const BEGUN_MS = 1_800_000_000_000

/** The real database, and the rows that its batches wrote, indexes included. */
function countingDb() {
  const written: number[] = []
  const d1 = new Proxy(env.DB, {
    get(target, name) {
      if (name !== 'batch') {
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      }
      return async (statements: D1PreparedStatement[]) => {
        const results = await target.batch(statements)
        written.push(results.reduce((sum, { meta }) => sum + meta.rows_written, 0))
        return results
      }
    },
  })
  return { db: drizzle(d1), written }
}

it('a viewing writes as many rows as the capacity model says, at first and with each report', async () => {
  const { db, written } = countingDb()
  const { userId, jobId } = await makeVideo()
  const report = {
    sid: '00000000000000aa',
    jobId,
    ownerId: userId,
    viewer: '0'.repeat(16),
    viewerName: undefined,
    begunAtMs: BEGUN_MS,
    endsAtMs: 9e12,
    keyReference: 'abcd',
    bytes: 5,
    country: 'DE',
    player: 'hls.js',
    device: 'desktop',
    measures: NOTHING_MEASURED,
  }
  const store = d1Plays(db)
  // Of the hour, once for all viewings.
  await store.add([{ ...report, sid: '00000000000000ab', seenAtMs: BEGUN_MS, mark: 'a' }])
  written.length = 0
  for (const [index, mark] of ['a', 'b', 'c', 'd'].entries()) {
    await store.add([{ ...report, seenAtMs: BEGUN_MS + index * 200_000, mark }])
  }
  await store.add([{ ...report, seenAtMs: BEGUN_MS + 600_000, mark: 'd' }])
  const { first, later } = PLAY_ROWS_WRITTEN
  expect(written).toEqual([first, later, later, later + PLAY_SLOT.rowsWritten, 0])
  const { meta } = await env.DB.prepare('DELETE FROM plays WHERE user_id = ? AND sid = ?')
    .bind(userId, report.sid)
    .run()
  expect(meta.rows_written).toBe(PLAY_ROWS_WRITTEN.removed)
})

it('a group of viewings in an hour writes as many rows as the capacity model says', async () => {
  const { db, written } = countingDb()
  const { userId, jobId } = await makeVideo()
  const key = { ownerId: userId, hour: 1, jobId, country: 'DE', device: 'tv', player: 'other' }
  const film = { ownerId: userId, jobId, heat: newHeatSums() }
  await d1PlayRollup(db).finish(1, { sums: [{ ...key, sums: newSums() }], heat: [film] })
  expect(written).toEqual([HOUR_ROWS_WRITTEN])
})
