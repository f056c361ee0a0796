// Held against the specification, https://oembed.com §2.3.
import { describe, expect, it } from 'vitest'
import { thumbnailKey } from '../../src/core/storage/media-key.ts'
import { env } from '../support/env.ts'
import { ORIGIN, startService, type Service } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

type Json = Readonly<Record<string, unknown>>

/** The first bytes of a baseline JPEG with a table before its frame header. */
function jpeg(width: number, height: number): Uint8Array {
  const size = new DataView(new ArrayBuffer(4))
  size.setUint16(0, height)
  size.setUint16(2, width)
  const frame = [0xff, 0xc0, 0, 11, 8, ...new Uint8Array(size.buffer), 1, 1, 0x11, 0]
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xdb, 0, 3, 9, ...frame])
}

async function film(facts: { resolution?: string; thumbnail?: [number, number]; name?: string } = {}) {
  const video = await makeVideo({ name: facts.name ?? 'A film' })
  const variant = `#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=${facts.resolution},CODECS="avc1.4d401f"\nv.m3u8\n`
  if (facts.resolution !== undefined) await video.putStreamFile('index.m3u8', `#EXTM3U\n${variant}`)
  if (facts.thumbnail !== undefined) {
    await env.MEDIA.put(thumbnailKey(video.userId, video.jobId), jpeg(...facts.thumbnail))
  }
  return video
}

async function ask(
  jobId: string,
  query: Readonly<Record<string, string>> = {},
  service: Service = startService(),
): Promise<[number, Json]> {
  const parameters = new URLSearchParams({ url: `${ORIGIN}/watch/${jobId}`, ...query })
  const response = await service.request(`/api/oembed?${parameters.toString()}`)
  return [response.status, await response.json<Json>()]
}

/** What the specification demands of every response of the type video. */
function checkSpecification(body: Json, { maxwidth = Infinity, maxheight = Infinity } = {}): void {
  expect(body).toMatchObject({ type: 'video', version: '1.0', html: expect.stringContaining('<iframe') })
  for (const side of ['width', 'height']) expect(Number.isInteger(body[side]) && Number(body[side]) > 0).toBe(true)
  expect(body['width']).toBeLessThanOrEqual(maxwidth)
  expect(body['height']).toBeLessThanOrEqual(maxheight)
  const thumbnail = ['thumbnail_url', 'thumbnail_width', 'thumbnail_height'].filter((name) => name in body)
  expect([0, 3]).toContain(thumbnail.length)
  if (thumbnail.length === 0) return
  expect(body['thumbnail_width']).toBeLessThanOrEqual(maxwidth)
  expect(body['thumbnail_height']).toBeLessThanOrEqual(maxheight)
}

