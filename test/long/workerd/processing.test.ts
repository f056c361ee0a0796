// A thousand runs of an engine with faults under a Worker that dies, and a thousand starts at once.
import { describe, expect, it } from 'vitest'
import { seededChance } from '../../support/seeded-chance.ts'
import { studio } from '../../support/studio.ts'

describe('a thousand runs', () => {
  it('are all completed once, with one job each, whatever is refused, lost or repeated', async () => {
    const RUNS = 1000
    const { ask, film, run, engine, events, minutes } = await studio()
    const chance = seededChance(1126)
    engine.fault = () => (chance() < 0.3 ? (chance() < 0.5 ? 'refuse' : 'lose') : undefined)
    const odd: unknown[] = []
    for (let i = 0; i < RUNS; i++) {
      const jobId = await film(`film-${i}.mp4`)
      await ask('POST', `/api/processing/${jobId}/start`)
      await run(jobId, { dies: () => chance() < 0.3 })
      const [, { status }] = await ask('GET', `/api/processing/${jobId}/status`)
      const told = (await events(jobId)).join(' ')
      if (status !== 'completed' || told !== 'processing.queued processing.started processing.completed') {
        odd.push([jobId, status, told])
      }
    }
    expect(odd).toEqual([])
    expect([engine.jobs.size, await minutes()]).toEqual([RUNS, RUNS])
  })
})

describe('a thousand starts at once', () => {
  it('reserve exactly the quota of a hundred minutes', async () => {
    const { ask, film, minutes } = await studio({ USAGE_ENGINE_MINUTES: '100' })
    const films: string[] = []
    for (let i = 0; i < 1000; i++) films.push(await film(`film-${i}.mp4`))
    const statuses = await Promise.all(films.map(async (id) => (await ask('POST', `/api/processing/${id}/start`))[0]))
    const count = (wanted: number): number => statuses.filter((status) => status === wanted).length
    expect([count(202), count(429), await minutes()]).toEqual([100, 900, 100])
  })
})
