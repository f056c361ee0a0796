// Playlists that are given out of memory: what that saves, how long it lasts, and what must never be mixed up.
import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { ORIGIN, startService, type Service } from '../support/service.ts'
import { makeVideo, type TestVideo } from '../support/videos.ts'

const FILM = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:4.5,\nseg-1.ts\n#EXT-X-ENDLIST\n'
const LIVE = FILM.replace('#EXT-X-ENDLIST\n', '')
const FRESH_MS = 55_000

async function film(text = FILM): Promise<TestVideo> {
  const video = await makeVideo()
  await video.putStreamFile('index.m3u8', text)
  return video
}

async function read(service: Service, { jobId }: TestVideo, query = '', init: RequestInit = {}): Promise<Response> {
  return await service.request(`/api/playback/stream/${jobId}${query}`, init)
}

/** Reads of database and bucket that the request took. */
async function costOf(service: Service, request: () => Promise<Response>): Promise<number[]> {
  service.reset()
  await (await request()).arrayBuffer()
  return [service.counts.d1Reads, service.counts.r2Reads]
}

async function gunzip(response: Response): Promise<string> {
  const bytes = await response.arrayBuffer()
  return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

describe('a hot playlist', () => {
  it('costs no read of database or bucket', async () => {
    const video = await film()
    const service = startService()
    const first = await (await read(service, video)).text()
    expect(await costOf(service, () => read(service, video, '/index.m3u8'))).toEqual([0, 0])
    expect(await (await read(service, video)).text()).toBe(first)
  })

  it('costs none in another isolate of the data centre either', async () => {
    const video = await film()
    const first = startService()
    const text = await (await read(first, video)).text()
    await first.settle()
    const second = startService()
    expect(await costOf(second, () => read(second, video))).toEqual([0, 0])
    expect(await (await read(second, video)).text()).toBe(text)
  })

  it('is as fresh in the other isolate as in the one that made it', async () => {
    const video = await film()
    const first = startService()
    await read(first, video)
    await first.settle()
    const second = startService()
    second.clock.nowMs += FRESH_MS
    expect(await costOf(second, () => read(second, video))).toEqual([1, 1])
  })

  it('is asked about again after 55 s, and signed again only when the object changed', async () => {
    const video = await film()
    const service = startService()
    await read(service, video)
    service.clock.nowMs += FRESH_MS - 1
    expect(await costOf(service, () => read(service, video))).toEqual([0, 0])
    service.clock.nowMs += 1
    expect(await costOf(service, () => read(service, video))).toEqual([1, 1])
    expect(await costOf(service, () => read(service, video))).toEqual([0, 0])
    await video.putStreamFile('index.m3u8', FILM.replace('seg-1', 'seg-2'))
    service.clock.nowMs += FRESH_MS
    expect(await (await read(service, video)).text()).toContain('seg-2.ts?')
  })

  it('ends within 60 s of the end of playback', async () => {
    const video = await film()
    const service = startService()
    await read(service, video)
    await env.DB.prepare("UPDATE videos SET playback = 'off' WHERE job_id = ?").bind(video.jobId).run()
    service.clock.nowMs += FRESH_MS
    expect((await read(service, video)).status).toBe(404)
  })

  it('ends within 60 s of the object', async () => {
    const video = await film()
    const service = startService()
    await read(service, video)
    await env.MEDIA.delete(`users/${video.userId}/hls/${video.jobId}/index.m3u8`)
    service.clock.nowMs += FRESH_MS
    expect((await read(service, video)).status).toBe(404)
  })

  it('ends with its signing window', async () => {
    const video = await film()
    const service = startService()
    service.clock.nowMs = Date.parse('2026-11-21T12:14:50Z')
    const before = await (await read(service, video)).text()
    service.clock.nowMs += 10_000
    const after = await (await read(service, video)).text()
    expect(after).not.toBe(before)
    expect(after).toContain('X-Amz-Date=20261121T121500Z')
  })

  it('ends with the window it was asked for in, though that ended before it was answered', async () => {
    const video = await film()
    const service = startService()
    service.clock.nowMs = Date.parse('2026-11-21T12:13:00Z')
    await (await read(service, video)).text()
    // No longer fresh: the database and the bucket are asked, and the text holds.
    service.clock.nowMs = Date.parse('2026-11-21T12:14:59Z')
    const pending = read(service, video)
    service.clock.nowMs += 2_000
    await (await pending).text()
    expect(await (await read(service, video)).text()).toContain('X-Amz-Date=20261121T121500Z')
  })

  it('is recalled by the addresses that many ask for, and by no viewer’s own', async () => {
    const video = await film()
    const service = startService()
    const isRecalled = async (path: string): Promise<boolean> => {
      const address = `${ORIGIN}/api/playback/stream/${video.jobId}${path}`
      expect((await service.request(address)).status).toBe(200)
      return service.deps.playlistCache.peek(address, service.clock.nowMs) !== undefined
    }
    expect(await isRecalled('')).toBe(true)
    expect(await isRecalled('/index.m3u8')).toBe(true)
    expect(await isRecalled('?')).toBe(false)
    expect(await isRecalled('?CMCD=bl%3D1')).toBe(false)
    const longName = `${'x'.repeat(500)}.m3u8`
    await video.putStreamFile(longName, FILM)
    expect(await isRecalled(`/${longName}`)).toBe(false)
  })

  it('is kept for less than half a target duration while it is live', async () => {
    const video = await film(LIVE)
    const service = startService()
    await read(service, video)
    service.clock.nowMs += 2699
    expect(await costOf(service, () => read(service, video))).toEqual([0, 0])
    service.clock.nowMs += 1
    expect(await costOf(service, () => read(service, video))).toEqual([1, 1])
  })

  it('is not kept when it is live and says no target duration', async () => {
    const video = await film(LIVE.replace('#EXT-X-TARGETDURATION:6\n', ''))
    const service = startService()
    await read(service, video)
    expect(await costOf(service, () => read(service, video))).toEqual([1, 1])
  })

  it('is one text for viewers whose queries cannot change it, with one ETag', async () => {
    const video = await film()
    const service = startService()
    const first = await read(service, video)
    service.reset()
    const second = await read(service, video, '?CMCD=bl%3D1&_HLS_msn=1')
    expect(service.counts).toMatchObject({ d1Reads: 0, r2Reads: 0 })
    expect(second.headers.get('ETag')).toBe(first.headers.get('ETag'))
  })

  it('is another text for each value of a variable', async () => {
    const video = await film(FILM.replace('#EXTINF', '#EXT-X-DEFINE:QUERYPARAM="q"\n#EXTINF').replace('seg-1', '{$q}'))
    const service = startService()
    const one = await read(service, video, '?q=one')
    const two = await read(service, video, '?q=two')
    expect(await one.text()).toContain('/one.ts?')
    expect(await two.text()).toContain('/two.ts?')
    expect(one.headers.get('ETag')).not.toBe(two.headers.get('ETag'))
    expect(await costOf(service, () => read(service, video, '?q=one'))).toEqual([0, 0])
  })

  it('is another text under another origin and in another file', async () => {
    const video = await film('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n')
    await video.putStreamFile('v.m3u8', FILM)
    const service = startService({ S3_ENDPOINT: '/storage' })
    const child = `/api/playback/stream/${video.jobId}/v.m3u8`
    const here = await (await service.request(child)).text()
    const there = await (await service.request(`https://other.example.com${child}`)).text()
    expect(here).toContain('\nhttps://api.example.com/storage/')
    expect(there).toContain('\nhttps://other.example.com/storage/')
    expect(await (await read(service, video)).text()).toContain(child)
  })

  it('never holds a key', async () => {
    const video = await film()
    await video.putStreamFile('1.key', new Uint8Array(16))
    const service = startService()
    await read(service, video, '/1.key')
    expect(await costOf(service, () => read(service, video, '/1.key'))).toEqual([1, 1])
  })

  it('survives a failing database until it is no longer fresh', async () => {
    const video = await film()
    const service = startService()
    await read(service, video)
    service.failing.add('DB').add('MEDIA')
    expect((await read(service, video)).status).toBe(200)
    service.clock.nowMs += FRESH_MS
    expect((await read(service, video)).status).toBe(503)
  })
})

describe('the encoding of a playlist', () => {
  const LONG = FILM.replace('#EXTINF:4.5,\nseg-1.ts\n', '#EXTINF:4.5,\nseg-1.ts\n'.repeat(20))
  const gzip = { headers: { 'Accept-Encoding': 'br, gzip' } }

  it('is gzip for a client that takes it, and the same text', async () => {
    const video = await film(LONG)
    const service = startService()
    const compressed = await read(service, video, '', gzip)
    expect(compressed.headers.get('Content-Encoding')).toBe('gzip')
    expect(compressed.headers.get('Vary')).toBe('Accept-Encoding, Origin')
    const plain = await read(service, video)
    expect(plain.headers.get('Content-Encoding')).toBeNull()
    expect(plain.headers.get('Vary')).toBe('Accept-Encoding, Origin')
    expect(plain.headers.get('ETag')).toBe(compressed.headers.get('ETag'))
    expect(await gunzip(compressed)).toBe(await plain.text())
  })

  it('is made from the other one in an isolate that has only that', async () => {
    const video = await film(LONG)
    const first = startService()
    const text = await (await read(first, video)).text()
    await first.settle()
    const second = startService()
    expect(await gunzip(await read(second, video, '', gzip))).toBe(text)
    await second.settle()
    const third = startService()
    expect(await (await read(third, video)).text()).toBe(text)
    expect(third.counts.r2Reads).toBe(0)
  })

  it.each(['', 'br', 'gzip;q=0', 'gzip; q=0.000, br', 'xgzip'])('is none for Accept-Encoding %j', async (accepted) => {
    const video = await film(LONG)
    const response = await read(startService(), video, '', { headers: { 'Accept-Encoding': accepted } })
    expect(response.headers.get('Content-Encoding')).toBeNull()
  })

  it.each(['gzip', 'GZIP;q=0.5', 'deflate, gzip;q=1.0', 'x-gzip'])(
    'is gzip for Accept-Encoding %j',
    async (accepted) => {
      const video = await film(LONG)
      const response = await read(startService(), video, '', { headers: { 'Accept-Encoding': accepted } })
      expect(response.headers.get('Content-Encoding')).toBe('gzip')
    },
  )

  it('is none for a text that one packet holds', async () => {
    const video = await film()
    const response = await read(startService(), video, '', gzip)
    expect(response.headers.get('Content-Encoding')).toBeNull()
  })

  it('serves a playlist of 30,000 segments in either, from memory the second time', async () => {
    const segments = Array.from({ length: 30_000 }, (_, index) => `#EXTINF:1,\n${index}.ts\n`).join('')
    const video = await film(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n${segments}#EXT-X-ENDLIST\n`)
    const service = startService()
    const plain = await (await read(service, video)).text()
    expect(plain.match(/X-Amz-Signature=[0-9a-f]{64}\n/g)).toHaveLength(30_000)
    service.reset()
    expect(await gunzip(await read(service, video, '', gzip))).toBe(plain)
    expect(service.counts.r2Reads).toBe(0)
  })
})
