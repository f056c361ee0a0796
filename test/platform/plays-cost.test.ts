// What a report of a viewing writes, as the database itself counts it: the capacity model's dearest constant.
import { drizzle } from 'drizzle-orm/d1'
import { expect, it } from 'vitest'
import { PLAY_ROWS_WRITTEN } from '../../src/cli/capacity/measured.ts'
import { d1Plays } from '../../src/platform/d1/plays.ts'
import { env } from '../support/env.ts'
import { makeVideo } from '../support/videos.ts'

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
        written.push(...results.map(({ meta }) => meta.rows_written))
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
    begunAtMs: 1,
    endsAtMs: 9e12,
    keyReference: 'abcd',
    bytes: 5,
    country: 'DE',
    player: 'hls.js',
  }
  const store = d1Plays(db)
  for (const seenAtMs of [60_000, 120_000, 180_000]) await store.add([{ ...report, seenAtMs }])
  expect(written).toEqual([PLAY_ROWS_WRITTEN.first, PLAY_ROWS_WRITTEN.later, PLAY_ROWS_WRITTEN.later])
})
