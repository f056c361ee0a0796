// The five calls of analytics over what a real viewing leaves: playlists and segments served, events heard, the queue
// consumed, hours summed up.
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

const TV = { 'User-Agent': 'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36' }

/** Hands the consumer what was sent, so many times. */
async function deliver(service: Service, times = 1): Promise<void> {
  await service.settle()
  const bodies = service.plays.splice(0)
  for (let time = 0; time < times; time += 1) {
    const messages = bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 1, body }))
    const batch = createMessageBatch('lynxgate-plays', messages)
    await consumeQueue(service.deps, batch)
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toHaveLength(bodies.length)
  }
}

async function scene() {
  const service = startService(EDGE_VARIABLES, { plays: true })
  const caller = await knownCaller({ service })
  const film = await makeVideo({ userId: caller.key.userId, playback: 'private', durationSeconds: 40 })
  await film.putStreamFile(
    'index.m3u8',
    '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="a/s.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\nv/s.m3u8\n',
  )
  const segments = Array.from({ length: 10 }, (_, index) => `#EXTINF:4,\n${index}.m4s`).join('\n')
  for (const track of ['v', 'a']) {
    await film.putStreamFile(`${track}/s.m3u8`, `#EXTM3U\n#EXT-X-TARGETDURATION:4\n${segments}\n#EXT-X-ENDLIST\n`)
    for (let index = 0; index < 10; index += 1) await film.putStreamFile(`${track}/${index}.m4s`, new Uint8Array(1000))
  }
  const signer = await registerSigner(caller)
  const read = async (path: string): Promise<number> => {
    const response = await service.request(path, { headers: TV })
    await response.arrayBuffer()
    await service.settle()
    return response.status
  }
  return {
    service,
    caller,
    film,
    read,
    begin: async (claims: Record<string, unknown> = {}): Promise<string> => {
      const token = await signer.sign({ sub: film.jobId, ...claims })
      const response = await service.request(`/api/playback/stream/${film.jobId}/index.m3u8?token=${token}`, {
        headers: TV,
      })
      return /\/v\/[^/]+\//.exec(await response.text())?.[0] ?? ''
    },
    /** Plays so many segments of four seconds, a second apart at first and then as they are watched. */
    play: async (prefix: string, count: number): Promise<void> => {
      for (const track of ['v', 'a']) expect(await read(`${prefix}${track}/s.m3u8`)).toBe(200)
      for (let index = 0; index < count; index += 1) {
        service.clock.nowMs += index === 0 ? 500 : 4000
        for (const track of ['v', 'a']) expect(await read(`${prefix}${track}/${index}.m4s`)).toBe(200)
      }
    },
    say: async (prefix: string, lines: readonly string[], headers: Record<string, string> = {}): Promise<number> =>
      (
        await service.request(`${prefix}events`, {
          method: 'POST',
          body: lines.join('\n'),
          headers: { ...TV, ...headers },
        })
      ).status,
  }
}

const NOTHING = {
  plays: 0,
  viewers: 0,
  hours_watched: 0,
  startup_ms: { p50: null, p95: null },
  rebuffer_ratio: null,
  rebuffer_count: 0,
  exits_before_start: 0,
  errors: {},
  mean_bitrate: null,
  switches: 0,
  completion: null,
}

