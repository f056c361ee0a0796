import { describe, expect, it } from 'vitest'
import { waitAfter } from '../../../src/core/events/retry-schedule.ts'

const waits = (chance: number) => Array.from({ length: 10 }, (_, tries) => waitAfter(tries + 1, chance) ?? 0)

describe('waitAfter', () => {
  it('repeats ten times, over a day at least and half an hour more than 26 hours at most', () => {
    const hours = (chance: number) => waits(chance).reduce((sum, wait) => sum + wait, 0) / 3_600_000
    expect(hours(0)).toBeGreaterThan(24)
    expect(hours(1)).toBeLessThan(26.6)
    expect(waitAfter(11, 0)).toBeUndefined()
  })

  it('waits longer each time', () => {
    expect(waits(0).slice(0, 3)).toEqual([5100, 30_600, 122_400])
    const [...all] = waits(0.5)
    expect(all.toSorted((a, b) => a - b)).toEqual(all)
  })
})