describe('GET /api/oembed', () => {
  it('is a video with a frame of the film’s shape, and its thumbnail, read from few bytes', async () => {
    const video = await film({ resolution: '1280x536', thumbnail: [640, 268] })
    const service = startService()
    const [status, body] = await ask(video.jobId, {}, service)
    expect(status).toBe(200)
    checkSpecification(body)
    expect(body).toEqual({
      version: '1.0',
      type: 'video',
      provider_name: 'lynxgate',
      provider_url: ORIGIN,
      title: 'A film',
      html:
        `<iframe src="${ORIGIN}/embed/${video.jobId}" width="640" height="268" title="A film"` +
        ' allow="autoplay; fullscreen; picture-in-picture" allowfullscreen' +
        ' referrerpolicy="strict-origin-when-cross-origin" loading="lazy" style="border:0"></iframe>',
      width: 640,
      height: 268,
      thumbnail_url: `${ORIGIN}/api/playback/thumbnail/${video.jobId}`,
      thumbnail_width: 640,
      thumbnail_height: 268,
    })
    expect(service.counts).toMatchObject({ d1Reads: 1, r2Reads: 2, kvReads: 0 })
  })

  it.each([
    [{ resolution: '1920x1080' }, {}, [640, 360]],
    [{ resolution: '1080x1920' }, {}, [360, 640]],
    [{ resolution: '1080x1920' }, { maxheight: '500' }, [281, 500]],
    [{ resolution: '1440x1080' }, { maxwidth: '1000' }, [1000, 750]],
    [{ resolution: '1440x1080' }, { maxwidth: '1000', maxheight: '300' }, [400, 300]],
    [{ thumbnail: [400, 300] as [number, number] }, {}, [640, 480]],
    [{}, { maxwidth: '1' }, [1, 1]],
    [{ resolution: '1x60000' }, {}, [640, 360]],
    [{}, { maxwidth: '100000' }, [7680, 4320]],
  ])('fits %j into %j', async (facts, room, [width, height]) => {
    const [, body] = await ask((await film(facts)).jobId, room)
    expect(body).toMatchObject({ width, height })
    checkSpecification(body, Object.fromEntries(Object.entries(room).map(([name, value]) => [name, Number(value)])))
  })

  it('leaves out a thumbnail that is too large, or that nothing is known of', async () => {
    const video = await film({ thumbnail: [640, 360] })
    const [, small] = await ask(video.jobId, { maxwidth: '639' })
    expect(small).not.toHaveProperty('thumbnail_url')
    checkSpecification(small, { maxwidth: 639 })
    await env.MEDIA.put(thumbnailKey(video.userId, video.jobId), 'no picture')
    expect((await ask(video.jobId))[1]).not.toHaveProperty('thumbnail_url')
  })

  it('takes the addresses of films, however they were passed on', async () => {
    const { jobId } = await film()
    const service = startService()
    for (const url of [
      `${ORIGIN}/embed/${jobId}`,
      `${ORIGIN}/watch/${jobId}/?utm_source=mail#t=10`,
      `http://api.example.com/watch/${jobId.toUpperCase()}`,
    ]) {
      expect((await ask(jobId, { url }, service))[0], url).toBe(200)
    }
    for (const url of [
      `https://other.example/watch/${jobId}`,
      `${ORIGIN}/`,
      `${ORIGIN}/watch/${jobId}/more`,
      `${ORIGIN}/r/${'a'.repeat(23)}`,
      `${ORIGIN}@other.example/watch/${jobId}`,
      `javascript:${jobId}`,
      jobId,
      '',
    ]) {
      expect(await ask(jobId, { url }, service), url).toEqual([404, { detail: 'Video not found' }])
    }
  })

  it('is 401 for a private film and 404 for one that is off, or where no site may embed films, and tells nothing', async () => {
    const hidden = await makeVideo({ playback: 'private', name: 'Our secret' })
    expect(await ask(hidden.jobId)).toEqual([401, { detail: 'This film is private' }])
    expect((await ask((await makeVideo({ playback: 'off' })).jobId))[0]).toBe(404)
    expect((await ask(hidden.jobId, {}, startService({ EMBED_ORIGINS: 'none' })))[0]).toBe(404)
  })

  it('is JSON: another format is 501', async () => {
    const { jobId } = await film()
    expect((await ask(jobId, { format: 'json' }))[0]).toBe(200)
    for (const format of ['xml', 'yaml', '']) {
      expect(await ask(jobId, { format })).toEqual([501, { detail: 'Only the format json is offered' }])
    }
    expect((await ask(jobId, { maxwidth: 'wide' }))[0]).toBe(422)
  })

  it('may be read by any site, whatever CORS_ORIGINS says', async () => {
    const { jobId } = await film()
    const response = await startService().request(`/api/oembed?url=${ORIGIN}/watch/${jobId}`, {
      headers: { Origin: 'https://blog.example' },
    })
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(response.headers.get('Content-Type')).toContain('application/json')
  })

  it('lets no name out of its attribute', async () => {
    const { jobId } = await film({ name: `"><script>alert('x')</script>` })
    const [, body] = await ask(jobId)
    expect(body['title']).toBe(`"><script>alert('x')</script>`)
    expect(body['html']).not.toContain('<script>')
  })

  it('has the sender’s name', async () => {
    const { jobId } = await film()
    const service = startService({ BRAND_NAME: 'Nordlicht' })
    expect((await ask(jobId, {}, service))[1]).toMatchObject({ provider_name: 'Nordlicht' })
  })
})

describe('what a link to a film says', () => {
  it('is found by those who show it: cards and oEmbed, absolute', async () => {
    const { jobId } = await film({ resolution: '640x360', name: 'A "film" & more' })
    const text = await (await startService().request(`/watch/${jobId}?utm_source=x`)).text()
    const url = `${ORIGIN}/watch/${jobId}`
    for (const tag of [
      '<meta property="og:title" content="A &quot;film&quot; &amp; more" />',
      `<meta property="og:url" content="${url}" />`,
      `<meta property="og:image" content="${ORIGIN}/api/playback/thumbnail/${jobId}" />`,
      `<meta property="og:video" content="${ORIGIN}/embed/${jobId}" />`,
      '<meta name="twitter:card" content="player" />',
      `<meta name="twitter:player" content="${ORIGIN}/embed/${jobId}" />`,
      '<meta name="robots" content="noindex" />',
      `data-embed="${ORIGIN}/embed/${jobId}"`,
    ]) {
      expect(text).toContain(tag)
    }
    const discovered = /<link rel="alternate" type="application\/json\+oembed" href="([^"]+)"/.exec(text)?.[1] ?? ''
    const answer = await startService().request(discovered.replaceAll('&amp;', '&'))
    expect(await answer.json()).toMatchObject({ title: 'A "film" & more', width: 640, height: 360 })
  })

  it('is nothing for a private film, and a picture alone where no site may embed films', async () => {
    const hidden = await makeVideo({ playback: 'private', name: 'Our secret' })
    const refused = await startService().request(`/watch/${hidden.jobId}`, { headers: { Accept: 'text/html' } })
    expect(await refused.text()).not.toMatch(/og:|twitter:|oembed|Our secret|thumbnail/)
    const { jobId } = await film({ resolution: '640x360' })
    const text = await (await startService({ EMBED_ORIGINS: 'none' }).request(`/watch/${jobId}`)).text()
    expect(text).toContain('content="summary_large_image"')
    expect(text).not.toMatch(/oembed|\/embed\//)
  })
})
