// The receiver is away for a day under 10,000 events.
import { expect, it } from 'vitest'
import { awayForADay } from '../../support/away-for-a-day.ts'
import { seededChance } from '../../support/seeded-chance.ts'

it('loses none of 10,000 events, sends none twice, and keeps the order of each film', async () => {
  const { happened, taken, takenCount, byJob } = await awayForADay({ events: 10_000, jobs: 200 }, seededChance(7))
  expect(taken.size).toBe(happened.length)
  expect([...taken.values()].toSorted()).toEqual(happened.toSorted())
  expect(takenCount).toBeLessThanOrEqual(happened.length * 1.01)
  for (const numbers of byJob.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
})
