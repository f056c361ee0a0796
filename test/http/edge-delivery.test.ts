// Edge delivery end to end: what playback and uploads hand out is served by the very same Worker.
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { makeDeps } from '../../src/deps/deps.ts'
import { realWorld } from '../../src/deps/world.ts'
import { env } from '../support/env.ts'
import { EDGE_VARIABLES, SECRET, numberedBytes } from '../support/media.ts'
import { ORIGIN, VARIABLES, startService } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na b/seg-1.ts\n#EXTINF:4.5,\nseg-2.ts\n#EXT-X-ENDLIST\n'
const SEGMENT = numberedBytes(188 * 100)

function deliveryOf(variables: Readonly<Record<string, string>>) {
  const result = readConfig({ ...VARIABLES, ...variables })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return makeDeps(result.config, env, { ...realWorld, log: () => undefined })
}

describe('a playlist', () => {
  it('names segments of this Worker, and each is served', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', PLAYLIST)
    await video.putStreamFile('a b/seg-1.ts', SEGMENT)
    await video.putStreamFile('seg-2.ts', SEGMENT)
    const service = startService(EDGE_VARIABLES)
    const text = await (await service.request(`/api/playback/stream/${video.jobId}`)).text()
    const urls = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(urls).toHaveLength(2)
    for (const url of urls) {
      expect(url).toMatch(
        new RegExp(
          `^${ORIGIN}/media/users/${video.userId}/hls/${video.jobId}/.*[?]X-Amz-.*&X-Amz-Signature=[0-9a-f]{64}$`,
        ),
      )
      const response = await service.request(url, { headers: { Range: 'bytes=188-375' } })
      expect(response.status).toBe(206)
      expect(response.headers.get('Content-Type')).toBe('video/mp2t')
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(SEGMENT.slice(188, 376))
    }
  })

  it('F30: reads a lone percent sign as itself, in the list, in its segments and in its own name', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n100%.m3u8\n')
    await video.putStreamFile('100%.m3u8', PLAYLIST.replace('a b/seg-1.ts', '100%.ts').replace('seg-2.ts', 'a%zz.ts'))
    await video.putStreamFile('100%.ts', SEGMENT)
    await video.putStreamFile('a%zz.ts', SEGMENT)
    const service = startService(EDGE_VARIABLES)
    const entry = await (await service.request(`/api/playback/stream/${video.jobId}`)).text()
    const child = entry.split('\n')[2] ?? ''
    expect(child).toBe(`/api/playback/stream/${video.jobId}/100%25.m3u8`)
    for (const address of [child, child.replace('%25', '%')]) {
      const urls = (await (await service.request(address)).text())
        .split('\n')
        .filter((line) => line.startsWith('https:'))
      expect(urls).toHaveLength(2)
      for (const url of urls) expect((await service.request(url, { method: 'HEAD' })).status).toBe(200)
    }
  })

  it('changes its validator when the secret is rotated', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', PLAYLIST)
    const etagWith = async (secret: string): Promise<string | null> =>
      (
        await startService({ ...EDGE_VARIABLES, EDGE_SIGNING_SECRET: secret }).request(
          `/api/playback/stream/${video.jobId}`,
        )
      ).headers.get('ETag')
    expect(await etagWith(SECRET)).toBe(await etagWith(SECRET))
    expect(await etagWith('another secret that is long enough')).not.toBe(await etagWith(SECRET))
  })
})

describe('a redirect', () => {
  it('leads to the original and names the download', async () => {
    const { jobId, storagePath } = await makeVideo()
    await env.MEDIA.put(storagePath, SEGMENT)
    const service = startService(EDGE_VARIABLES)
    for (const method of ['GET', 'HEAD']) {
      const redirect = await service.request(`/api/playback/direct?job_id=${jobId}&download=1`, { method })
      const response = await service.request(redirect.headers.get('Location') ?? '', { method })
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Disposition')).toContain('attachment; filename="film.mp4"')
      await response.arrayBuffer()
    }
  })

  it.each(['direct?job_id=', 'direct?download=1&job_id=', 'thumbnail/'])(
    'F31: leads HEAD and GET of %s to one URL, which takes both',
    async (path) => {
      const { jobId, userId, storagePath } = await makeVideo()
      await env.MEDIA.put(storagePath, SEGMENT)
      await env.MEDIA.put(`users/${userId}/thumbnails/${jobId}.jpg`, SEGMENT)
      const service = startService(EDGE_VARIABLES)
      const locate = async (method: string): Promise<string> =>
        (await service.request(`/api/playback/${path}${jobId}`, { method })).headers.get('Location') ?? ''
      const url = await locate('HEAD')
      expect(url).toBe(await locate('GET'))
      for (const method of ['HEAD', 'GET']) {
        const response = await service.request(url, { method })
        expect([method, response.status]).toEqual([method, 200])
        await response.arrayBuffer()
      }
    },
  )

  it('leads to EDGE_ORIGIN, where the same Worker answers under that name', async () => {
    const { jobId, storagePath } = await makeVideo()
    await env.MEDIA.put(storagePath, SEGMENT)
    const service = startService({ ...EDGE_VARIABLES, EDGE_ORIGIN: 'https://cdn.example.com' })
    const redirect = await service.request(`/api/playback/direct?job_id=${jobId}`)
    const location = redirect.headers.get('Location') ?? ''
    expect(new URL(location).origin).toBe('https://cdn.example.com')
    const response = await service.request(location)
    expect(response.status).toBe(200)
    await response.arrayBuffer()
    expect((await service.request(location.replace('https://cdn.example.com', ORIGIN))).status).toBe(403)
  })
})

describe('uploads', () => {
  const request = { origin: ORIGIN, expiresSeconds: 600, contentType: 'video/mp4', sizeBytes: SEGMENT.length }

  it('go through this Worker when there is no S3', async () => {
    const deps = deliveryOf(EDGE_VARIABLES)
    const keys = [`users/${crypto.randomUUID()}/a.mp4`, `users/${crypto.randomUUID()}/ä b.mp4`]
    const { urls, expiresAtMs } = deps.delivery.upload(keys, request)
    expect(expiresAtMs).toBeGreaterThan(Date.now() + 598_000)
    for (const [index, url] of urls.entries()) {
      const headers = { 'Content-Type': 'video/mp4', 'Content-Length': String(SEGMENT.length) }
      const response = await createApp(deps).request(url, { method: 'PUT', body: SEGMENT, headers })
      expect(response.status).toBe(200)
      expect((await env.MEDIA.head(keys[index] ?? ''))?.size).toBe(SEGMENT.length)
    }
  })

  it('are refused when they are larger than a Worker takes, before they are sent', () => {
    const large = { ...request, sizeBytes: 100_000_001 }
    const keys = ['users/u/a.mp4']
    expect(() => deliveryOf(EDGE_VARIABLES).delivery.upload(keys, large)).toThrow(
      /^file_size: must be at most 100000000/,
    )
    expect(deliveryOf({}).delivery.upload(keys, large).urls).toHaveLength(1)
  })

  it('go to S3 when it is configured, in either delivery', () => {
    for (const kind of ['edge', 's3']) {
      const { delivery } = deliveryOf({ DELIVERY: kind, EDGE_SIGNING_SECRET: SECRET })
      const [url = ''] = delivery.upload(['users/u/a.mp4'], request).urls
      expect(new URL(url).origin).toBe('https://storage.example.com')
      expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host')
    }
  })
})
