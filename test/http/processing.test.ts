// Analysing a film from its start to its end: what the caller sees, what the engine gets, and what faults do to neither.
import { describe, expect, it } from 'vitest'
import { analysingEngine } from '../support/analysing-engine.ts'
import { call, makeKey } from '../support/callers.ts'
import { startGate } from '../support/recording-engine.ts'
import { seededChance } from '../support/seeded-chance.ts'
import { startService } from '../support/service.ts'
import { studio } from '../support/studio.ts'
import { makeVideo } from '../support/videos.ts'

describe('POST /api/processing/{job_id}/start', () => {
  it('has the film analysed, keeps the result and tells of each step', async () => {
    const { ask, film, run, engine, events, minutes } = await studio()
    const jobId = await film()
    const started = await ask('POST', `/api/processing/${jobId}/start`, { selected_insights: ['scenes'] })
    expect(started).toMatchObject([202, { job_id: jobId, status: 'queued', error: null, processing_time: null }])
    expect(await ask('POST', `/api/processing/${jobId}/start`)).toEqual([
      409,
      { detail: 'Video is being processed already' },
    ])
    await run(jobId)
    expect(await ask('GET', `/api/processing/${jobId}/status`)).toMatchObject([
      200,
      { status: 'completed', progress_percent: 100, current_stage: null, processing_time: 6 },
    ])
    expect(await ask('GET', `/api/videos/${jobId}`)).toMatchObject([200, { status: 'completed' }])
    expect(await ask('GET', `/api/results/job/${jobId}`)).toMatchObject([
      200,
      { output_video_url: null, segments: [{ module: 'scenes', content: 'a moment', start_time: 1 }] },
    ])
    expect([...engine.jobs.values()]).toMatchObject([{ config: { insights: ['scenes'] } }])
    expect(engine.received[0]?.body).toContain('\r\n\r\nthe bytes of a film\r\n--')
    expect(await events(jobId)).toEqual(['processing.queued', 'processing.started', 'processing.completed'])
    expect(await minutes()).toBe(1)
    expect(await ask('GET', '/api/dashboard')).toMatchObject([
      200,
      { counts: { running_jobs: 0 }, jobs: [{ status: 'completed' }] },
    ])
  })

  it('sends a film once, however often it is analysed', async () => {
    const { ask, film, run, engine } = await studio()
    const jobId = await film()
    for (const attempt of [1, 2]) {
      expect((await ask('POST', `/api/processing/${jobId}/start`))[0]).toBe(202)
      await run(jobId, {}, attempt)
    }
    expect([engine.videos.size, engine.jobs.size]).toEqual([1, 2])
  })

  it('says why the engine failed, gives the minutes back, and may be tried again', async () => {
    const { ask, film, run, engine, events, minutes } = await studio()
    const jobId = await film()
    engine.outcome = 'failed'
    await ask('POST', `/api/processing/${jobId}/start`)
    await run(jobId)
    expect(await ask('GET', `/api/processing/${jobId}/status`)).toMatchObject([
      200,
      { status: 'failed', error: 'No picture in the film' },
    ])
    expect([await minutes(), (await events(jobId)).at(-1)]).toEqual([0, 'processing.failed'])
    expect((await ask('POST', `/api/processing/${jobId}/start`))[0]).toBe(202)
  })

  it('fails when the engine is silent for PROCESSING_TIMEOUT_HOURS', async () => {
    const { ask, film, run, engine } = await studio({ PROCESSING_TIMEOUT_HOURS: '1' })
    const jobId = await film()
    await ask('POST', `/api/processing/${jobId}/start`)
    engine.fault = (asked) => (asked === 'GET /api/v1/jobs/' ? 'refuse' : undefined)
    await run(jobId)
    expect(await ask('GET', `/api/processing/${jobId}/status`)).toMatchObject([
      200,
      { status: 'failed', error: 'The engine said nothing for too long' },
    ])
  })

  it('starts no more than the quota allows, of any number at once', async () => {
    const { ask, film, minutes } = await studio({ USAGE_ENGINE_MINUTES: '10' })
    const films = []
    for (let i = 0; i < 40; i++) films.push(await film(`film-${i}.mp4`))
    const statuses = await Promise.all(films.map(async (id) => (await ask('POST', `/api/processing/${id}/start`))[0]))
    expect(statuses.filter((status) => status === 202)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(30)
    expect(await minutes()).toBe(10)
  })

  it('has five of a user run at once, the others in their order', async () => {
    const { ask, film, service } = await studio()
    const ids: string[] = []
    for (let i = 0; i < 7; i++) {
      const jobId = await film(`film-${i}.mp4`)
      service.clock.nowMs += 1
      await ask('POST', `/api/processing/${jobId}/start`)
      ids.push(`${jobId}-1`)
    }
    const { runStore } = service.deps
    const begin = async (id: string): Promise<boolean> => {
      const run = await runStore.find(id)
      return run !== undefined && (await runStore.begin(run, 5, service.clock.nowMs))
    }
    expect(await begin(ids[6] ?? '')).toBe(false)
    const begun = []
    for (const id of ids) begun.push(await begin(id))
    expect(begun).toEqual([true, true, true, true, true, false, false])
  })

  it('is a 503 that says so without a Workflow, and without an engine', async () => {
    const key = await makeKey()
    const { jobId } = await makeVideo({ userId: key.userId })
    const detail = async (service: Awaited<ReturnType<typeof startGate>>): Promise<unknown> => {
      const response = await call(service, key.rawKey, 'POST', `/api/processing/${jobId}/start`)
      return [response.status, await response.json()]
    }
    expect(await detail(await startGate(analysingEngine()))).toEqual([
      503,
      { detail: 'Processing needs a Workflow, and none is bound' },
    ])
    expect(await detail(startService({}, { processing: true }))).toEqual([503, { detail: 'Engine is not configured' }])
  })
})

describe('POST /api/processing/{job_id}/cancel', () => {
  it('ends the job at the engine, and the video is as it was', async () => {
    const { ask, film, run, engine, events, minutes } = await studio()
    const jobId = await film()
    engine.outcome = 'never'
    await ask('POST', `/api/processing/${jobId}/start`)
    await run(jobId, {
      onSleep: async () => {
        const cancelled = await ask('POST', `/api/processing/${jobId}/cancel`)
        expect(cancelled).toMatchObject([200, { status: 'cancelled' }])
      },
    })
    expect([...engine.jobs.values()]).toMatchObject([{ status: 'cancelled' }])
    expect(await ask('GET', '/api/dashboard')).toMatchObject([200, { counts: { running_jobs: 0 } }])
    expect(await ask('GET', `/api/videos/${jobId}`)).toMatchObject([200, { status: 'uploaded' }])
    expect([await minutes(), (await events(jobId)).at(-1)]).toEqual([0, 'processing.cancelled'])
  })

  it('leaves what the engine has finished already', async () => {
    const { ask, film, run, engine } = await studio()
    const jobId = await film()
    await ask('POST', `/api/processing/${jobId}/start`)
    await run(jobId, {
      onSleep: async () => {
        for (const job of engine.jobs.values()) job.status = 'completed'
        const left = await ask('POST', `/api/processing/${jobId}/cancel`)
        expect(left).toMatchObject([200, { status: 'processing' }])
      },
    })
    expect(await ask('GET', `/api/processing/${jobId}/status`)).toMatchObject([200, { status: 'completed' }])
  })

  it('ends the job of a video that was deleted meanwhile', async () => {
    const { ask, film, run, engine } = await studio()
    const jobId = await film()
    engine.outcome = 'never'
    await ask('POST', `/api/processing/${jobId}/start`)
    await run(jobId, { onSleep: async () => void (await ask('DELETE', `/api/videos/${jobId}`)) })
    expect([...engine.jobs.values()]).toMatchObject([{ status: 'cancelled' }])
  })
})

describe('an engine that refuses and loses answers, and a Worker that dies after any step', () => {
  it('loses no run, makes no second job and counts no minute twice', async () => {
    const RUNS = 20
    const { ask, film, run, engine, events, minutes } = await studio()
    const chance = seededChance(18)
    engine.fault = () => (chance() < 0.3 ? (chance() < 0.5 ? 'refuse' : 'lose') : undefined)
    for (let i = 0; i < RUNS; i++) {
      const jobId = await film(`film-${i}.mp4`)
      await ask('POST', `/api/processing/${jobId}/start`)
      await run(jobId, { dies: () => chance() < 0.3 })
      expect(await ask('GET', `/api/processing/${jobId}/status`)).toMatchObject([200, { status: 'completed' }])
      expect(await events(jobId)).toEqual(['processing.queued', 'processing.started', 'processing.completed'])
    }
    expect(engine.jobs.size).toBe(RUNS)
    expect(await minutes()).toBe(RUNS)
  }, 60_000)
})

describe('the sweep', () => {
  it('finds what made no step for a quarter of an hour', async () => {
    const { ask, film, service } = await studio()
    const jobId = await film()
    await ask('POST', `/api/processing/${jobId}/start`)
    const standing = async () => await service.deps.runStore.standing(service.clock.nowMs - 900_000, 1000)
    expect(await standing()).not.toContain(`${jobId}-1`)
    service.clock.nowMs += 900_001
    expect(await standing()).toContain(`${jobId}-1`)
  })
})
