// 100,000 windows of random live broadcasts: a listed segment keeps its URL. LIVE_SEED names the run, LIVE_WINDOWS its length.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broadcasts, show } from '../support/live-broadcast.ts'

const firstSeed = Number(process.env['LIVE_SEED'] ?? 1)
const wanted = Number(process.env['LIVE_WINDOWS'] ?? 100_000)

describe('a live list', () => {
  it(`F23, F24: changes no URL in ${wanted} windows but of undated segments at midnight UTC, seed ${firstSeed}`, () => {
    const counts = { broadcasts: 0, windows: 0, urls: 0, atMidnight: 0, others: 0 }
    for (let seed = firstSeed; counts.windows < wanted; seed += 1) {
      fc.assert(
        fc.property(broadcasts, (broadcast) => {
          const { windows, urls, changes } = show(broadcast)
          const others = changes.filter(({ isAllowed }) => !isAllowed)
          counts.broadcasts += 1
          counts.windows += windows
          counts.urls += urls
          counts.atMidnight += changes.length - others.length
          counts.others += others.length
          expect(others).toEqual([])
        }),
        { numRuns: 100, seed },
      )
    }
    console.log(counts)
    expect(counts.others).toBe(0)
    expect(counts.atMidnight).toBeGreaterThan(counts.windows / 100)
  })
})
