// A minute of 1080p, killed in the middle of its encoding and again half-way through its upload. Takes minutes.
import { watch as watchFolder } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPageServer } from '../players/page-server.ts'
import { openRoom, view } from '../players/viewing.ts'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { spawnLocalService, type LocalService } from '../support/local-service.ts'
import { countFrames, makeFilm, probePlayback, runUpload } from '../support/upload-command.ts'
import { hasFfmpeg } from '../support/programs.ts'

const HALF_OF_ALL = 80

interface Result {
  readonly stream_url: string
  readonly duration: number
  readonly sent: { files: number }
  readonly present: { files: number }
}

describe.skipIf(!hasFfmpeg)('a minute of 1080p (skipped where ffmpeg is missing)', () => {
  let service: LocalService
  let proxy: CountingProxy
  let owner: LocalCaller
  let folder = ''

  beforeAll(async () => {
    service = await spawnLocalService()
    proxy = await startCountingProxy(service.url)
    owner = await localCaller(service, 'user_long_upload')
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-upload-'))
  }, 120_000)
  afterAll(async () => {
    await proxy.close()
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('survives two kills, is sent once, and plays whole', async () => {
    const film = join(folder, 'minute.mp4')
    makeFilm(film, { size: '1920x1080', seconds: 60, sounds: 2 })
    const args = [film, `--work=${join(folder, 'work')}`, '--json']
    const env = { LYNXGATE_URL: proxy.url, LYNXGATE_KEY: owner.rawKey }

    let kill: (signal: NodeJS.Signals) => void = () => undefined
    const onStart = (end: typeof kill): void => void (kill = end)
    // Killed when a third of the smallest size is made, so that the second goes on in the middle of all sizes.
    const work = join(folder, 'work')
    await mkdir(work)
    const watcher = watchFolder(work, { recursive: true }, (_, name) => {
      if (name?.endsWith('240p/segment-5.m4s') === true) kill('SIGKILL')
    })
    const first = await runUpload(args, { env, onStart })
    watcher.close()
    expect(first.signal).toBe('SIGKILL')
    expect(proxy.puts.size).toBe(0)
    const made = (await readdir(work, { recursive: true })).filter((name) => /\/240p\/segment-\d+\.m4s$/.test(name))
    expect(made.length).toBeGreaterThanOrEqual(5)

    proxy.onPut = (count) => count === HALF_OF_ALL && kill('SIGKILL')
    const second = await runUpload(args, { env, onStart })
    expect(second.signal).toBe('SIGKILL')
    await proxy.idle()
    const before = proxy.puts.size

    const third = await runUpload(args, { env })
    expect(third, third.stderr).toMatchObject({ code: 0 })
    const result = JSON.parse(third.stdout) as Result
    expect(before).toBeGreaterThanOrEqual(HALF_OF_ALL)
    expect(result.present.files).toBeGreaterThanOrEqual(HALF_OF_ALL)
    expect(result.sent.files).toBeGreaterThan(0)
    expect(proxy.puts.size).toBe(result.sent.files + result.present.files)
    // The film itself is over 100 MB and goes in parts, which have one path.
    const once = [...proxy.puts].filter(([path]) => !path.endsWith('.mp4') || path.endsWith('/init.mp4'))
    expect(once.filter(([, statuses]) => statuses.join() !== '200')).toEqual([])
    expect([...proxy.puts.values()].flat().filter((status) => status !== 200)).toEqual([])
    const { streams } = await probePlayback(result.stream_url)
    const heights = streams.filter(({ codec_type }) => codec_type === 'video').map(({ height }) => height)
    expect(heights).toEqual([1080, 720, 480, 360, 240])
    expect([1500, 1501]).toContain(await countFrames(result.stream_url))
    if (hasBrowser) await watch(result)
  })
})

/** Plays it in three players from another origin, seeking and changing the quality, without one complaint. */
async function watch({ stream_url: url, duration: durationSeconds }: Result): Promise<void> {
  const pages = await startPageServer()
  const browser = await launchBrowser()
  try {
    const room = await openRoom(browser, pages.url)
    const film = { hasVideo: true, hasLanguages: false, hasSubtitles: false, hasStoryboard: false }
    for (const player of ['hls.js', 'Video.js', 'Shaka'] as const) {
      await view(room, { player, url, film, durationSeconds })
    }
  } finally {
    await browser.close()
    await pages.stop()
  }
}
