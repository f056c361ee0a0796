// Objects that were stored with HTTP headers of their own: compressed by a packager, in a language, with rules for
// caches.
import { userIdOf } from '../support/user-id.ts'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.ts'
import { reportKey } from '../../src/core/storage/media-key.ts'
import { call, makeKey } from '../support/callers.ts'
import { deflated } from '../support/deflated.ts'
import { env } from '../support/env.ts'
import { EDGE_VARIABLES, numberedBytes, signMedia } from '../support/media.ts'
import { ORIGIN, startService, type Service } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nseg-1.ts\n#EXT-X-ENDLIST\n'
const STORYBOARD = 'WEBVTT\n\n00:00.000 --> 00:05.000\nsprite.jpg#xywh=0,0,160,90\n'
const CHAPTERS = '[{"start-time":0,"images":[{"url":"a.jpg"}]}]'

describe('a file of a stream that is stored compressed', () => {
  async function place(path: string, bytes: Uint8Array, contentEncoding: string) {
    const video = await makeVideo()
    await video.putStreamFile(path, bytes, { contentEncoding })
    return async (service = startService(), headers: Record<string, string> = {}) =>
      await service.request(`/api/playback/stream/${video.jobId}/${path}`, { headers })
  }

  it.each([
    ['index.m3u8', PLAYLIST, 'application/vnd.apple.mpegurl', 'seg-1.ts?X-Amz-'],
    ['storyboard.vtt', STORYBOARD, 'text/vtt; charset=utf-8', 'sprite.jpg?X-Amz-'],
    ['chapters.json', CHAPTERS, 'application/json', 'a.jpg?X-Amz-'],
  ])('F26: is rewritten all the same: %s', async (path, text, contentType, signed) => {
    for (const [format, coding] of [
      ['gzip', 'gzip'],
      ['gzip', 'x-gzip'],
      ['gzip', 'aws-chunked,gzip'],
      ['deflate', 'deflate'],
    ] as const) {
      const response = await (await place(path, await deflated(utf8(text), format), coding))()
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Type')).toBe(contentType)
      expect(response.headers.get('Content-Encoding')).toBeNull()
      expect(await response.text()).toContain(signed)
    }
  })

  it('F26: is out of memory the second time', async () => {
    const ask = await place('index.m3u8', await deflated(utf8(PLAYLIST)), 'gzip')
    const service = startService()
    const first = await (await ask(service)).text()
    service.reset()
    expect(await (await ask(service)).text()).toBe(first)
    expect(service.counts).toMatchObject({ d1Reads: 0, r2Reads: 0 })
  })

  it('F26: is a key, whose bytes are the inflated ones', async () => {
    const key = numberedBytes(16)
    const response = await (await place('1.key', await deflated(key), 'gzip'))()
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(key)
  })

  it('F26: is read up to 2 MiB and no further, however small it is stored', async () => {
    const lines = (count: number): string => `${PLAYLIST}${'#\n'.repeat(count)}`
    const fits = lines((2 * 1024 * 1024 - PLAYLIST.length) / 2)
    expect((await (await place('index.m3u8', await deflated(utf8(fits)), 'gzip'))()).status).toBe(200)
    for (const text of [`${fits}##`, lines(40_000_000)]) {
      const response = await (await place('index.m3u8', await deflated(utf8(text)), 'gzip'))()
      expect([response.status, await response.json()]).toEqual([422, { detail: 'Playlist is too large' }])
    }
    const storyboard = await deflated(utf8(STORYBOARD + '\n'.repeat(2 * 1024 * 1024)))
    expect((await (await place('storyboard.vtt', storyboard, 'gzip'))()).status).toBe(404)
  })

  it.each([
    ['another coding', 'br', utf8(PLAYLIST)],
    ['plain text that calls itself gzip', 'gzip', utf8(PLAYLIST)],
  ])('F26: is refused in clear words when it is %s', async (_name, coding, bytes) => {
    const response = await (await place('index.m3u8', bytes, coding))()
    expect([response.status, await response.json()]).toEqual([
      422,
      { detail: 'The stored Content-Encoding must be gzip or deflate, and fit the bytes' },
    ])
  })

  it('F26: is the analysis of a shared report', async () => {
    const caller = await makeKey()
    const { jobId } = await makeVideo({ userId: caller.userId })
    const report = await deflated(utf8('{"score":1}'))
    await env.MEDIA.put(reportKey(userIdOf(caller.userId), jobId), report, {
      httpMetadata: { contentEncoding: 'gzip' },
    })
    const service = startService()
    const shared = await call(service, caller.rawKey, 'POST', '/api/shared-reports', { video_id: jobId })
    const { share_hash: hash } = (await shared.json()) as { share_hash: string }
    const response = await service.request(`/api/shared-reports/${hash}`)
    expect(await response.json()).toMatchObject({ report: { score: 1 } })
  })
})

const CUES = utf8('WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n'.repeat(50))

