// Tenants behind the gate: who owns what, and that no tenant reaches another's.
import { describe, expect, it } from 'vitest'
import { call, makeKey, readColumn } from '../support/callers.ts'
import { fieldPart, filmPart, FORM_TYPE, formOf } from '../support/forms.ts'
import {
  defaultScript,
  failure,
  jobData,
  newJobId,
  newVideoId,
  recordingEngine,
  startGate,
  success,
} from '../support/recording-engine.ts'
import type { Service } from '../support/service.ts'

interface JobList {
  readonly data: { readonly jobs: Record<string, unknown>[]; readonly total: number; readonly page: number }
}

async function openGate() {
  const engine = recordingEngine()
  const service = await startGate(engine)
  const alice = await makeKey()
  const bob = await makeKey()
  return { engine, service, alice: alice.rawKey, bob: bob.rawKey, aliceId: alice.userId }
}

async function upload(service: Service, credential: string): Promise<string> {
  const response = await service.request('/api/v1/videos/upload', {
    method: 'POST',
    headers: { Authorization: credential, 'Content-Type': FORM_TYPE },
    body: formOf(filmPart()),
  })
  expect(response.status).toBe(200)
  const { data } = await response.json<{ data: { video_id: string } }>()
  return data.video_id
}

async function create(service: Service, credential: string, body: object): Promise<string> {
  const response = await call(service, credential, 'POST', '/api/v1/jobs', body)
  expect(response.status).toBe(200)
  const { data } = await response.json<{ data: { job_id: string } }>()
  return data.job_id
}

async function list(service: Service, credential: string, query = ''): Promise<JobList['data']> {
  const response = await call(service, credential, 'GET', `/api/v1/jobs${query}`)
  expect(response.status).toBe(200)
  return (await response.json<JobList>()).data
}

const foreign = (noun: string) => ({
  success: false,
  message: 'Forbidden',
  error: { detail: `${noun} does not belong to this user`, code: 'FORBIDDEN' },
})

describe('another user’s job', () => {
  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/result'],
  ])('is refused to %s%s without asking the engine', async (method, rest) => {
    const { service, engine, alice, bob } = await openGate()
    const jobId = await create(service, alice, { video_id: newVideoId() })
    engine.received.length = 0
    const response = await call(service, bob, method, `/api/v1/jobs/${jobId}${rest}`)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual(foreign('Job'))
    expect(engine.received).toEqual([])
  })

  it('is not made one’s own when the engine gives its id again', async () => {
    const { service, engine, alice, bob } = await openGate()
    const jobId = await create(service, alice, { video_id: newVideoId() })
    engine.script = () => success(jobData(jobId))
    const response = await call(service, bob, 'POST', '/api/v1/jobs', { video_id: newVideoId() })
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual(foreign('Job'))
    expect((await list(service, bob)).total).toBe(0)
    expect((await list(service, alice)).total).toBe(1)
  })
})

