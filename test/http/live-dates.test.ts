// Live playlists as players get them, reload after reload: a listed segment keeps its URL.
import { describe, expect, it } from 'vitest'
import { startService, type Service } from '../support/service.ts'
import { makeVideo, type TestVideo } from '../support/videos.ts'

const DAY_MS = 86_400_000
/** Longer than any text is given out unasked. */
const RELOAD_MS = 60_000
const HEAD = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n'
const TAG = '#EXT-X-PROGRAM-DATE-TIME:'

/** [sequence, lines of each segment before its EXTINF]; the segment's number is its name. */
type Window = readonly [first: number, ...blocks: readonly (readonly string[])[]]

function write([first, ...blocks]: Window, head: readonly string[] = [], foot: readonly string[] = []): string {
  const lines = blocks.flatMap((tags, index) => [...tags, '#EXTINF:6,', `s${first + index}.ts`])
  return HEAD + [`#EXT-X-MEDIA-SEQUENCE:${first}`, ...head, ...lines, ...foot, ''].join('\n')
}

/** The URL of each listed segment by its name, after a reload. */
async function reload(service: Service, video: TestVideo, text: string): Promise<ReadonlyMap<string, string>> {
  await video.putStreamFile('index.m3u8', text)
  service.clock.nowMs += RELOAD_MS
  return await read(service, video)
}

async function read(service: Service, video: TestVideo): Promise<ReadonlyMap<string, string>> {
  const response = await service.request(`/api/playback/stream/${video.jobId}`)
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('https:'))
  return new Map(lines.map((url) => [new URL(url).pathname.split('/').at(-1) ?? '', url]))
}

function dateOf(url: string | undefined): string | null {
  return new URL(url ?? '').searchParams.get('X-Amz-Date')
}

/** The names that both hold, and under the same URL. */
function kept(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...after].filter(([name, url]) => before.get(name) === url).map(([name]) => name)
}