describe('GET /media of an object with headers of its own', () => {
  async function place(httpMetadata: R2HTTPMetadata, bytes: Uint8Array<ArrayBuffer> = CUES) {
    const key = `users/${crypto.randomUUID()}/words.vtt`
    await env.MEDIA.put(key, bytes, { httpMetadata })
    const service = startService(EDGE_VARIABLES)
    const url = signMedia({ key, origin: ORIGIN, signedAtSeconds: Math.floor(service.clock.nowMs / 1000) })
    const ask = async (headers: Record<string, string> = {}, method = 'GET', at: Service = service) =>
      await at.request(url, { headers, method })
    return { key, service, ask, bytes }
  }
  const placeGzip = async (more: R2HTTPMetadata = {}) =>
    await place({ contentEncoding: 'gzip', ...more }, await deflated(CUES))

  it('F26: sends the stored bytes and says how they are encoded: cold, warm, and out of another isolate', async () => {
    const { ask, bytes, service } = await placeGzip({ contentLanguage: 'de' })
    for (const at of [service, service, startService(EDGE_VARIABLES)]) {
      const response = await ask({}, 'GET', at)
      expect(response.status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-encoding': 'gzip',
        'content-language': 'de',
        'content-length': String(bytes.byteLength),
        'content-type': 'text/vtt',
        vary: 'Accept-Encoding, Origin',
      })
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
      await service.settle()
    }
    const head = await ask({}, 'HEAD')
    expect(head.headers.get('Content-Encoding')).toBe('gzip')
    expect(head.headers.get('Content-Length')).toBe(String(bytes.byteLength))
  })

  it.each(['br', 'zstd', 'gzip, br'])('F26: passes on what it cannot decode itself: %s', async (contentEncoding) => {
    const { ask, bytes } = await place({ contentEncoding })
    const response = await ask()
    expect(response.headers.get('Content-Encoding')).toBe(contentEncoding)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
  })

  it.each([
    ['no Accept-Encoding', {}],
    ['gzip', { 'Accept-Encoding': 'gzip, deflate, br' }],
    ['anything', { 'Accept-Encoding': '*;q=0.5' }],
  ])('F26: takes a range of the encoded bytes, as RFC 9110 §14.1.2 says, from a client with %s', async (_n, accept) => {
    const { ask, bytes } = await placeGzip()
    const response = await ask({ ...accept, Range: 'bytes=5-14' })
    expect(response.status).toBe(206)
    expect(response.headers.get('Content-Encoding')).toBe('gzip')
    expect(response.headers.get('Content-Range')).toBe(`bytes 5-14/${bytes.byteLength}`)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes.slice(5, 15))
  })

  it.each([
    { 'Accept-Encoding': 'identity' },
    { 'Accept-Encoding': 'br' },
    { 'Accept-Encoding': 'gzip;q=0, *' },
    { 'Accept-Encoding': '' },
  ])('F26: sends the whole to a client that could not decode a part: %j', async (accept) => {
    const { ask, bytes, service } = await placeGzip()
    for (const Range of ['bytes=5-14', 'bytes=999999-']) {
      service.reset()
      const response = await ask({ ...accept, Range })
      expect(response.status).toBe(200)
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
      await service.settle()
    }
    // That is no refusal which another version could lift: the bucket is not asked again.
    expect(service.counts.r2Reads).toBe(0)
  })

  it.each([
    [{ cacheControl: 'public, max-age=31536000, stale-while-revalidate=9' }, 'private, max-age=3600'],
    [{ cacheControl: 'max-age=10, no-transform' }, 'private, max-age=10, no-transform'],
    [{ cacheControl: 'no-store' }, 'no-store'],
    [{ cacheControl: 'no-cache' }, 'private, no-cache'],
    [{ cacheExpiry: new Date('2026-11-21T12:08:00Z') }, 'private, max-age=60'],
  ])('F26: heeds the stored rules for caches as far as they are stricter: %j', async (httpMetadata, expected) => {
    const { ask, service } = await place(httpMetadata)
    for (let round = 0; round < 2; round++) {
      const response = await ask()
      expect(response.headers.get('Cache-Control')).toBe(expected)
      await response.arrayBuffer()
      await service.settle()
    }
  })

  it('F26: does not name a download as its uploader did: a name of another kind could be a program’s', async () => {
    const { ask } = await place({ contentDisposition: 'attachment; filename="setup.exe"' })
    const response = await ask()
    expect(response.headers.get('Content-Disposition')).toBeNull()
    await response.arrayBuffer()
  })
})

describe('PUT /media of an object with headers of its own', () => {
  it('F26: stores them, so that the playlist of a packager that compresses plays', async () => {
    const video = await makeVideo()
    const service = startService(EDGE_VARIABLES)
    const key = `users/${video.userId}/hls/${video.jobId}/index.m3u8`
    const bytes = await deflated(utf8(PLAYLIST))
    const signedAtSeconds = Math.floor(service.clock.nowMs / 1000)
    const put = await service.request(signMedia({ key, origin: ORIGIN, signedAtSeconds, method: 'PUT' }), {
      method: 'PUT',
      body: bytes,
      headers: {
        'Content-Length': String(bytes.byteLength),
        'Content-Encoding': 'gzip',
        'Content-Language': 'de',
        'Cache-Control': 'max-age=5',
        Expires: 'Sat, 21 Nov 2026 12:08:00 GMT',
      },
    })
    expect(put.status).toBe(200)
    expect((await env.MEDIA.head(key))?.httpMetadata).toMatchObject({
      contentType: 'application/vnd.apple.mpegurl',
      contentEncoding: 'gzip',
      contentLanguage: 'de',
      cacheControl: 'max-age=5',
      cacheExpiry: new Date('2026-11-21T12:08:00Z'),
    })
    const begun = await service.request(`/api/playback/stream/${video.jobId}`)
    const response = await service.request(begun.headers.get('Location') ?? '')
    expect(await response.text()).toBe(PLAYLIST)
  })
})
