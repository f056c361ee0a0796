// A listed segment keeps its URL: random broadcasts, whatever slides in or out, over midnight and past the end.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utcDay } from '../../../src/core/sigv4/live-dates.ts'
import { broadcasts, movingTags, show } from '../../support/live-broadcast.ts'

/** `npm run test:long` looks at 100,000 windows. */
const BROADCASTS = 120

describe('a live list', () => {
  it('F23, F24: changes the URL of no listed segment but of undated ones at midnight UTC', () => {
    let windows = 0
    let atMidnight = 0
    fc.assert(
      fc.property(broadcasts, (broadcast) => {
        const showing = show(broadcast)
        windows += showing.windows
        atMidnight += showing.changes.filter(({ isAllowed }) => isAllowed).length
        expect(showing.changes.filter(({ isAllowed }) => !isAllowed)).toEqual([])
      }),
      { numRuns: BROADCASTS, seed: 23 },
    )
    expect(windows).toBeGreaterThan(3000)
    // The windows do cross midnight with undated segments, or nothing would have been looked at.
    expect(atMidnight).toBeGreaterThan(100)
  })

  it('F23: changes the URLs of a packager that moves its one tag on only for what was recorded the day before', () => {
    let changed = 0
    fc.assert(
      fc.property(movingTags, (broadcast) => {
        const { changes } = show(broadcast)
        changed += changes.length
        // Undated until it is listed first, then dated by a tag of yesterday: no rule that reads one segment avoids it.
        for (const { recordedMs = 0, atMs } of changes) expect(utcDay(recordedMs)).toBeLessThan(utcDay(atMs))
      }),
      { numRuns: 40, seed: 23 },
    )
    expect(changed).toBeGreaterThan(20)
  })
})
