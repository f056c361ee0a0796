// The formula of the caches against a simulation that does not know it.
import { describe, expect, it } from 'vitest'
import { hitRate, shares, simulatedHitRate } from '../../../src/cli/capacity/hit-rate.ts'

/** Numbers in [0, 1), the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('hitRate', () => {
  it.each([
    { films: 1, popularity: 1, rate: 1, caches: 1, seconds: 9, viewings: 20_000 },
    { films: 100, popularity: 0.9, rate: 5, caches: 4, seconds: 55, viewings: 100_000 },
    { films: 1000, popularity: 0.9, rate: 1, caches: 8, seconds: 3600, viewings: 200_000 },
    { films: 1000, popularity: 0.7, rate: 20, caches: 40, seconds: 55, viewings: 200_000 },
  ])('is within a point of what a simulation of $films films in $caches caches counts', ({ viewings, ...load }) => {
    expect(Math.abs(simulatedHitRate(load, viewings, seeded(1)) - hitRate(load))).toBeLessThan(0.01)
  })

  it('is nine of ten where nine requests follow each miss', () => {
    expect(hitRate({ films: 1, popularity: 1, rate: 1, caches: 1, seconds: 9 })).toBeCloseTo(0.9, 12)
  })

  it('rises with viewers, falls with films and with caches', () => {
    const load = { films: 100, popularity: 0.9, rate: 1, caches: 10, seconds: 55 }
    expect(hitRate({ ...load, rate: 2 })).toBeGreaterThan(hitRate(load))
    expect(hitRate({ ...load, films: 200 })).toBeLessThan(hitRate(load))
    expect(hitRate({ ...load, caches: 20 })).toBeLessThan(hitRate(load))
  })
})

describe('shares', () => {
  it("follow Zipf's law", () => {
    expect([...shares(3, 1)].map((share) => share * 11)).toEqual([6, 3, 2].map((share) => expect.closeTo(share, 12)))
  })
})