describe('a live playlist', () => {
  it.each([
    ['once', [[`${TAG}2026-11-21T12:06:00Z`], [], []], [[], [], []]],
    ['at every third segment', [[`${TAG}2026-11-21T12:06:00Z`], [], []], [[], [], [`${TAG}2026-11-21T12:06:18Z`]]],
    [
      'at the segment that is listed first',
      [[`${TAG}2026-11-21T12:06:00Z`], [], []],
      [[`${TAG}2026-11-21T12:06:06Z`], [], []],
    ],
    [
      'before the discontinuity of its segment',
      [[], [`${TAG}2026-11-20T23:59:59Z`, '#EXT-X-DISCONTINUITY'], []],
      [[`${TAG}2026-11-20T23:59:59Z`, '#EXT-X-DISCONTINUITY'], [], []],
    ],
    ['behind a space', [[], [`${TAG} 2026-11-20T23:59:59Z`], []], [[`${TAG} 2026-11-20T23:59:59Z`], [], []]],
  ] satisfies [string, string[][], string[][]][])(
    'F23: keeps its URLs when it is tagged %s',
    async (_, before, after) => {
      const video = await makeVideo()
      const service = startService()
      const first = await reload(service, video, write([7, ...before]))
      const second = await reload(service, video, write([8, ...after]))
      expect([...first.keys()]).toEqual(['s7.ts', 's8.ts', 's9.ts'])
      expect(kept(first, second)).toEqual(['s8.ts', 's9.ts'])
    },
  )

  it('F23: is dated by the day of its own tag, else by the present day, and changes only at midnight UTC', async () => {
    const video = await makeVideo()
    const service = startService()
    service.clock.nowMs = Date.parse('2026-11-21T23:57:00Z')
    const list = write([1, [`${TAG}2026-11-21T23:56:00Z`], []])
    const before = await reload(service, video, list)
    expect([...before.values()].map(dateOf)).toEqual(['20261121T000000Z', '20261121T000000Z'])
    service.clock.nowMs = Date.parse('2026-11-21T23:59:59.999Z')
    expect(kept(before, await read(service, video))).toEqual(['s1.ts', 's2.ts'])
    service.clock.nowMs += 1
    const after = await read(service, video)
    expect([...after.values()].map(dateOf)).toEqual(['20261121T000000Z', '20261122T000000Z'])
    service.clock.nowMs += DAY_MS - 1
    expect(kept(after, await read(service, video))).toEqual(['s1.ts', 's2.ts'])
    service.clock.nowMs += 1
    expect([...(await read(service, video)).values()].map(dateOf)).toEqual(['20261123T000000Z', '20261123T000000Z'])
  })

  it('F23: gives one ETag to one text, over midnight too', async () => {
    const video = await makeVideo()
    await video.putStreamFile('index.m3u8', write([1, []]))
    const service = startService()
    service.clock.nowMs = Date.parse('2026-11-21T23:59:59.999Z')
    const ask = (etag = ''): Promise<Response> =>
      service.request(`/api/playback/stream/${video.jobId}`, { headers: { 'If-None-Match': etag } })
    const etag = (await ask()).headers.get('ETag') ?? ''
    expect((await ask(etag)).status).toBe(304)
    service.clock.nowMs += 1
    expect((await ask(etag)).status).toBe(200)
  })

  it('F24: ends without a change when its own tags are recent, and is a film two days later', async () => {
    const video = await makeVideo()
    const service = startService()
    const window: Window = [7, [], [`${TAG}2026-11-21T12:06:00Z`], []]
    const live = await reload(service, video, write(window))
    for (const [head, foot] of [
      [[], ['#EXT-X-ENDLIST']],
      [['#EXT-X-PLAYLIST-TYPE:VOD'], []],
      [['#EXT-X-PLAYLIST-TYPE:VOD'], ['#EXT-X-ENDLIST']],
    ]) {
      expect(kept(live, await reload(service, video, write(window, head, foot)))).toEqual(['s7.ts', 's8.ts', 's9.ts'])
    }
    service.clock.nowMs = Date.parse('2026-11-22T23:59:59Z')
    expect((await read(service, video)).get('s8.ts')).toBe(live.get('s8.ts'))
    service.clock.nowMs += 1000
    const film = await read(service, video)
    expect(dateOf(film.get('s8.ts'))).toBe('20261123T000000Z')
    expect(new URL(film.get('s8.ts') ?? '').searchParams.get('X-Amz-Expires')).toBe('4500')
  })

  it.each([
    ['an EVENT list', 0, ['#EXT-X-PLAYLIST-TYPE:EVENT']],
    ['a list whose first segments have gone', 7, []],
  ])('F24: ends without a change when it is %s without tags, for the day', async (_, first, head) => {
    const video = await makeVideo()
    const service = startService()
    // It is written now, by the bucket's clock.
    service.clock.nowMs = Date.now()
    const live = await reload(service, video, write([first, [], []], head))
    const ended = await reload(service, video, write([first, [], []], head, ['#EXT-X-ENDLIST']))
    const isSameDay = new Set([...live.values(), ...ended.values()].map(dateOf)).size === 1
    if (isSameDay) expect(ended).toEqual(live)
    service.clock.nowMs += 2 * DAY_MS
    const film = await read(service, video)
    expect(new URL(film.get(`s${first}.ts`) ?? '').searchParams.get('X-Amz-Expires')).toBe('4500')
  })

  it('F24: has a URL that outlives its last reload by twelve hours', async () => {
    const video = await makeVideo()
    const service = startService()
    const urls = await reload(service, video, write([7, [`${TAG}2026-11-21T00:00:00Z`]]))
    const { searchParams } = new URL(urls.get('s7.ts') ?? '')
    expect(searchParams.get('X-Amz-Expires')).toBe(String(60 * 3600))
  })
})