describe('a job the gate never saw', () => {
  it.each(['', '/result'])('is 404%s without asking the engine', async (rest) => {
    const { service, engine, alice } = await openGate()
    const response = await call(service, alice, 'GET', `/api/v1/jobs/${newJobId()}${rest}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { detail: 'Job not found', code: 'JOB_NOT_FOUND' } })
    expect(engine.received).toEqual([])
  })
})

describe('another user’s video', () => {
  it.each([
    ['video_id', (videoId: string) => ({ video_id: videoId })],
    ['template_video_id', (videoId: string) => ({ video_id: newVideoId(), template_video_id: videoId })],
  ])('is refused as %s without asking the engine', async (_member, bodyOf) => {
    const { service, engine, alice, bob } = await openGate()
    const videoId = await upload(service, alice)
    engine.received.length = 0
    const response = await call(service, bob, 'POST', '/api/v1/jobs', bodyOf(videoId))
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual(foreign('Video'))
    expect(engine.received).toEqual([])
    await create(service, alice, bodyOf(videoId))
  })

  it.each([
    ['template_video_id', 'before the film', (field: string, film: string) => [field, film]],
    ['template_video_id', 'behind the film', (field: string, film: string) => [film, field]],
    ['video_id', 'behind the film', (field: string, film: string) => [film, field]],
  ])('is refused as the field %s of an upload, %s', async (name, _case, order) => {
    const { service, engine, alice, bob } = await openGate()
    const videoId = await upload(service, alice)
    const send = async (credential: string) =>
      await service.request('/api/v1/videos/upload', {
        method: 'POST',
        headers: { Authorization: credential, 'Content-Type': FORM_TYPE },
        body: formOf(...order(fieldPart(name, videoId), filmPart())),
      })
    const refused = await send(bob)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toEqual(foreign('Video'))
    expect((await send(alice)).status).toBe(200)
    expect(engine.received.filter(({ body }) => body.includes(videoId))).toHaveLength(1)
  })

  it('is asked for once a form: a second field is refused', async () => {
    const { service, alice } = await openGate()
    const response = await service.request('/api/v1/videos/upload', {
      method: 'POST',
      headers: { Authorization: alice, 'Content-Type': FORM_TYPE },
      body: formOf(...Array.from({ length: 1000 }, () => fieldPart('template_video_id', 'vid_1'))),
    })
    expect(response.status).toBe(422)
    expect(service.counts.d1Reads).toBeLessThan(5)
  })

  it('is refused in every spelling of its UUID', async () => {
    const { service, engine, alice, bob } = await openGate()
    const videoId = crypto.randomUUID()
    engine.script = () => success({ video_id: videoId })
    await upload(service, alice)
    engine.received.length = 0
    for (const spelling of [videoId, videoId.toUpperCase(), videoId.replaceAll('-', ''), `{${videoId}}`]) {
      const response = await call(service, bob, 'POST', '/api/v1/jobs', { video_id: spelling })
      expect([403, 422]).toContain(response.status)
    }
    expect(engine.received).toEqual([])
  })

  it('is not made one’s own by an upload or a job that the engine says is of it', async () => {
    const { service, engine, alice, bob } = await openGate()
    const videoId = await upload(service, alice)
    engine.script = () => success(jobData(newJobId(), { video_id: videoId }))
    for (const request of [
      service.request('/api/v1/videos/upload', {
        method: 'POST',
        headers: { Authorization: bob, 'Content-Type': FORM_TYPE },
        body: formOf(filmPart()),
      }),
      call(service, bob, 'POST', '/api/v1/jobs', { video_id: newVideoId() }),
    ]) {
      const response = await request
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual(foreign('Video'))
    }
    expect((await list(service, bob)).total).toBe(0)
    expect(await readColumn('SELECT count(*) FROM engine_videos WHERE video_id = ?', videoId)).toBe(1)
  })
})

describe('a video the gate never saw', () => {
  it('is forwarded, and the job is the caller’s', async () => {
    const { service, alice, bob } = await openGate()
    const videoId = newVideoId()
    const mine = await create(service, alice, { video_id: videoId })
    const theirs = await create(service, bob, { video_id: videoId })
    expect((await list(service, alice)).jobs.map((job) => job['job_id'])).toEqual([mine])
    expect((await list(service, bob)).jobs.map((job) => job['job_id'])).toEqual([theirs])
  })
})

describe('the list', () => {
  it('is one’s own jobs, newest first, by page, and the engine is not asked', async () => {
    const { service, engine, alice, bob } = await openGate()
    const mine: string[] = []
    for (let index = 0; index < 5; index++) {
      service.clock.nowMs += 1
      mine.unshift(await create(service, alice, { video_id: newVideoId() }))
      await create(service, bob, { video_id: newVideoId() })
    }
    engine.received.length = 0
    const ids = async (query: string) => (await list(service, alice, query)).jobs.map((job) => job['job_id'])
    expect(await ids('')).toEqual(mine)
    expect(await ids('?page=1&page_size=2')).toEqual(mine.slice(0, 2))
    expect(await ids('?page=3&page_size=2')).toEqual(mine.slice(4))
    expect(await ids('?page=4&page_size=2')).toEqual([])
    expect(await list(service, alice, '?page=2&page_size=2')).toMatchObject({ total: 5, page: 2, page_size: 2 })
    expect(engine.received).toEqual([])
  })

  it.each(['page=0', 'page=-1', 'page=1.5', 'page=a', 'page_size=101', 'page_size=', 'user_id=1', 'page=1&page=2'])(
    'refuses ?%s',
    async (query) => {
      const { service, alice } = await openGate()
      const response = await call(service, alice, 'GET', `/api/v1/jobs?${query}`)
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ error: { code: 'VALIDATION_ERROR' } })
    },
  )

  it('shows what was last seen of a job', async () => {
    const { service, engine, alice } = await openGate()
    const videoId = newVideoId()
    const jobId = await create(service, alice, { video_id: videoId })
    const moved = { status: 'processing', progress_percent: 40, current_stage: 'rendering', video_id: videoId }
    engine.script = () => success(jobData(jobId, { ...moved, updated_at: '2026-11-21T12:01:00Z' }))
    await call(service, alice, 'GET', `/api/v1/jobs/${jobId}`)
    expect((await list(service, alice)).jobs).toEqual([
      jobData(jobId, { ...moved, updated_at: '2026-11-21T12:01:00Z' }),
    ])
    // Without its video and its beginning, which do not change.
    engine.script = () => success({ job_id: jobId, status: 'completed', progress_percent: 100, current_stage: null })
    await call(service, alice, 'GET', `/api/v1/jobs/${jobId}`)
    expect((await list(service, alice)).jobs[0]).toMatchObject({
      status: 'completed',
      progress_percent: 100,
      current_stage: null,
      video_id: videoId,
      created_at: '2026-11-21T12:00:00Z',
    })
  })

  it('costs no write as long as a job does not move', async () => {
    const { service, alice } = await openGate()
    const jobId = await create(service, alice, { video_id: newVideoId() })
    await call(service, alice, 'GET', `/api/v1/jobs/${jobId}`)
    await service.settle()
    service.reset()
    await call(service, alice, 'GET', `/api/v1/jobs/${jobId}`)
    await service.settle()
    expect(service.counts.d1Writes).toBe(0)
  })

  it('is without a job that was deleted, or that the engine says is gone, until it is back', async () => {
    const { service, engine, alice } = await openGate()
    const deleted = await create(service, alice, { video_id: newVideoId() })
    const evicted = await create(service, alice, { video_id: newVideoId() })
    await call(service, alice, 'DELETE', `/api/v1/jobs/${deleted}`)
    engine.script = () => failure(404, 'JOB_NOT_FOUND')
    expect((await call(service, alice, 'GET', `/api/v1/jobs/${evicted}`)).status).toBe(404)
    expect((await list(service, alice)).total).toBe(0)

    engine.script = defaultScript()
    expect((await call(service, alice, 'GET', `/api/v1/jobs/${evicted}`)).status).toBe(200)
    expect((await list(service, alice)).jobs).toMatchObject([{ job_id: evicted, status: 'processing' }])
  })

  it('keeps a job that was ended and that the engine still tells a status of', async () => {
    const { service, engine, alice } = await openGate()
    const jobId = await create(service, alice, { video_id: newVideoId() })
    engine.script = () => success(jobData(jobId, { status: 'cancelled' }))
    await call(service, alice, 'DELETE', `/api/v1/jobs/${jobId}`)
    expect((await list(service, alice)).jobs).toMatchObject([{ job_id: jobId, status: 'cancelled' }])
  })

  it('keeps a job whose result is not ready', async () => {
    const { service, engine, alice } = await openGate()
    const jobId = await create(service, alice, { video_id: newVideoId() })
    engine.script = () => failure(404, 'RESULT_NOT_READY')
    expect((await call(service, alice, 'GET', `/api/v1/jobs/${jobId}/result`)).status).toBe(404)
    expect((await list(service, alice)).total).toBe(1)
  })
})

describe('an id that is gone', () => {
  it('belongs to the user the engine gives it to next', async () => {
    const { service, engine, alice, bob } = await openGate()
    const jobId = await create(service, alice, { video_id: newVideoId() })
    await call(service, alice, 'DELETE', `/api/v1/jobs/${jobId}`)
    engine.script = () => success(jobData(jobId))
    expect(await create(service, bob, { video_id: newVideoId() })).toBe(jobId)
    expect((await call(service, alice, 'GET', `/api/v1/jobs/${jobId}`)).status).toBe(403)
    expect((await list(service, bob)).total).toBe(1)
  })
})

describe('ownership', () => {
  it('is recorded before the answer is given', async () => {
    const { service, alice, aliceId } = await openGate()
    const videoId = await upload(service, alice)
    const jobId = await create(service, alice, { video_id: videoId })
    expect(await readColumn('SELECT user_id FROM engine_videos WHERE video_id = ?', videoId)).toBe(aliceId)
    expect(await readColumn('SELECT user_id FROM engine_jobs WHERE job_id = ?', jobId)).toBe(aliceId)
  })

  it('is recorded though the database fails at first', async () => {
    const { service, engine, alice, aliceId } = await openGate()
    const jobId = newJobId()
    engine.script = () => {
      let failures = 3
      service.failing.has = () => failures-- > 0
      return success(jobData(jobId))
    }
    await create(service, alice, { video_id: newVideoId() })
    expect(engine.received).toHaveLength(1)
    expect(await readColumn('SELECT user_id FROM engine_jobs WHERE job_id = ?', jobId)).toBe(aliceId)
  })

  it('that cannot be recorded is a 503 and not a job without an owner', async () => {
    const { service, engine, alice } = await openGate()
    engine.script = () => {
      service.failing.add('DB')
      return success(jobData(newJobId()))
    }
    const response = await call(service, alice, 'POST', '/api/v1/jobs', { video_id: newVideoId() })
    expect(response.status).toBe(503)
    expect(engine.received).toHaveLength(1)
  })

  it('is not recorded of what the engine refused', async () => {
    const { service, engine, alice } = await openGate()
    engine.script = () => failure(409, 'JOB_ALREADY_PROCESSING')
    expect((await call(service, alice, 'POST', '/api/v1/jobs', { video_id: newVideoId() })).status).toBe(409)
    expect((await list(service, alice)).total).toBe(0)
  })
})
