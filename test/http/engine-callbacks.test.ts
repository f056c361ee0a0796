// A caller says where the end of a job is to be reported: the engine never sees it, and the caller gets a signed event.
import { describe, expect, it } from 'vitest'
import { runDaily } from '../../src/background/daily.ts'
import { runOften } from '../../src/background/often.ts'
import { env } from '../support/env.ts'
import { knownCaller } from '../support/known-caller.ts'
import {
  assertionKeyPem,
  callbackOf,
  failure,
  jobData,
  newVideoId,
  recordingEngine,
  startGate,
  success,
} from '../support/recording-engine.ts'
import { ORIGIN, startService } from '../support/service.ts'
import { HOOK, hookedService, isSignedBy } from '../support/webhook-receiver.ts'

const CALLBACK = /^https:\/\/api\.example\.com\/api\/v1\/callbacks\/[\w-]{43}$/
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** A caller whose job will report to HOOK; `callback` is what the engine calls. */
async function reportingJob() {
  const engine = recordingEngine()
  const hooked = await hookedService({ ASSERTION_PRIVATE_KEY: await assertionKeyPem() }, { engine: engine.binding })
  const [status, made] = await hooked.answer('POST', '/api/v1/jobs', { video_id: newVideoId(), webhook_url: HOOK })
  expect(status).toBe(200)
  const { job_id: jobId } = (made as { data: { job_id: string } }).data
  const callback = callbackOf(engine)
  const callBack = async (address = callback): Promise<number> =>
    (await hooked.service.request(address, { method: 'POST', body: '{"status":"failed"}' })).status
  const ends = (state: string): void => {
    engine.script = ({ method }) => (method === 'GET' ? success(jobData(jobId, { status: state })) : failure(500, 'NO'))
  }
  return { ...hooked, engine, jobId, callback, callBack, ends }
}

