// Films dropped on a page in chromium, on the service as `npm start` runs it: packaged in the tab, sent, watched, and
// gone on with after the tab was killed.
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { startCountingProxy } from '../support/counting-proxy.ts'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'
import { decode, runFfmpeg } from '../players/media/ffmpeg.ts'
import { bundleHarness, drop, killTab, openHarness, reach, twiceSent } from '../players/packager/dropping.ts'
import { startPageServer, type PageServer } from '../players/page-server.ts'
import { openRoom, view } from '../players/viewing.ts'
import { hasFfmpeg } from '../support/programs.ts'

const DEMO = 'test/fixtures/demo/film.mp4'

describe.skipIf(!hasBrowser || !hasFfmpeg)('films dropped on a page', () => {
  let service: OwnLocalService
  let browser: Browser
  let owner: LocalCaller
  let players: PageServer
  let script = ''
  let folder = ''
  beforeAll(async () => {
    service = await spawnLocalService()
    browser = await launchBrowser()
    owner = await localCaller(service, 'user_dropper')
    players = await startPageServer()
    script = await bundleHarness()
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-drop-'))
  })
  afterAll(async () => {
    await browser.close()
    await players.stop()
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('plays the demo film in every quality of its ladder, subtitles from beside it, and keeps its original', async () => {
    const film = join(folder, 'day.mp4')
    await writeFile(film, await readFile(DEMO))
    const words = join(folder, 'day.de.srt')
    await writeFile(words, '1\n00:00:01,000 --> 00:00:20,000\nNoch ist es <i>Nacht</i>.\n')
    const { page, complaints } = await openHarness(browser, service.url, script, owner.rawKey)
    await drop(page, [film, words])
    const { jobId = '', notices, sentBytes, totalBytes } = await reach(page, 'done')
    const history = await page.evaluate(() => window.harness.history)
    // What is left to send may be sent between two looks.
    const stages = history
      .map(({ stage }) => stage)
      .filter((stage) => stage !== 'sending')
      .filter((stage, i, all) => stage !== all[i - 1])
    expect(stages).toEqual(['waiting', 'reading', 'packaging', 'encoding', 'done'])
    const playable = history.find(({ isPlayable }) => isPlayable)
    expect(playable?.stage).toBe('packaging')
    expect(notices).toEqual([])
    expect(sentBytes).toBe(totalBytes)

    const path = `/api/playback/stream/${jobId}/index.m3u8`
    const entry = await (await fetch(service.url + path)).text()
    expect(
      [...entry.matchAll(/RESOLUTION=(\d+x\d+).*\n\S+\/video\/(\w+)\//g)].map(([, size, name]) => [size, name]),
    ).toEqual([
      ['640x360', '360p'],
      ['426x240', '240p'],
    ])
    expect(entry).toContain('NAME="Deutsch",LANGUAGE="de"')
    expect(await decode(service.url + path)).toBeCloseTo(24, 0)

    const room = await openRoom(browser, players.url)
    const is = { hasVideo: true, hasLanguages: false, hasSubtitles: false, hasStoryboard: false }
    for (const player of ['hls.js', 'Shaka'] as const) {
      await view(room, { player, url: service.url + path, film: is, durationSeconds: 24 })
    }
    await room.page.close()

    expect(await owner.answer('GET', `/api/videos/${jobId}`)).toMatchObject([
      200,
      { name: 'day', status: 'completed', duration: expect.closeTo(24, 0) as number, file_size: 321_224 },
    ])
    const original = await fetch(`${service.url}/api/playback/direct?job_id=${jobId}`)
    expect(sha256(new Uint8Array(await original.arrayBuffer()))).toBe(sha256(await readFile(film)))
    for (const still of [`/api/playback/thumbnail/${jobId}`, `/api/playback/stream/${jobId}/storyboard.vtt`]) {
      expect((await fetch(service.url + still)).status).toBe(200)
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  it('goes on after its tab was killed, and sends at most one stored segment again', async () => {
    const film = join(folder, 'long.mp4')
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=90', '-f', 'lavfi', '-i', 'sine=d=90']
    await runFfmpeg([...source, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac', film])
    const proxy = await startCountingProxy(service.url)
    const context = await browser.newContext()
    const first = await openHarness(context, proxy.url, script, owner.rawKey)
    const halfWay = new Promise<void>((resolve) => (proxy.onPut = (count) => count === 16 && resolve()))
    await drop(first.page, [film])
    await halfWay
    await killTab(first.page)
    await proxy.idle()
    const before = new Map(proxy.puts)

    const again = await openHarness(context, proxy.url, script, owner.rawKey)
    await drop(again.page, [film])
    const { isContinued, jobId = '' } = await reach(again.page, 'done')
    expect(isContinued).toBe(true)
    expect(twiceSent(before, proxy.puts).length).toBeLessThanOrEqual(1)
    expect(await decode(`${service.url}/api/playback/stream/${jobId}/index.m3u8`)).toBeCloseTo(90, 0)

    const third = await openHarness(context, proxy.url, script, owner.rawKey)
    await drop(third.page, [film])
    expect(await reach(third.page, 'done')).toMatchObject({ jobId, notices: [{ code: 'uploaded_before' }] })
    await context.close()
    await proxy.close()
  })

  it('refuses what is no film, and sends it as it is when that is wished', async () => {
    const text = join(folder, "it's a text.mp4")
    await writeFile(text, 'no film')
    const { page } = await openHarness(browser, service.url, script, owner.rawKey)
    await drop(page, [text])
    expect(await reach(page, 'refused')).toMatchObject({
      refusal: 'not_a_film',
      command: `npm run upload -- 'it'"'"'s a text.mp4'`,
    })
    await page.evaluate(() => {
      const { uploads } = window.harness
      uploads.uploadOriginal(uploads.films()[0]?.id ?? '')
    })
    const { jobId = '' } = await reach(page, 'done')
    expect(await owner.answer('GET', `/api/videos/${jobId}`)).toMatchObject([200, { file_size: 7 }])
    await page.close()
  })
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
