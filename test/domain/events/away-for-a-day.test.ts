// The receiver is away for a day: small here, 10,000 events in test/long/workerd.
import { describe, expect, it } from 'vitest'
import { awayForADay } from '../../support/away-for-a-day.ts'
import { seededChance } from '../../support/seeded-chance.ts'

describe('events for a receiver that is away for a day', () => {
  it('all arrive, each once, and each film’s in their order', async () => {
    const { happened, taken, takenCount, byJob } = await awayForADay({ events: 60, jobs: 6 }, seededChance(1))
    expect([...taken.values()].toSorted()).toEqual(happened.toSorted())
    expect(takenCount).toBe(happened.length)
    for (const numbers of byJob.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  })
})
