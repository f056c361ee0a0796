// A film that ends while its playlists are hot: refused at once where that was done, elsewhere within 60 seconds.
import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller, type KnownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { startService, type Service } from '../support/service.ts'

const ENTRY = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n'
const CHILD = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:4.5,\nseg-1.ts\n#EXT-X-ENDLIST\n'
const FRESH_MS = 55_000
/** All that players ask the API for. */
const FILES = ['', '/index.m3u8', '/index.m3u8?CMCD=bl%3D1', '/v.m3u8', '/ads.json', '/storyboard.vtt', '/1.key']

interface Film extends KnownCaller {
  readonly jobId: string
  /** Of each file of the stream, as this service answers it. */
  statuses(service?: Service): Promise<number[]>
}

async function hotFilm(service: Service = startService()): Promise<Film> {
  const caller = await knownCaller({ service })
  await env.MEDIA.put(`${caller.folder}film.mp4`, 'a film')
  const [, registered] = await caller.answer('POST', '/api/processing/register-upload', { file_path: 'film.mp4' })
  const { job_id: jobId } = registered as { job_id: string }
  const contents = {
    'index.m3u8': ENTRY,
    'v.m3u8': CHILD,
    'ads.json': '{"ASSETS":[{"URI":"ad.m3u8","DURATION":5}]}',
    'storyboard.vtt': 'WEBVTT\n\n00:00.000 --> 00:02.000\nsprite.jpg#xywh=0,0,160,90\n',
    '1.key': new Uint8Array(16),
  }
  for (const [name, content] of Object.entries(contents)) {
    await env.MEDIA.put(`${caller.folder}hls/${jobId}/${name}`, content)
  }
  await env.MEDIA.put(`${caller.folder}thumbnails/${jobId}.jpg`, 'a picture')
  const film: Film = {
    ...caller,
    jobId,
    async statuses(of = service) {
      const responses = await Promise.all(FILES.map((file) => of.request(`/api/playback/stream/${jobId}${file}`)))
      await Promise.all(responses.map((response) => response.arrayBuffer()))
      await of.settle()
      return responses.map(({ status }) => status)
    },
  }
  expect(await film.statuses()).toEqual(OK)
  await service.settle()
  return film
}

const OK = FILES.map(() => 200)
const GONE = FILES.map(() => 404)

const ENDINGS: [string, (film: Film) => Promise<Response>][] = [
  ['is deleted', (film) => film.ask('DELETE', `/api/videos/${film.jobId}`)],
  ['is deleted with its files', (film) => film.ask('DELETE', `/api/videos/${film.jobId}?files=true`)],
  ['is switched off', (film) => film.ask('PATCH', `/api/videos/${film.jobId}`, { playback: 'off' })],
  [
    'is switched off by another spelling of its id',
    (film) => film.ask('PATCH', `/api/videos/${film.jobId.toUpperCase()}`, { playback: 'off' }),
  ],
]

