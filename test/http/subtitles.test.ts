// /api/videos/{job_id}/subtitles: what it does to the stream that is being watched.
import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller } from '../support/known-caller.ts'
import { makeVideo } from '../support/videos.ts'

const ENTRY = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo/index.m3u8\n'
const SRT = '1\r\n00:00:01,000 --> 00:00:02,500\r\nGuten <i>Morgen</i>\r\n'

async function film(entry = ENTRY) {
  const caller = await knownCaller()
  const video = await makeVideo({ userId: caller.key.userId, durationSeconds: 24 })
  await video.putStreamFile('index.m3u8', entry)
  const path = `/api/videos/${video.jobId}/subtitles`
  const ask = async (method: string, language = '', body?: unknown): Promise<[number, unknown]> => {
    const response = await caller.ask(method, language === '' ? path : `${path}/${language}`, body)
    return [response.status, await response.json()]
  }
  const read = async (file: string): Promise<string> =>
    (await (await env.MEDIA.get(`${caller.folder}hls/${video.jobId}/${file}`))?.text()) ?? ''
  return { video, ask, read }
}

describe('PUT /api/videos/{job_id}/subtitles/{language}', () => {
  it('puts SubRip into the stream as WebVTT, and another text in its place under a new name', async () => {
    const { ask, read } = await film()
    expect(await ask('GET')).toEqual([200, { tracks: [] }])
    const [status, first] = await ask('PUT', 'DE', { text: SRT })
    const { tracks } = first as { tracks: { uri: string }[] }
    expect([status, tracks]).toMatchObject([200, [{ language: 'de', name: 'Deutsch', forced: false }]])
    const uri = tracks[0]?.uri ?? ''
    expect(uri).toMatch(/^subtitles\/de-[\w-]{8}\/index\.m3u8$/)
    expect(await read('index.m3u8')).toContain(`URI="${uri}"`)
    expect(await read(uri)).toContain('words.vtt')
    const words = await read(uri.replace('index.m3u8', 'words.vtt'))
    expect(words).toMatch(/^WEBVTT\n/)
    expect(words).toContain('00:00:01.000 --> 00:00:02.500')
    const [, second] = await ask('PUT', 'de', { text: `WEBVTT\n\n00:01.000 --> 00:02.000\nHallo\n`, name: 'a "b"\nc' })
    expect(second).toMatchObject({ tracks: [{ language: 'de', name: 'a b c' }] })
    expect(second).not.toMatchObject({ tracks: [{ uri }] })
    expect(await ask('GET')).toEqual([200, second])
    expect(await ask('DELETE', 'de')).toEqual([200, { tracks: [] }])
    expect(await read('index.m3u8')).toBe(ENTRY)
    expect(await ask('DELETE', 'de')).toEqual([404, { detail: 'Subtitles not found' }])
  })

  it('loses none of two that are put at once', async () => {
    const { ask } = await film()
    const both = await Promise.all([ask('PUT', 'de', { text: SRT }), ask('PUT', 'en', { text: SRT })])
    expect(both.map(([status]) => status)).toEqual([200, 200])
    const [, { tracks }] = (await ask('GET')) as [number, { tracks: { language: string }[] }]
    expect(tracks.map(({ language }) => language).sort()).toEqual(['de', 'en'])
  })

  it.each([
    ['xx-no-tag-at-all', { text: SRT }, 'language: must be a language tag such as en or pt-BR'],
    ['de', { text: 'no cue' }, 'text: must be WebVTT or SubRip with at least one cue'],
  ])('refuses what is none: %s', async (language, body, detail) => {
    const { ask, read } = await film()
    expect(await ask('PUT', language, body)).toEqual([422, { detail }])
    expect(await read('index.m3u8')).toBe(ENTRY)
  })

  it('says when there is no stream, or none that can have subtitles', async () => {
    const single = await film('#EXTM3U\n#EXTINF:6,\n0.ts\n')
    const refusal = 'The entry of this stream is no multivariant playlist: it can have no subtitles'
    expect(await single.ask('PUT', 'de', { text: SRT })).toEqual([409, { detail: refusal }])
    const none = await film()
    await env.MEDIA.delete(
      (await env.MEDIA.list({ prefix: `users/${none.video.userId}/hls/` })).objects.map(({ key }) => key),
    )
    expect(await none.ask('PUT', 'de', { text: SRT })).toEqual([404, { detail: 'Stream not found' }])
  })
})
