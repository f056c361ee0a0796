// Who is watching now: what isolates gather of viewings, what the queue's consumer makes of it, and who is told.
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { runOften } from '../../src/background/often.ts'
import { consumeQueue } from '../../src/background/queues.ts'
import { env } from '../support/env.ts'
import { knownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { registerSigner } from '../support/playback-tokens.ts'
import { startService, type Service } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

interface Live {
  readonly sessions: readonly Record<string, unknown>[]
  readonly cursor: string | null
}

/** Hands the consumer what was sent; resolves to the acknowledged ids. */
async function deliver(service: Service): Promise<readonly string[]> {
  await service.settle()
  const messages = service.plays.splice(0).map((body, index) => ({
    id: String(index),
    timestamp: new Date(service.clock.nowMs),
    attempts: 1,
    body,
  }))
  const batch = createMessageBatch('lynxgate-plays', messages)
  await consumeQueue(service.deps, batch)
  return (await getQueueResult(batch, createExecutionContext())).explicitAcks
}

async function scene() {
  const service = startService(EDGE_VARIABLES, { plays: true })
  const caller = await knownCaller({ service })
  const film = await makeVideo({ userId: caller.key.userId, playback: 'private', durationSeconds: 7200 })
  await film.putStreamFile('index.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/v.m3u8\n')
  await film.putStreamFile('low/seg-1.ts', new Uint8Array(1000))
  const signer = await registerSigner(caller)
  return {
    service,
    caller,
    film,
    signer,
    /** The path of a segment of a new viewing. */
    begin: async (claims: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<string> => {
      const token = await signer.sign({ sub: film.jobId, ...claims })
      const address = `/api/playback/stream/${film.jobId}/index.m3u8?token=${token}`
      const text = await (await service.request(address, { headers })).text()
      return `${/\/v\/[^/]+\//.exec(text)?.[0] ?? ''}low/seg-1.ts`
    },
    read: async (path: string, headers: Record<string, string> = {}): Promise<number> => {
      const response = await service.request(path, { headers })
      await response.arrayBuffer()
      return response.status
    },
    live: async (query = ''): Promise<Live> => {
      const [status, body] = await caller.answer('GET', `/api/playback/sessions${query}`)
      expect(status).toBe(200)
      return body as Live
    },
  }
}

describe('live sessions', () => {
  it('show film, viewer, times, player and bytes of each, ranges as what they are', async () => {
    const { begin, read, live, service, film } = await scene()
    const path = await begin({ viewer: 'ada' }, { 'User-Agent': 'AppleCoreMedia/1.0 (Apple TV)' })
    await deliver(service)
    service.clock.nowMs += 121_000
    expect(await read(path)).toBe(200)
    expect(await read(path, { Range: 'bytes=0-99' })).toBe(206)
    await deliver(service)
    service.clock.nowMs += 121_000
    await read(path, { Range: 'bytes=0-0' })
    await deliver(service)
    expect(await live()).toEqual({
      sessions: [
        {
          sid: expect.stringMatching(/^[0-9a-f]{16}$/),
          job_id: film.jobId,
          viewer: 'ada',
          begun_at: '2026-11-21T12:07:00.000Z',
          last_seen_at: '2026-11-21T12:11:02.000Z',
          country: null,
          player: 'avplayer',
          bytes: 1101,
        },
      ],
      cursor: null,
    })
  })

  it('cost a message a session and two minutes at most, after the answer, and a warm segment nothing else', async () => {
    const { begin, read, service } = await scene()
    const path = await begin()
    await read(path)
    await service.settle()
    service.reset()
    for (let second = 1; second <= 600; second += 1) {
      service.clock.nowMs += 1000
      if (second % 5 === 0) await read(path)
      await service.settle()
    }
    expect(service.counts.sent).toBeLessThanOrEqual(5)
    expect(service.counts.sent).toBeGreaterThanOrEqual(4)
    service.reset()
    await read(path)
    expect(service.counts).toMatchObject({ d1Reads: 0, d1Writes: 0, kvReads: 0, r2Reads: 0, sent: 0 })
  })

  it('lose no byte when the queue is away for a while', async () => {
    const { begin, read, live, service } = await scene()
    const path = await begin()
    await deliver(service)
    service.failing.add('PLAYS')
    service.clock.nowMs += 121_000
    await read(path)
    await service.settle()
    service.failing.clear()
    service.clock.nowMs += 121_000
    await read(path)
    await deliver(service)
    expect((await live()).sessions).toMatchObject([{ bytes: 2000 }])
  })

  it.each(['sid', 'viewer', 'job_id', 'signing_key_id', 'off'] as const)(
    'leave the list at once when they are ended by %s',
    async (by) => {
      const { begin, live, service, caller, film, signer } = await scene()
      await begin({ viewer: 'ada' })
      await deliver(service)
      const [session] = (await live()).sessions
      expect(session).toBeDefined()
      const values = { viewer: 'ada', job_id: film.jobId, signing_key_id: signer.keyId }
      if (by === 'sid') await caller.ask('DELETE', `/api/playback/sessions/${String(session?.['sid'])}`)
      else if (by === 'off') await caller.ask('PATCH', `/api/videos/${film.jobId}`, { playback: 'off' })
      else await caller.ask('POST', '/api/playback/revocations', { [by]: values[by] })
      expect((await live()).sessions).toEqual([])
    },
  )

  it('leave it when nothing was served for three minutes, and when their time is over', async () => {
    const { begin, live, service } = await scene()
    await begin({ max: 30 })
    await begin()
    await deliver(service)
    expect((await live()).sessions).toHaveLength(2)
    service.clock.nowMs += 30_000
    expect((await live()).sessions).toHaveLength(1)
    service.clock.nowMs += 150_000
    expect((await live()).sessions).toHaveLength(0)
  })

  it('are found by film and viewer, of the caller’s films only, page by page', async () => {
    const { begin, live, service, caller, film } = await scene()
    await begin({ viewer: 'ada' })
    await begin({ viewer: 'eve' })
    await deliver(service)
    expect((await live('?viewer=ada')).sessions).toMatchObject([{ viewer: 'ada' }])
    expect((await live(`?job_id=${film.jobId}`)).sessions).toHaveLength(2)
    expect((await live(`?job_id=${crypto.randomUUID()}`)).sessions).toEqual([])
    const stranger = await knownCaller({ service })
    expect(await stranger.answer('GET', `/api/playback/sessions?job_id=${film.jobId}`)).toEqual([
      200,
      { sessions: [], cursor: null },
    ])
    const message = {
      plays: Array.from({ length: 250 }, (_, index) => report(caller.key.userId, film.jobId, index, service)),
    }
    service.plays.push(message)
    await deliver(service)
    const seen = new Set<unknown>()
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null && pages < 5; pages += 1) {
      const page: Live = await live(cursor === '' ? '' : `?cursor=${cursor}`)
      for (const { sid } of page.sessions) seen.add(sid)
      cursor = page.cursor
    }
    expect(seen.size).toBe(252)
    expect(await caller.answer('GET', '/api/playback/sessions?cursor=x')).toEqual([
      422,
      { detail: 'cursor: is not a cursor of this list' },
    ])
  })

  it('take what another version sent for nothing, and are kept for 90 days', async () => {
    const { begin, service, caller, live } = await scene()
    service.plays.push({ plays: [{ sid: 'x' }, 5, null] }, 'nonsense', { plays: 'none' })
    expect(await deliver(service)).toHaveLength(3)
    await begin()
    await deliver(service)
    const count = async () =>
      await env.DB.prepare('SELECT count(*) AS n FROM plays WHERE user_id = ?').bind(caller.key.userId).first('n')
    service.clock.nowMs += 90 * 86_400_000 - 1
    await runOften(service.deps)
    expect(await count()).toBe(1)
    service.clock.nowMs += 1000
    await runOften(service.deps)
    expect(await count()).toBe(0)
    expect((await live()).sessions).toEqual([])
  })
})

function report(ownerId: string, jobId: string, index: number, service: Service): Record<string, unknown> {
  const { nowMs } = service.clock
  return {
    sid: index.toString(16).padStart(8, '0') + crypto.randomUUID().slice(0, 8),
    jobId,
    ownerId,
    viewer: '0'.repeat(16),
    begunAtMs: nowMs - 1000,
    endsAtMs: nowMs + 3_600_000,
    keyReference: 'ffff',
    seenAtMs: nowMs - Math.floor(index / 3),
    bytes: 1,
    player: 'other',
  }
}