describe('a hot film', () => {
  it.each(ENDINGS)('F13: that %s is refused here at once, whatever is cached', async (_, end) => {
    const film = await hotFilm()
    const { service } = film
    const known = await service.request(`/api/playback/stream/${film.jobId}`)
    const etag = known.headers.get('ETag') ?? ''
    expect((await end(film)).status).toBe(200)
    expect(await film.statuses()).toEqual(GONE)
    // Neither for a client that has the text, nor for one that asks by another spelling, nor for HEAD.
    const again = [
      await service.request(`/api/playback/stream/${film.jobId}`, { headers: { 'If-None-Match': etag } }),
      await service.request(`/api/playback/stream/${film.jobId.toUpperCase()}`),
      await service.request(`/api/playback/stream/${film.jobId}`, { method: 'HEAD' }),
      await service.request(`/api/playback/direct?job_id=${film.jobId}`),
      await service.request(`/api/playback/thumbnail/${film.jobId}`),
      await service.request(`/watch/${film.jobId}`),
    ]
    expect(again.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404])
    for (const milliseconds of [1, FRESH_MS - 2, 1, 60_000, 60_000]) {
      service.clock.nowMs += milliseconds
      expect(await film.statuses()).toEqual(GONE)
    }
  })

  it.each(ENDINGS)('F13: that %s is refused in another isolate of the data centre within the bound', async (_, end) => {
    const film = await hotFilm()
    const other = startService()
    expect(await film.statuses(other)).toEqual(OK)
    // A third one has nothing nearby, and finds what the first one kept in the data centre.
    const third = startService()
    await end(film)
    for (const service of [other, third]) {
      service.clock.nowMs += FRESH_MS
      expect(await film.statuses(service)).toEqual(GONE)
    }
    expect(await film.statuses()).toEqual(GONE)
  })

  it('F13: that is switched on again plays here at once, and is hot after one request', async () => {
    const film = await hotFilm()
    const { service } = film
    const path = `/api/videos/${film.jobId}`
    await film.ask('PATCH', path, { playback: 'off' })
    expect(await film.statuses()).toEqual(GONE)
    await film.ask('PATCH', path, { playback: 'public' })
    expect(await film.statuses()).toEqual(OK)
    service.reset()
    for (const file of FILES.slice(0, 4)) await service.request(`/api/playback/stream/${film.jobId}${file}`)
    expect(service.counts).toMatchObject({ d1Reads: 0, r2Reads: 0 })
    await film.ask('PATCH', path, { playback: 'off' })
    expect(await film.statuses()).toEqual(GONE)
  })

  it('F13: that is switched on again elsewhere plays here', async () => {
    const film = await hotFilm()
    const path = `/api/videos/${film.jobId}`
    await film.ask('PATCH', path, { playback: 'off' })
    const elsewhere = await knownCaller({ key: film.key })
    await elsewhere.ask('PATCH', path, { playback: 'public' })
    expect(await film.statuses()).toEqual(OK)
  })

  it('F13: whose files are deleted is refused here at once, and other films play on', async () => {
    const film = await hotFilm()
    const other = await hotFilm(film.service)
    const keys = ['index.m3u8', 'v.m3u8', 'ads.json', 'storyboard.vtt', '1.key'].map(
      (name) => `${film.folder}hls/${film.jobId}/${name}`,
    )
    expect((await film.ask('DELETE', '/api/storage/files', { keys })).status).toBe(200)
    expect(await film.statuses()).toEqual(GONE)
    film.service.reset()
    const path = `/api/playback/stream/${other.jobId}`
    expect((await film.service.request(path)).status).toBe(200)
    expect(film.service.counts).toMatchObject({ d1Reads: 0, r2Reads: 0 })
  })

  it('F13: of another user stays cached when a stranger tries to end it', async () => {
    const film = await hotFilm()
    const stranger = await knownCaller({ service: film.service })
    expect((await stranger.ask('DELETE', `/api/videos/${film.jobId}`)).status).toBe(403)
    expect((await stranger.ask('PATCH', `/api/videos/${film.jobId}`, { playback: 'off' })).status).toBe(403)
    film.service.reset()
    expect((await film.service.request(`/api/playback/stream/${film.jobId}`)).status).toBe(200)
    expect(film.service.counts).toMatchObject({ d1Reads: 0, r2Reads: 0 })
  })
})

describe('a presigned URL of /media', () => {
  it('F13: lives on when playback is switched off, and ends here at once with its object', async () => {
    const film = await hotFilm(startService(EDGE_VARIABLES))
    const { service } = film
    const redirect = await service.request(`/api/playback/thumbnail/${film.jobId}`)
    const url = redirect.headers.get('Location') ?? ''
    const status = async () => {
      const response = await service.request(url)
      await response.arrayBuffer()
      await service.settle()
      return response.status
    }
    expect(await status()).toBe(200)
    await film.ask('PATCH', `/api/videos/${film.jobId}`, { playback: 'off' })
    expect(await status()).toBe(200)
    await film.ask('DELETE', `/api/videos/${film.jobId}?files=true`)
    expect(await status()).toBe(404)
  })
})
