// The sums of the capacity model, by audiences small enough to add up by hand.
import { describe, expect, it } from 'vitest'
import { forecast, type Audience } from '../../../src/cli/capacity/model.ts'
import { cost, monthlyCost } from '../../../src/cli/capacity/prices.ts'

/** One film of a minute in four segments of sound and picture together: 30 viewings a month. */
const ONE: Audience = {
  viewers: 1,
  films: 1,
  minutes: 1,
  segmentSeconds: 15,
  tracks: 1,
  megabits: 8,
  delivery: 'edge',
}

describe('forecast', () => {
  it('counts a request for each list, thumbnail and segment of a viewing', () => {
    expect(forecast(ONE).usage.requests).toBe(30 * (3 + 1 + 4))
    expect(forecast({ ...ONE, tracks: 2 }).usage.requests).toBe(30 * (3 + 1 + 8))
    expect(forecast({ ...ONE, delivery: 's3' }).usage.requests).toBe(30 * (3 + 1))
  })

  it('reads the bucket for every segment that no cache has', () => {
    const { usage, filmHitRate, segmentHitRate } = forecast(ONE)
    expect(usage.r2Reads).toBeCloseTo(30 * (3 * (1 - filmHitRate) + 4 * (1 - segmentHitRate)), 9)
    expect(forecast({ ...ONE, delivery: 's3' }).usage.r2Reads).toBeGreaterThan(30 * 4)
  })

  it('writes a row of plays for each report, and none where nothing goes through the Worker', () => {
    // Two isolates report two minutes; then it is summed up with its hour, and removed.
    expect(forecast(ONE).d1RowsWrittenAMillionViewings).toBe((8 + 1 + 4 + 1) * 1e6)
    // Twenty reports, and two moves among those who watch now.
    expect(forecast({ ...ONE, minutes: 20 }).d1RowsWrittenAMillionViewings).toBe((8 + 19 + 2 * 2 + 4 + 1) * 1e6)
    expect(forecast({ ...ONE, delivery: 's3' }).usage.d1RowsWritten).toBe(0)
  })

  it('pays three operations for a message, and gathers reports when there are many', () => {
    expect(forecast(ONE).usage.queueOperations).toBe(30 * 2 * 3)
    const many = forecast({ ...ONE, viewers: 10_000_000 }).usage
    expect(many.queueOperations / many.requests).toBeLessThan(((2 * 3) / 8) * 0.1)
  })

  it('stores every rendition: a minute of 8 Mbit/s is 60 MB, three times', () => {
    expect(forecast(ONE).usage.r2GigabyteMonths).toBeCloseTo(0.18, 12)
  })

  it('names the tightest limit first', () => {
    const { limits } = forecast({ ...ONE, viewers: 250_000, minutes: 40 })
    expect(limits.map(({ used }) => used)).toEqual(limits.map(({ used }) => used).toSorted((a, b) => b - a))
    expect(limits.find(({ what }) => what.includes('10 GB'))?.used).toBeCloseTo(2.565, 9)
  })
})

describe('cost', () => {
  it('is nothing for what the subscription includes, and by the million after that', () => {
    expect(cost('requests', 10e6)).toBe(0)
    expect(cost('requests', 12e6)).toBeCloseTo(0.6, 12)
    expect(cost('r2GigabyteMonths', 110)).toBeCloseTo(1.5, 12)
  })

  it('of an audience that fits is the subscription', () => {
    expect(monthlyCost(forecast(ONE).usage)).toBe(5)
  })
})