describe('analytics', () => {
  it('of nothing are nothing', async () => {
    const { caller, film } = await scene()
    const range = '?from=2026-11-20T00:30:00Z&to=2026-11-21T00:00:00Z'
    const empty = { interval: 'day', from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z', series: [] }
    for (const path of ['/api/analytics', `/api/videos/${film.jobId}/analytics`]) {
      expect(await caller.answer('GET', path + range)).toEqual([200, { ...empty, totals: { ...NOTHING, live_now: 0 } }])
    }
    expect(await caller.answer('GET', '/api/analytics?group_by=country')).toEqual([200, { groups: [] }])
    expect(await caller.answer('GET', '/api/analytics/live')).toEqual([200, { viewers: 0, films: [] }])
    expect(await caller.answer('GET', '/api/analytics/plays')).toEqual([200, { plays: [], cursor: null }])
    const [, heat] = await caller.answer('GET', `/api/videos/${film.jobId}/analytics/heat`)
    expect(heat).toEqual({ buckets: Array.from({ length: 100 }, () => ({ watched: 0, watched_again: 0, left: 0 })) })
  })

  it('tell of a viewing what was served of it, and the same when its hour is summed up', async () => {
    const { begin, play, read, service, caller, film } = await scene()
    const prefix = await begin({ viewer: '=ada' })
    await play(prefix, 5)
    expect(await read(`${prefix}v/none.m4s`)).toBe(404)
    await service.settle()
    const [, live] = await caller.answer('GET', '/api/analytics/live')
    expect(live).toEqual({ viewers: 0, films: [] })
    service.clock.nowMs += 100_000
    await read(`${prefix}v/5.m4s`)
    await deliver(service, 2)
    service.clock.nowMs += 121_000
    await read(`${prefix}v/5.m4s`)
    await deliver(service, 2)
    expect((await caller.answer('GET', '/api/analytics/live'))[1]).toEqual({
      viewers: 1,
      films: [{ job_id: film.jobId, name: expect.any(String) as string, viewers: 1 }],
    })
    const metrics = {
      ...NOTHING,
      plays: 1,
      viewers: 1,
      // Six segments of four seconds, and one of them twice: its sound is no time of its own.
      hours_watched: 0.007778,
      startup_ms: { p50: expect.closeTo(500, -1.7) as number, p95: expect.closeTo(500, -1.7) as number },
      rebuffer_ratio: 0,
      errors: { http_404: 1 },
      mean_bitrate: 3429,
      completion: 0.6,
    }
    const expected = {
      interval: 'hour',
      from: '2026-11-21T12:00:00.000Z',
      to: '2026-11-21T13:00:00.000Z',
      totals: { ...metrics, live_now: 1 },
      series: [{ at: '2026-11-21T12:00:00.000Z', ...metrics }],
    }
    const path = '/api/analytics?from=2026-11-21T12:00:00Z&to=2026-11-21T12:30:00Z&interval=hour'
    expect(await caller.answer('GET', path)).toEqual([200, expected])
    const byDevice = '/api/analytics?from=2026-11-21T12:00:00Z&to=2026-11-21T12:30:00Z&group_by=device'
    const groups = [200, { groups: [{ key: 'tv', ...metrics }] }]
    expect(await caller.answer('GET', byDevice)).toEqual(groups)
    const [, page] = await caller.answer('GET', '/api/analytics/plays')
    expect(page).toMatchObject({
      plays: [
        { job_id: film.jobId, viewer: '=ada', seconds: 28, device: 'tv', player: 'webos', errors: { http_404: 1 } },
      ],
      cursor: null,
    })
    const csv = await (await caller.ask('GET', '/api/analytics/plays?format=csv')).text()
    expect(csv).toMatch(
      /^sid,job_id,viewer,.*\r\n[0-9a-f]{16},[^,]+,'=ada,2026-11-21T12:07:00.000Z,28,,tv,webos,500,0,http_404=1\r\n$/,
    )
    const heatPath = `/api/videos/${film.jobId}/analytics/heat`
    const [, heat] = await caller.answer('GET', heatPath)
    const watched = (heat as { buckets: { watched: number }[] }).buckets.map((bucket) => bucket.watched)
    expect(watched).toEqual(Array.from({ length: 100 }, (_, bucket) => (bucket < 60 ? 1 : 0)))

    service.clock.nowMs += 30 * 3_600_000
    await runOften(service.deps)
    expect(
      await env.DB.prepare('SELECT count(*) AS n FROM play_hours WHERE user_id = ?').bind(caller.key.userId).first('n'),
    ).toBe(1)
    expect(await caller.answer('GET', path)).toEqual([200, { ...expected, totals: { ...metrics, live_now: 0 } }])
    expect(await caller.answer('GET', byDevice)).toEqual(groups)
    expect(await caller.answer('GET', heatPath)).toEqual([200, heat])
  })

  it('count what a player says of its start, its waiting, and of leaving before a frame', async () => {
    const { begin, play, read, say, service, caller } = await scene()
    const [watched, left] = [await begin(), await begin()]
    expect(await say(watched, ['e=ps,sn=0,sta=s,ts=1000,v=2'])).toBe(204)
    await play(watched, 3)
    expect(await say(watched, ['e=ps,msd=2300,sn=1,sta=p,ts=3300,v=2', 'e=ps,sn=2,sta=r,ts=7300,v=2'])).toBe(204)
    service.clock.nowMs += 3000
    const back = ['e=ps,sn=3,sta=p,ts=10300,v=2', 'e=e,ec=("fragLoadError" "<b>"),sn=4,ts=10400,v=2', 'no=cmcd,,', '']
    expect(await say(watched, back)).toBe(204)
    // Its answer was lost.
    expect(await say(watched, back)).toBe(204)
    expect(await say(left, ['e=ps,sn=0,sta=s,ts=5,v=2', 'e=ps,sn=1,sta=q,ts=9,v=2'])).toBe(204)
    expect(await say(await begin(), ['e=ps,sn=0,sta=s,ts=5,v=2'], { 'Sec-GPC': '1' })).toBe(204)
    service.clock.nowMs += 121_000
    await read(`${watched}v/4.m4s`)
    await deliver(service)
    service.clock.nowMs += 121_000
    await read(`${watched}v/4.m4s`)
    await deliver(service)
    const [, body] = await caller.answer('GET', '/api/analytics')
    expect(body).toMatchObject({
      totals: {
        plays: 1,
        exits_before_start: 1,
        rebuffer_count: 1,
        startup_ms: { p50: expect.closeTo(2300, -2.4) as number },
        errors: { fragLoadError: 1, other: 1 },
      },
    })
  })

  it('are read page by page, newest first, and are nobody else’s', async () => {
    const { service, caller, film } = await scene()
    const report = (index: number) => ({
      sid: index.toString(16).padStart(8, '0') + film.jobId.slice(0, 8),
      jobId: film.jobId,
      ownerId: caller.key.userId,
      viewer: '0'.repeat(16),
      begunAtMs: service.clock.nowMs - Math.floor(index / 3) * 1000,
      endsAtMs: service.clock.nowMs + 3_600_000,
      keyReference: 'ffff',
      seenAtMs: service.clock.nowMs,
      bytes: 1,
      player: 'other',
    })
    service.plays.push({ plays: Array.from({ length: 250 }, (_, index) => report(index)) })
    await deliver(service)
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const [, page] = await caller.answer('GET', `/api/analytics/plays${cursor === '' ? '' : `?cursor=${cursor}`}`)
      const { plays, cursor: next } = page as { plays: { sid: string; begun_at: string }[]; cursor: string | null }
      seen.push(...plays.map(({ sid, begun_at }) => `${begun_at} ${sid}`))
      cursor = next
    }
    expect(seen).toEqual(seen.toSorted().toReversed())
    expect(new Set(seen).size).toBe(250)
    const stranger = await knownCaller({ service })
    expect(await stranger.answer('GET', '/api/analytics/plays')).toEqual([200, { plays: [], cursor: null }])
  })

  it('refuse ranges that are upside down or too long', async () => {
    const { caller } = await scene()
    const ask = async (query: string) => await caller.answer('GET', `/api/analytics?${query}`)
    expect(await ask('from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).toEqual([
      422,
      { detail: 'from: must be before to' },
    ])
    expect(await ask('from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z&interval=hour')).toEqual([
      422,
      { detail: 'from: must be at most 31 days before to' },
    ])
    expect((await ask('from=2025-01-01T00:00:00Z&to=2026-03-01T00:00:00Z'))[0]).toBe(422)
  })
})
