import { describe, expect, it } from 'vitest'
import { startService } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const LISTED = 'https://app.example.com'
const service = () => startService({ CORS_ORIGINS: `${LISTED}, https://other.example.com` })

describe('a listed origin', () => {
  it.each([
    ['/api/health', 200],
    ['/api/nowhere', 404],
    ['/api/v1/nowhere', 404],
  ])('is echoed on %s (%i)', async (path, status) => {
    const response = await service().request(path, { headers: { Origin: LISTED } })
    expect(response.status).toBe(status)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(LISTED)
    expect(response.headers.get('Access-Control-Expose-Headers')).toContain('X-Request-Id')
    expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
    expect(response.headers.get('Vary')).toContain('Origin')
  })

  it('gets its preflight answered before anything else', async () => {
    const response = await service().request('/api/videos', {
      method: 'OPTIONS',
      headers: { Origin: LISTED, 'Access-Control-Request-Method': 'POST' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(LISTED)
    expect(response.headers.get('Access-Control-Allow-Methods')).toBe('GET, HEAD, POST, PUT, PATCH, DELETE')
    expect(response.headers.get('Access-Control-Allow-Headers')).toBe(
      'Authorization, Content-Type, Range, If-None-Match',
    )
    expect(response.headers.get('Access-Control-Max-Age')).toBe('600')
  })
})

describe('an origin that is not listed', () => {
  it.each([
    'https://evil.example.com',
    'null',
    'http://app.example.com',
    'https://app.example.com.evil.org',
    'https://evilapp.example.com',
    'https://APP.example.com',
    'https://app.example.com:8443',
    'https://app.example.com/',
  ])('gets no CORS header at all: %s', async (origin) => {
    const preflight = { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' } }
    for (const init of [{ headers: { Origin: origin } }, preflight]) {
      const response = await service().request('/api/health', init)
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(response.headers.get('Vary')).toContain('Origin')
    }
  })
})

describe('playback', () => {
  it('is readable from everywhere by default, redirects and faults included', async () => {
    const { jobId } = await makeVideo()
    for (const path of [`/api/playback/thumbnail/${jobId}`, '/api/playback/thumbnail/none']) {
      const response = await service().request(path, { headers: { Origin: 'https://anywhere.example.org' } })
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    }
  })

  it('follows PLAYBACK_CORS_ORIGINS', async () => {
    const strict = startService({ PLAYBACK_CORS_ORIGINS: LISTED })
    const answer = async (origin: string) =>
      (await strict.request('/api/playback/thumbnail/none', { headers: { Origin: origin } })).headers.get(
        'Access-Control-Allow-Origin',
      )
    expect(await answer(LISTED)).toBe(LISTED)
    expect(await answer('https://anywhere.example.org')).toBeNull()
  })

  it.each(['/api/playback/stream/none', '/api/playback/direct', '/media/users/u/film.mp4'])(
    'F27: takes the headers that players add of their own accord: %s',
    async (path) => {
      const response = await startService().request(path, {
        method: 'OPTIONS',
        headers: {
          Origin: 'https://anywhere.example.org',
          'Access-Control-Request-Method': 'GET',
          'Access-Control-Request-Headers': 'cmcd-object,cmcd-request,cmcd-session,range',
        },
      })
      expect(response.status).toBe(204)
      expect(response.headers.get('Access-Control-Allow-Headers')).toBe(
        'Authorization, Content-Type, Range, If-None-Match, ' +
          'CMCD-Request, CMCD-Object, CMCD-Session, CMCD-Status, Cache-Control, X-Playback-Session-Id',
      )
    },
  )

  it('F27: answers with CMCD in the query as without it', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', '#EXTM3U\n#EXTINF:6,\nseg-1.ts\n#EXT-X-ENDLIST\n')
    const plain = startService()
    for (const path of ['stream/JOB?', 'stream/JOB/index.m3u8?', 'thumbnail/JOB?', 'direct?job_id=JOB&']) {
      const address = `/api/playback/${path.replace('JOB', video.jobId)}`
      const [without, with_] = await Promise.all(
        ['', 'CMCD=bl%3D1%2Csid%3D%22a%22'].map(async (query) => await plain.request(address + query)),
      )
      expect(with_?.status).toBe(without?.status)
      expect(with_?.status).toBeLessThan(400)
      expect(with_?.headers.get('Location')).toBe(without?.headers.get('Location'))
      expect(await with_?.text()).toBe(await without?.text())
    }
  })
})
