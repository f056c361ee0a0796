import { describe, expect, it } from 'vitest'
import { ORIGIN, startService } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const HOUR = 3600
const MEDIA_PLAYLIST =
  '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nseg-1.ts\n#EXTINF:4.5,\nseg-2.ts\n#EXT-X-ENDLIST\n'

const expiresOf = (url: string | null): number => Number(new URL(url ?? '').searchParams.get('X-Amz-Expires'))

describe('an id that is no UUID', () => {
  it.each([
    '/api/playback/thumbnail/none',
    '/api/playback/direct?job_id=none',
    '/api/playback/stream/none',
    '/api/playback/stream/none/index.m3u8',
    '/api/playback/thumbnail/%00',
  ])('is a 404 without any I/O: %s', async (path) => {
    const service = startService()
    const response = await service.request(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Video not found' })
    expect(Object.values(service.counts).every((count) => count === 0)).toBe(true)
  })
})

describe('GET /api/playback/thumbnail/{job_id}', () => {
  it('redirects to the presigned thumbnail with one database read', async () => {
    const { userId, jobId } = await makeVideo()
    const service = startService()
    const response = await service.request(`/api/playback/thumbnail/${jobId}`)
    expect(response.status).toBe(302)
    const location = new URL(response.headers.get('Location') ?? '')
    expect(location.origin).toBe('https://storage.example.com')
    expect(location.pathname).toBe(`/media/users/${userId}/thumbnails/${jobId}.jpg`)
    expect(location.search).toMatch(/^\?X-Amz-.*&X-Amz-Signature=[0-9a-f]{64}$/)
    expect(location.searchParams.get('X-Amz-Date')).toBe('20261121T120000Z')
    expect(response.headers.get('Cache-Control')).toBe('private, max-age=480')
    expect(service.counts).toMatchObject({ d1Reads: 1, d1Writes: 0, kvReads: 0, r2Reads: 0 })
  })

  it('redirects HEAD to a HEAD-signed URL', async () => {
    const { jobId } = await makeVideo()
    const service = startService()
    const get = await service.request(`/api/playback/thumbnail/${jobId}`)
    const head = await service.request(`/api/playback/thumbnail/${jobId}`, { method: 'HEAD' })
    const signature = (response: Response) =>
      new URL(response.headers.get('Location') ?? '').searchParams.get('X-Amz-Signature')
    expect(head.status).toBe(302)
    expect(signature(head)).not.toBe(signature(get))
  })

  it('gives everybody the same URL within a window and another one after it', async () => {
    const { jobId } = await makeVideo()
    const service = startService()
    const locate = async () => (await service.request(`/api/playback/thumbnail/${jobId}`)).headers.get('Location')
    const first = await locate()
    service.clock.nowMs += 479_000
    expect(await locate()).toBe(first)
    service.clock.nowMs += 1000
    expect(await locate()).not.toBe(first)
  })

  it('is a 404 for an unknown job', async () => {
    const response = await startService().request(`/api/playback/thumbnail/${crypto.randomUUID()}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Video not found' })
  })

  it('does not know a video whose playback is off', async () => {
    const { jobId } = await makeVideo({ playback: 'off' })
    const response = await startService().request(`/api/playback/thumbnail/${jobId}`)
    expect(response.status).toBe(404)
  })
})

describe('GET /api/playback/direct', () => {
  it('redirects to the original by job id, signed for longer than the film', async () => {
    const { jobId, storagePath } = await makeVideo({ durationSeconds: 3 * HOUR })
    const service = startService()
    const response = await service.request(`/api/playback/direct?job_id=${jobId}`)
    const location = response.headers.get('Location')
    expect(new URL(location ?? '').pathname).toBe(`/media/${storagePath}`)
    expect(expiresOf(location)).toBe(1.5 * 3 * HOUR + 1800 + 900)
    expect(service.counts).toMatchObject({ d1Reads: 1, r2Reads: 0 })
  })

  it('signs for 12 hours when the length is unknown', async () => {
    const { jobId } = await makeVideo()
    const response = await startService().request(`/api/playback/direct?job_id=${jobId}`)
    expect(expiresOf(response.headers.get('Location'))).toBe(12 * HOUR + 900)
  })

  it.each([0, -0])(
    'F25: signs for 12 hours when a client wrote %s for a length it does not know',
    async (durationSeconds) => {
      const { jobId } = await makeVideo({ durationSeconds })
      const response = await startService().request(`/api/playback/direct?job_id=${jobId}`)
      expect(expiresOf(response.headers.get('Location'))).toBe(12 * HOUR + 900)
    },
  )

  it('redirects by the path of a registered video', async () => {
    const { storagePath } = await makeVideo()
    const response = await startService().request(`/api/playback/direct?path=${encodeURIComponent(storagePath)}`)
    expect(response.status).toBe(302)
  })

  it.each(['users/x/y.mp4', '../secret', 'users/', ''])(
    'is no signing oracle: the path %j is not found',
    async (path) => {
      const response = await startService().request(`/api/playback/direct?path=${encodeURIComponent(path)}`)
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({ detail: 'Video not found' })
    },
  )

  it.each(['', '?job_id=a&path=b', '?download=1'])('wants exactly one of job_id and path: %j', async (query) => {
    const response = await startService().request(`/api/playback/direct${query}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ detail: 'job_id: give exactly one of job_id and path' })
  })

  it('refuses a parameter that is given twice', async () => {
    const response = await startService().request('/api/playback/direct?job_id=a&job_id=b')
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ detail: 'job_id: is given more than once' })
  })

  it('names the attachment of a download in the signature', async () => {
    const { jobId } = await makeVideo()
    const response = await startService().request(`/api/playback/direct?job_id=${jobId}&download=1`)
    const location = new URL(response.headers.get('Location') ?? '')
    expect(location.searchParams.get('response-content-disposition')).toBe(
      `attachment; filename="film.mp4"; filename*=UTF-8''film.mp4`,
    )
    expect(location.search).toMatch(/&X-Amz-Signature=[0-9a-f]{64}$/)
  })
})

