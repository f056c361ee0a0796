// Edge delivery end to end: what playback and uploads hand out is served by the very same Worker.
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { makeDeps } from '../../src/deps/deps.ts'
import { realWorld } from '../../src/deps/world.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO } from '../support/known-caller.ts'
import { EDGE_VARIABLES, SECRET, numberedBytes } from '../support/media.ts'
import { ORIGIN, VARIABLES, startService, type Service } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na b/seg-1.ts\n#EXTINF:4.5,\nseg-2.ts\n#EXT-X-ENDLIST\n'
const SEGMENT = numberedBytes(188 * 100)

function deliveryOf(variables: Readonly<Record<string, string>>) {
  const result = readConfig({ ...VARIABLES, ...variables })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return makeDeps(result.config, env, { ...realWorld, log: () => undefined })
}

const MULTIVARIANT =
  '#EXTM3U\n#EXT-X-DATERANGE:ID="a",X-ASSET-LIST="a.json"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/v.m3u8\n'
const PREFIX = /\/v\/[A-Za-z0-9_-]{82}\//

async function film(entry = MULTIVARIANT) {
  const video = await makeVideo()
  await video.putStreamFile('index.m3u8', entry)
  await video.putStreamFile('low/v.m3u8', PLAYLIST)
  await video.putStreamFile('low/a b/seg-1.ts', SEGMENT)
  await video.putStreamFile('a b/seg-1.ts', SEGMENT)
  return { ...video, stream: `/api/playback/stream/${video.jobId}` }
}

/** The prefix of a new viewing. */
async function begin(service: Service, stream: string): Promise<string> {
  return PREFIX.exec(await (await service.request(stream)).text())?.[0] ?? ''
}

describe('a public stream', () => {
  it('goes through a session: its playlists as they are stored, its segments by relative names', async () => {
    const { stream } = await film()
    const service = startService(EDGE_VARIABLES)
    const entry = await service.request(stream)
    expect(entry.headers.get('Cache-Control')).toBe('no-store')
    const text = await entry.text()
    const prefix = PREFIX.exec(text)?.[0] ?? ''
    expect(text).toBe(MULTIVARIANT.replace('a.json', `${ORIGIN}${prefix}a.json`).replace('low', `${prefix}low`))
    expect(await (await service.request(`${prefix}low/v.m3u8`)).text()).toBe(PLAYLIST)
    const part = await service.request(`${prefix}low/a%20b/seg-1.ts`, { headers: { Range: 'bytes=188-375' } })
    expect([part.status, part.headers.get('Content-Type')]).toEqual([206, 'video/mp2t'])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(SEGMENT.slice(188, 376))
    expect(await begin(service, stream)).not.toBe(prefix)
  })

  it('costs one read each of database and bucket to begin, then none; a warm segment none', async () => {
    const { stream } = await film()
    const service = startService(EDGE_VARIABLES)
    const prefix = await begin(service, stream)
    expect(service.counts).toMatchObject({ d1Reads: 1, d1Writes: 0, r2Reads: 1, kvReads: 0 })
    await service.settle()
    const segment = `${prefix}low/a%20b/seg-1.ts`
    for (const path of [segment, segment]) {
      await (await service.request(path)).arrayBuffer()
      await service.settle()
    }
    service.reset()
    await begin(service, stream)
    await (await service.request(segment)).arrayBuffer()
    expect(service.counts).toMatchObject(NO_IO)
  })

  it('goes on from a media playlist by a redirect, which keeps the query', async () => {
    const { stream } = await film(PLAYLIST)
    const service = startService(EDGE_VARIABLES)
    const location = (await service.request(`${stream}?who=ada&token=x&n=a%20b`)).headers.get('Location') ?? ''
    expect(location.replace(PREFIX, '/v/…/')).toBe('/v/…/index.m3u8?who=ada&n=a%20b')
    expect(await (await service.request(location)).text()).toBe(PLAYLIST)
  })

  it('takes variables from the query of its entry (RFC 8216bis §4.4.2.3)', async () => {
    const { stream } = await film(
      '#EXTM3U\n#EXT-X-DEFINE:QUERYPARAM="size"\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{$size}/v.m3u8\n',
    )
    const service = startService(EDGE_VARIABLES)
    expect(await (await service.request(`${stream}?size=low`)).text()).toMatch(/^\/v\/[\w-]{82}\/low\/v\.m3u8$/m)
    expect((await service.request(stream)).status).toBe(422)
  })

  it('lies on EDGE_ORIGIN where there is one', async () => {
    const { stream } = await film()
    const service = startService({ ...EDGE_VARIABLES, EDGE_ORIGIN: 'https://cdn.example.com' })
    const urls = (await (await service.request(stream)).text()).match(/[^"\n]*\/v\/[^"\n]*/g) ?? []
    expect(urls).toHaveLength(2)
    for (const url of urls) expect(url).toMatch(/^https:\/\/cdn\.example\.com\/v\//)
    expect((await service.request(urls[1] ?? '')).status).toBe(200)
  })

  it('ends within a minute in every isolate when it is switched off, and at once here', async () => {
    const caller = await knownCaller({ service: startService(EDGE_VARIABLES) })
    const video = await makeVideo({ userId: caller.key.userId })
    await video.putStreamFile('index.m3u8', MULTIVARIANT)
    await video.putStreamFile('low/v.m3u8', PLAYLIST)
    const stream = `/api/playback/stream/${video.jobId}`
    const elsewhere = startService(EDGE_VARIABLES)
    const child = `${await begin(elsewhere, stream)}low/v.m3u8`
    const statuses = async (service: Service) =>
      await Promise.all([stream, child].map(async (path) => (await service.request(path)).status))
    expect(await statuses(caller.service)).toEqual([200, 200])
    await caller.answer('PATCH', `/api/videos/${video.jobId}`, { playback: 'off' })
    expect(await statuses(caller.service)).toEqual([404, 404])
    elsewhere.clock.nowMs += 60_000
    expect(await statuses(elsewhere)).toEqual([404, 404])
  })

  it('still serves its children at the addresses that players were given before sessions', async () => {
    const { stream } = await film()
    const service = startService(EDGE_VARIABLES)
    const text = await (await service.request(`${stream}/low/v.m3u8`)).text()
    const url = text.split('\n').find((line) => line.startsWith(`${ORIGIN}/media/`)) ?? ''
    expect(new Uint8Array(await (await service.request(url)).arrayBuffer())).toEqual(SEGMENT)
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
    expect(child.replace(PREFIX, '')).toBe('100%25.m3u8')
    for (const address of [child, child.replace('%25', '%')]) {
      expect((await service.request(address)).status).toBe(200)
    }
    const folder = PREFIX.exec(child)?.[0] ?? ''
    for (const name of ['100%.ts', '100%25.ts', 'a%zz.ts']) {
      expect((await service.request(folder + name, { method: 'HEAD' })).status).toBe(200)
    }
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