describe('webhook_url of a job', () => {
  it('is replaced by an address of the service, and told of the end of the job, signed with the default secret', async () => {
    const job = await reportingJob()
    expect(job.callback).toMatch(CALLBACK)
    expect(job.engine.received.map(({ body }) => body).join()).not.toContain('customer')
    job.ends('completed')
    expect(await job.callBack()).toBe(200)
    await job.work()
    expect(job.receiver.received).toHaveLength(1)
    const [event] = job.receiver.received
    if (event === undefined) throw new Error('nothing was sent')
    expect([event.url, event.event.type]).toEqual([HOOK, 'job.finished'])
    expect(event.event.data).toEqual({ job_id: job.jobId, video_id: 'vid_1', status: 'completed' })
    const [, secret] = await job.answer('GET', '/api/webhooks/default-secret')
    expect(isSignedBy((secret as { secret: string }).secret, event)).toBe(true)
  })

  it('is told once, however often the engine calls', async () => {
    const job = await reportingJob()
    job.ends('failed')
    expect(await Promise.all([job.callBack(), job.callBack(), job.callBack()])).toEqual([200, 200, 200])
    expect(await job.callBack()).toBe(200)
    await job.work()
    expect(job.receiver.received.map(({ event }) => event.data['status'])).toEqual(['failed'])
  })

  it('is told nothing by a forged call, nor before the job has ended, nor while the engine is away', async () => {
    const job = await reportingJob()
    for (const forged of ['x', `${job.callback.slice(0, -4)}0000`, `${job.callback}/`, `${job.callback}0`]) {
      expect(await job.callBack(new URL(forged, `${ORIGIN}/api/v1/callbacks/`).href), forged).toBe(404)
    }
    expect(await job.callBack()).toBe(503)
    job.engine.script = () => failure(500, 'DOWN')
    expect(await job.callBack()).toBe(503)
    await job.work()
    expect(job.receiver.received).toEqual([])
    job.ends('cancelled')
    expect(await job.callBack()).toBe(200)
    await job.work()
    expect(job.receiver.received).toHaveLength(1)
  })

  it('is told when the engine has lost its call: it is asked after ten minutes', async () => {
    const job = await reportingJob()
    job.ends('completed')
    const { service } = job
    for (const minutes of [9, 2, 2]) {
      service.clock.nowMs += minutes * MINUTE_MS
      await runOften(service.deps)
      await job.work()
    }
    expect(job.receiver.received.filter(({ event }) => event.data['job_id'] === job.jobId)).toHaveLength(1)
    expect(
      job.engine.received.filter(({ method, target }) => method === 'GET' && target.endsWith(job.jobId)),
    ).toHaveLength(1)
  })

  it('stands in no list of endpoints, and is signed with a new default secret at once', async () => {
    const job = await reportingJob()
    expect(await job.answer('GET', '/api/webhooks/endpoints')).toEqual([200, []])
    const [, rotated] = await job.answer('POST', '/api/webhooks/default-secret/rotate', { grace_seconds: 0 })
    job.ends('completed')
    await job.callBack()
    await job.work()
    const [event] = job.receiver.received
    expect(event !== undefined && isSignedBy((rotated as { secret: string }).secret, event)).toBe(true)
  })

  it('is forgotten after thirty days', async () => {
    const job = await reportingJob()
    const count = async (): Promise<unknown> =>
      await env.DB.prepare(
        `SELECT (SELECT count(*) FROM engine_callbacks WHERE user_id = ?1) +
           (SELECT count(*) FROM webhook_endpoints WHERE user_id = ?1) AS n`,
      )
        .bind(job.key.userId)
        .first('n')
    expect(await count()).toBe(2)
    job.service.clock.nowMs += 31 * DAY_MS
    await runDaily(job.service.deps)
    expect(await count()).toBe(0)
  })

  it.each([
    'http://hooks.customer.dev/',
    'https://127.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://0x7f.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://metadata.google.internal/',
    'https://engine.local/',
    'https://10.0.0.5.nip.io/',
    'https://user:secret@hooks.customer.dev/',
    'file:///etc/passwd',
    'gopher://hooks.customer.dev/',
    `${ORIGIN}/api/v1/jobs`,
    'nonsense',
    '',
  ])('%j is refused before the engine is asked', async (url) => {
    const engine = recordingEngine()
    const caller = await knownCaller({ service: await startGate(engine) })
    const [status, answer] = await caller.answer('POST', '/api/v1/jobs', { video_id: newVideoId(), webhook_url: url })
    expect(status).toBe(422)
    expect((answer as { error: { detail: string } }).error.detail).toMatch(/^webhook_url: must /)
    expect(engine.received).toEqual([])
  })

  it('is refused in the form of a film, in any spelling, wherever it stands', async () => {
    const engine = recordingEngine()
    const service = await startGate(engine)
    const caller = await knownCaller({ service })
    const part = (name: string, value: string): string =>
      `--b\r\nContent-Disposition: form-data; name="${name}"${name === 'file' ? '; filename="a.mp4"' : ''}\r\n\r\n${value}\r\n`
    for (const name of ['webhook_url', 'webhookUrl', 'WEBHOOK-URL']) {
      for (const parts of [part(name, HOOK) + part('file', 'x'), part('file', 'x') + part(name, HOOK)]) {
        const response = await service.request('/api/v1/videos/upload', {
          method: 'POST',
          headers: { Authorization: caller.key.rawKey, 'Content-Type': 'multipart/form-data; boundary=b' },
          body: `${parts}--b--\r\n`,
        })
        expect(response.status, name).toBe(422)
        expect(await response.text()).toContain('webhook_url: is given with a job, not with its film')
      }
    }
    expect(engine.received.map(({ body }) => body).join()).not.toContain('customer')
  })

  it('is answered with 503 where no queue is bound: nothing could be sent', async () => {
    const engine = recordingEngine()
    const service = startService(
      { ASSERTION_PRIVATE_KEY: await assertionKeyPem() },
      { engine: engine.binding, queue: false },
    )
    const caller = await knownCaller({ service })
    const body = { video_id: newVideoId(), webhook_url: HOOK }
    expect((await caller.answer('POST', '/api/v1/jobs', body))[0]).toBe(503)
    expect(engine.received).toEqual([])
  })
})
