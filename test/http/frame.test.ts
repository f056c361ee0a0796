// What surrounds every answer of every route: its id, the default headers, one line in the log.
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../src/domain/log.ts'
import { rawPath, type HttpEnv } from '../../src/http/context.ts'
import { DEFAULT_BRAND } from '../../src/core/brand.ts'
import { faultAnswers } from '../../src/http/faults.ts'
import { pageLook } from '../../src/http/pages/look.ts'
import { frame } from '../../src/http/frame.ts'
import { startService } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const FILM = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:4.5,\nseg-1.ts\n#EXT-X-ENDLIST\n'
const ID = 'request-1234'

describe('every answer', () => {
  it.each([
    ['a page', 200, '/', {}],
    ['JSON', 200, '/api/openapi.json', {}],
    ['a redirect', 302, '/api/playback/thumbnail/{job}', {}],
    ['a playlist', 200, '/api/playback/stream/{job}', {}],
    ['a stream’s HEAD', 200, '/api/playback/stream/{job}', { method: 'HEAD' }],
    ['an unknown path', 404, '/api/nowhere', {}],
    ['another method', 405, '/api/me', { method: 'PUT' }],
    ['no credential', 401, '/api/me', {}],
    ['a refused upgrade', 400, '/api/me', { method: 'POST', headers: { Upgrade: 'websocket' } }],
    ['a Host that is none', 400, 'https://a{b.example.com/api/me', {}],
    [
      'a preflight',
      204,
      '/api/me',
      { method: 'OPTIONS', headers: { Origin: 'https://a.example', 'Access-Control-Request-Method': 'GET' } },
    ],
  ])('has its id, its defaults and one line in the log: %s, %i', async (_what, status, path, init: RequestInit) => {
    const service = startService()
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', FILM)
    const headers = { ...(init.headers as Record<string, string> | undefined), 'X-Request-Id': ID }
    const response = await service.request(path.replace('{job}', video.jobId), { ...init, headers })
    expect(response.status).toBe(status)
    expect(response.headers.get('X-Request-Id')).toBe(ID)
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(response.headers.get('Cache-Control')).not.toBeNull()
    expect(
      response.headers
        .get('Vary')
        ?.split(', ')
        .filter((name) => name === 'Origin'),
    ).toHaveLength(1)
    expect(service.logs).toMatchObject([{ message: 'request', request_id: ID, status }])
  })
})

describe('a line of the log', () => {
  it('F17: says how many milliseconds the answer took', async () => {
    const logs: LogLine[] = []
    let nowMs = 1_000_000
    const world = { log: (line: LogLine) => void logs.push(line), newId: () => ID, nowMs: () => nowMs }
    const app = new Hono<HttpEnv>({ getPath: rawPath })
    app.use(frame(world, { api: new Set(), playback: '*' }, faultAnswers(pageLook(DEFAULT_BRAND))))
    app.get('/slow', (c) => {
      nowMs += 42
      return c.text('at last')
    })
    await app.request('/slow')
    expect(logs).toMatchObject([{ message: 'request', status: 200, ms: 42 }])
  })
})

describe('an answer out of memory', () => {
  it('is counted, and the next line says how many there were', async () => {
    const service = startService()
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', FILM)
    for (let times = 0; times < 3; times++) await service.request(`/api/playback/stream/${video.jobId}`)
    expect(service.logs).toHaveLength(1)
    expect(service.logs[0]).not.toHaveProperty('from_memory', expect.anything())
    await service.request('/api/nowhere')
    expect(service.logs[1]).toMatchObject({ status: 404, from_memory: 2 })
    await service.request('/api/nowhere')
    expect(service.logs[2]?.['from_memory']).toBeUndefined()
  })

  it('has a line of its own every thousandth time', async () => {
    const service = startService()
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', FILM)
    for (let times = 0; times < 1001; times++) await service.request(`/api/playback/stream/${video.jobId}`)
    expect(service.logs).toHaveLength(2)
    expect(service.logs[1]).toMatchObject({ status: 200, from_memory: 1000 })
  })
})
