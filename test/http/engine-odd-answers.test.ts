// Answers of an engine that are right and still not what most engines say.
import { describe, expect, it } from 'vitest'
import { call, makeKey } from '../support/callers.ts'
import {
  failure,
  jobData,
  newJobId,
  recordingEngine,
  startGate,
  success,
  type EngineScript,
} from '../support/recording-engine.ts'

/** A gate whose tenant has a job; the engine follows the script from then on. */
async function openGate(script: (jobId: string) => EngineScript) {
  const engine = recordingEngine()
  const service = await startGate(engine)
  const { rawKey } = await makeKey()
  const jobId = newJobId()
  engine.script = () => success(jobData(jobId))
  expect((await call(service, rawKey, 'POST', '/api/v1/jobs', { video_id: `vid_of_${jobId}` })).status).toBe(200)
  engine.script = script(jobId)
  const ask = async (method: string, rest = '') => await call(service, rawKey, method, `/api/v1/jobs/${jobId}${rest}`)
  const listed = async () => {
    const response = await call(service, rawKey, 'GET', '/api/v1/jobs')
    return (await response.json<{ data: { jobs: Record<string, unknown>[] } }>()).data.jobs
  }
  return { engine, service, ask, listed }
}

describe('a DELETE that the engine answers with 204', () => {
  it('F18: passes without a body, and the job is no longer listed', async () => {
    const { ask, listed, engine } = await openGate(() => () => new Response(null, { status: 204 }))
    const response = await ask('DELETE')
    expect(response.status).toBe(204)
    expect(response.body).toBeNull()
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-store',
      vary: 'Origin',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    })
    expect(await listed()).toEqual([])
    // It is still the caller's: whether there is such a job is the engine's to say.
    engine.script = () => failure(404, 'JOB_NOT_FOUND')
    expect((await ask('GET')).status).toBe(404)
  })

  it.each(['GET', 'HEAD'])('F18: is no answer to a %s', async (method) => {
    const { ask, listed } = await openGate(() => () => new Response(null, { status: 204 }))
    expect((await ask(method)).status).toBe(502)
    expect(await listed()).toHaveLength(1)
  })

  it.each([200, 202])('F18: says the same as an envelope without a job, with %i', async (status) => {
    const { ask, listed } = await openGate(() => () => success(null, { status }))
    expect((await ask('DELETE')).status).toBe(status)
    expect(await listed()).toEqual([])
  })
})

describe('an answer without a body', () => {
  it.each([
    ['GET', 200],
    ['DELETE', 200],
    ['GET', 205],
    ['DELETE', 205],
    ['DELETE', 404],
  ])('F18: to a %s with %i is no envelope, and the job stays', async (method, status) => {
    const { ask, listed } = await openGate(() => () => new Response(null, { status }))
    const response = await ask(method)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ error: { code: 'BAD_GATEWAY' } })
    expect(await listed()).toHaveLength(1)
  })
})

describe('a job that the engine does not know any more', () => {
  it.each([
    ['GET', 404],
    ['GET', 410],
    ['DELETE', 404],
    ['DELETE', 410],
  ])('F18: is told in its own words to a %s, with %i, and is no longer listed', async (method, status) => {
    const { ask, listed } = await openGate(() => () => failure(status, 'JOB_NOT_FOUND'))
    const response = await ask(method)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { detail: 'for a reason', code: 'JOB_NOT_FOUND' } })
    expect(await listed()).toEqual([])
  })
})

describe('a job that the gate never saw', () => {
  it.each(['/api/v1/jobs/job_unknown', '/api/v1/jobs/job_unknown/result', '/api/v1/jobs/job%20unknown'])(
    'F18: is JOB_NOT_FOUND: %s',
    async (path) => {
      const { service, engine } = await openGate(() => () => success(null))
      const { rawKey } = await makeKey()
      engine.received.length = 0
      const response = await call(service, rawKey, 'GET', path)
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({
        success: false,
        message: 'Not Found',
        error: { detail: 'Job not found', code: 'JOB_NOT_FOUND' },
      })
      expect(engine.received).toEqual([])
    },
  )

  it('F18: is not what a path is that the gate does not know', async () => {
    const { service } = await openGate(() => () => success(null))
    const { rawKey } = await makeKey()
    const response = await call(service, rawKey, 'GET', '/api/v1/job/job_unknown')
    expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } })
  })
})

describe('an answer with a byte order mark', () => {
  const marked = (body: object, status = 200): Response => {
    const json = new TextEncoder().encode(JSON.stringify(body))
    return new Response(new Uint8Array([0xef, 0xbb, 0xbf, ...json]), { status })
  }

  it('F18: passes without it, and what it says is kept', async () => {
    const { ask, listed } = await openGate(
      (jobId) => () => marked({ success: true, message: 'ok', data: jobData(jobId, { status: 'processing' }) }),
    )
    const response = await ask('GET')
    expect(response.status).toBe(200)
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(String.fromCharCode(bytes[0] ?? 0)).toBe('{')
    expect(await listed()).toMatchObject([{ status: 'processing' }])
  })

  it('F18: passes as a failure too', async () => {
    const error = { detail: 'not yet', code: 'RESULT_NOT_READY' }
    const { ask } = await openGate(() => () => marked({ success: false, message: 'No', error }, 409))
    const response = await ask('GET', '/result')
    expect(response.status).toBe(409)
    expect(JSON.parse(await response.text())).toMatchObject({ error })
  })

  it('F18: is no answer when it is all there is, or there are two', async () => {
    for (const bytes of [
      [0xef, 0xbb, 0xbf],
      [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x7b, 0x7d],
    ]) {
      const { ask } = await openGate(() => () => new Response(new Uint8Array(bytes)))
      expect((await ask('GET')).status).toBe(502)
    }
  })
})

describe('a job that does not move', () => {
  it.each([
    '"progress_percent":1e400',
    '"progress_percent":-1e400',
    '"progress_percent":33.333333333333336',
    '"progress_percent":-0',
    '"progress_percent":5e-324',
    '"progress_percent":1.7976931348623157e308',
    '"progress_percent":9007199254740993',
    String.raw`"status":"processing\ud800"`,
    String.raw`"current_stage":"a\u0000b"`,
    String.raw`"current_stage":"\udfac"`,
    String.raw`"current_stage":"e\u0301"`,
    '"current_stage":""',
    '"current_stage":"123"',
    `"updated_at":"${'x'.repeat(300)}"`,
    '"updated_at":null',
  ])('F18: costs no write at the next look: %s', async (members) => {
    const { ask, service } = await openGate((jobId) => () => {
      const job = JSON.stringify(jobData(jobId, { status: 'processing' }))
      return new Response(`{"success":true,"data":${job.slice(0, -1)},${members}}}`)
    })
    expect((await ask('GET')).status).toBe(200)
    await service.settle()
    service.reset()
    expect((await ask('GET')).status).toBe(200)
    await service.settle()
    expect(service.counts.d1Writes).toBe(0)
  })
})