describe('HEAD /api/playback/stream/{job_id}', () => {
  it('is 200 when there is an entry playlist, with one read each of database and storage', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', MEDIA_PLAYLIST)
    const service = startService()
    const response = await service.request(`/api/playback/stream/${video.jobId}`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(service.counts).toMatchObject({ d1Reads: 1, r2Reads: 1 })
  })

  it('is 404 when there is none', async () => {
    const { jobId } = await makeVideo()
    const response = await startService().request(`/api/playback/stream/${jobId}`, { method: 'HEAD' })
    expect(response.status).toBe(404)
  })
})

describe('GET /api/playback/stream/{job_id}', () => {
  it('rewrites the playlist with one read each of database and storage', async () => {
    for (const path of ['', '/index.m3u8']) {
      const video = await makeVideo()
      await video.putStreamFile('index.m3u8', MEDIA_PLAYLIST)
      const service = startService()
      const response = await service.request(`/api/playback/stream/${video.jobId}${path}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Type')).toBe('application/vnd.apple.mpegurl')
      expect(response.headers.get('Cache-Control')).toBe('private, no-cache')
      const lines = (await response.text()).split('\n')
      const segment = new URL(lines[3] ?? '')
      expect(segment.pathname).toBe(`/media/users/${video.userId}/hls/${video.jobId}/seg-1.ts`)
      expect(expiresOf(segment.href)).toBe(3600 + 900)
      expect(lines[4]).toBe('#EXTINF:4.5,')
      expect(service.counts).toMatchObject({ d1Reads: 1, d1Writes: 0, kvReads: 0, r2Reads: 1 })
    }
  })

  it.each([
    ['EXTINF is -1', '#EXTINF:-1,\nseg-2.ts', 12 * HOUR],
    ['EXTINF is 0', '#EXTINF:0,\nseg-2.ts', 12 * HOUR],
    ['EXTINF is NaN', '#EXTINF:NaN,\nseg-2.ts', 12 * HOUR],
    ['EXTINF is missing', 'seg-2.ts', 12 * HOUR],
    ['what is known takes longer', '#EXTINF:36000,\nseg-2.ts\nseg-3.ts', 1.5 * 36_012 + 1800],
    ['many are missing', `${'seg-2.ts\n'.repeat(6000)}last.ts`, 1.5 * 6002 * 6 + 1800],
  ])('F25: signs an ended list for 12 hours at least where a length is unknown: %s', async (_, lines, needed) => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', MEDIA_PLAYLIST.replace('#EXTINF:4.5,\nseg-2.ts', lines))
    const response = await startService().request(`/api/playback/stream/${video.jobId}`)
    const segment = (await response.text()).split('\n').find((line) => line.startsWith('https:'))
    expect(expiresOf(segment ?? '')).toBe(needed + 900)
  })

  it('sends child playlists through the API and signs below their folder', async () => {
    const video = await makeVideo()
    const base = `/api/playback/stream/${video.jobId}/`
    await video.putStreamFile('index.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo/720p.m3u8\n')
    await video.putStreamFile('video/720p.m3u8', MEDIA_PLAYLIST)
    const service = startService()
    const entry = await (await service.request(base.slice(0, -1))).text()
    expect(entry).toBe(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${base}video/720p.m3u8\n`)
    const child = await (await service.request(`${base}video/720p.m3u8`)).text()
    expect(child).toContain(`/media/users/${video.userId}/hls/${video.jobId}/video/seg-1.ts?X-Amz-`)
  })

  it('says so when the video has no stream', async () => {
    const { jobId } = await makeVideo()
    const response = await startService().request(`/api/playback/stream/${jobId}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Stream not found' })
  })

  it('answers 304 within a window and 200 after it', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', MEDIA_PLAYLIST)
    const service = startService()
    const first = await service.request(`/api/playback/stream/${video.jobId}`)
    const etag = first.headers.get('ETag') ?? ''
    expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/)
    const again = () =>
      service.request(`/api/playback/stream/${video.jobId}`, { headers: { 'If-None-Match': `"x", ${etag}` } })
    const second = await again()
    expect(second.status).toBe(304)
    expect(second.headers.get('ETag')).toBe(etag)
    expect(await second.text()).toBe('')
    service.clock.nowMs += 900_000
    expect((await again()).status).toBe(200)
  })

  it('answers 200 when the playlist was replaced', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', MEDIA_PLAYLIST)
    const service = startService()
    const etag = (await service.request(`/api/playback/stream/${video.jobId}`)).headers.get('ETag') ?? ''
    await video.putStreamFile('index.m3u8', MEDIA_PLAYLIST.replace('4.5', '4.4'))
    service.clock.nowMs += 55_000
    const response = await service.request(`/api/playback/stream/${video.jobId}`, {
      headers: { 'If-None-Match': etag },
    })
    expect(response.status).toBe(200)
  })

  it('refuses a playlist that reaches out of its folder, naming the line', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', MEDIA_PLAYLIST.replace('seg-2.ts', '../../../other/seg.ts'))
    const response = await startService().request(`/api/playback/stream/${video.jobId}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ detail: "Playlist line 6: reference leaves the stream's folder" })
  })

  it.each([
    ['a%00b.ts', 'reference holds a control character'],
    ['a\fb.ts', 'reference holds a control character'],
    ['%ff.ts', 'reference holds escapes that are not UTF-8'],
    ['dir/', 'reference names a folder'],
    ['x'.repeat(1000), 'reference is too long'],
  ])('F30: says what is wrong with %j', async (reference, reason) => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', MEDIA_PLAYLIST.replace('seg-2.ts', reference))
    const response = await startService().request(`/api/playback/stream/${video.jobId}`)
    expect([response.status, await response.json()]).toEqual([422, { detail: `Playlist line 6: ${reason}` }])
  })

  it('F30: leaves out tags that a film plays without, and plays the rest', async () => {
    const video = await makeVideo()
    const bad = [
      '#EXT-X-DATERANGE:ID="a",START-DATE="2026-11-25T20:45:00Z",X-ASSET-LIST="/ads.json"',
      '#EXT-X-RENDITION-REPORT:URI="../4M/waitForMSN.php",LAST-MSN=2',
      '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="en",INSTREAM-ID="CC1"',
      '#EXT-X-MAP:BYTERANGE="9@0"',
    ]
    const lines = MEDIA_PLAYLIST.split('\n')
    await video.putStreamFile('index.m3u8', lines.toSpliced(2, 0, ...bad).join('\n'))
    await video.putStreamFile('plain.m3u8', MEDIA_PLAYLIST)
    const service = startService()
    const response = await service.request(`/api/playback/stream/${video.jobId}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe(
      await (await service.request(`/api/playback/stream/${video.jobId}/plain.m3u8`)).text(),
    )
  })

  it.each(['seg-1.ts\n', 'not a playlist', '<html></html>'])("refuses %j under a playlist's name", async (text) => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', text)
    const response = await startService().request(`/api/playback/stream/${video.jobId}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ detail: 'Playlist line 1: not a playlist' })
  })

  it('refuses a playlist over 2 MiB', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', `#EXTM3U\n#${'x'.repeat(2 * 1024 * 1024)}`)
    const response = await startService().request(`/api/playback/stream/${video.jobId}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ detail: 'Playlist is too large' })
  })
})

describe('GET /api/playback/stream/{job_id}/{path}', () => {
  it('serves a key file, which no cache may keep', async () => {
    const video = await makeVideo()
    const key = new Uint8Array(16).fill(0xff)
    await video.putStreamFile('keys/1.key', key)
    const response = await startService().request(`/api/playback/stream/${video.jobId}/keys/1.key`)
    expect(response.headers.get('Content-Type')).toBe('application/octet-stream')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('ETag')).toBeNull()
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(key)
  })

  it('rewrites a storyboard, whose images are presigned and keep their place in the sprite', async () => {
    const video = await makeVideo()
    await video.putStreamFile('storyboard.vtt', 'WEBVTT\n\n00:00.000 --> 00:02.000\nsprite.jpg#xywh=0,0,160,90\n')
    const response = await startService().request(`/api/playback/stream/${video.jobId}/storyboard.vtt`)
    expect(response.headers.get('Content-Type')).toBe('text/vtt; charset=utf-8')
    const cue = (await response.text()).split('\n')[3] ?? ''
    expect(cue).toMatch(/\/sprite\.jpg\?X-Amz-.*&X-Amz-Signature=[0-9a-f]{64}#xywh=0,0,160,90$/)
  })

  it('hands out chapters as they are stored', async () => {
    const video = await makeVideo()
    const chapters = 'WEBVTT\n\n00:00.000 --> 00:02.000\nNight\n'
    await video.putStreamFile('chapters.vtt', chapters)
    const response = await startService().request(`/api/playback/stream/${video.jobId}/chapters.vtt`)
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/vtt; charset=utf-8'])
    expect(await response.text()).toBe(chapters)
  })

  it('rewrites an asset list with absolute addresses', async () => {
    const video = await makeVideo()
    await video.putStreamFile('ads.json', '{"ASSETS":[{"URI":"ad/index.m3u8","DURATION":5}]}')
    const response = await startService().request(`/api/playback/stream/${video.jobId}/ads.json`)
    expect(await response.json()).toEqual({
      ASSETS: [{ URI: `${ORIGIN}/api/playback/stream/${video.jobId}/ad/index.m3u8`, DURATION: 5 }],
    })
  })

  it('F32: answers a steering manifest as one, and other JSON as JSON', async () => {
    const video = await makeVideo()
    const manifest = '{"VERSION":1,"TTL":300,"RELOAD-URI":"steer.json","PATHWAY-PRIORITY":["A"]}'
    await video.putStreamFile('steer.json', manifest)
    await video.putStreamFile('steering', manifest)
    await video.putStreamFile('ads.json', '{"ASSETS":[]}')
    const typeOf = async (path: string): Promise<string | null> =>
      (await startService().request(`/api/playback/stream/${video.jobId}/${path}`)).headers.get('Content-Type')
    expect(await typeOf('steer.json')).toBe('application/vnd.apple.steering-list')
    expect(await typeOf('steering?_HLS_pathway="A"')).toBe('application/vnd.apple.steering-list')
    expect(await typeOf('ads.json')).toBe('application/json')
  })

  it.each([
    ['an image a moment', '[{"startTime":0,"url":"one 1.jpg"},{"startTime":5,"url":"one 1.jpg"}]'],
    ['one image of many tiles', '{"url":"one 1.jpg","tiles":[{"startTime":0,"x":0,"y":0}]}'],
  ])('F32: presigns the images of a storyboard in JSON: %s', async (_, text) => {
    const video = await makeVideo()
    await video.putStreamFile('thumbs/index.json', text)
    const response = await startService().request(`/api/playback/stream/${video.jobId}/thumbs/index.json`)
    expect(response.headers.get('Content-Type')).toBe('application/json')
    const urls = [...JSON.stringify(await response.json()).matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url)
    expect(urls).toHaveLength(text.split('"url"').length - 1)
    for (const url of urls) expect(url).toMatch(/\/thumbs\/one%201\.jpg\?X-Amz-.*&X-Amz-Signature=[0-9a-f]{64}$/)
  })

  it('passes other JSON as it is, for EXT-X-SESSION-DATA sends players here', async () => {
    const video = await makeVideo()
    const text = '{ "title": "A film" }'
    await video.putStreamFile('data.json', text)
    const response = await startService().request(`/api/playback/stream/${video.jobId}/data.json`)
    expect(response.headers.get('Content-Type')).toBe('application/json')
    expect(await response.text()).toBe(text)
  })

  it('does not serve media', async () => {
    const video = await makeVideo()
    await video.putStreamFile('seg-1.ts', new Uint8Array(188 * 10).fill(0x47))
    const response = await startService().request(`/api/playback/stream/${video.jobId}/seg-1.ts`)
    expect(response.status).toBe(404)
  })

  it.each(['%2e%2e%2fsecret', 'a%5cb', 'a%2fb', 'x%00', '..%2f..%2findex.m3u8', '%ff', '//evil.example.com/x'])(
    'is a 404 for %s, without any I/O',
    async (path) => {
      const { jobId } = await makeVideo()
      const service = startService()
      const response = await service.request(`/api/playback/stream/${jobId}/${path}`)
      expect(response.status).toBe(404)
      expect(service.counts).toMatchObject({ d1Reads: 0, r2Reads: 0 })
    },
  )

  it('reads names with spaces, signs and letters of any script', async () => {
    const video = await makeVideo()
    const name = 'a b+c%ä漢😀.m3u8'
    await video.putStreamFile(name, MEDIA_PLAYLIST)
    const response = await startService().request(`/api/playback/stream/${video.jobId}/${encodeURIComponent(name)}`)
    expect(response.status).toBe(200)
  })
})
