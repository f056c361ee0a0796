// Real players of one film at once, and what analytics tell of each afterwards: our page (hls.js, which speaks), Shaka, the
// browser's own player, and ffmpeg, which reads as fast as it plays.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { localCaller } from '../support/local-caller.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'
import { hasFfmpeg } from '../support/programs.ts'
import { startPageServer, type PageServer } from '../players/page-server.ts'
import { openRoom } from '../players/viewing.ts'

const run = promisify(execFile)
/** From the last segment until an isolate takes a viewing for over, and the queue's batch. */
const PATIENCE_MS = 60_000

interface Play {
  readonly player: string
  readonly seconds: number
  readonly startup_ms: number | null
  readonly rebuffer_count: number
}

describe.skipIf(!hasBrowser || !hasFfmpeg)('analytics of real players', () => {
  let service: OwnLocalService
  let pages: PageServer
  let browser: Browser
  beforeAll(async () => {
    service = await spawnLocalService(['--delivery', 'edge'])
    pages = await startPageServer()
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await pages.stop()
    await service.stop()
  }, 60_000)

  it('tell how long each watched', async () => {
    const stream = `${service.url}/api/playback/stream/${service.demoJobId}/index.m3u8`
    const entry = await (await fetch(stream)).text()
    const { duration } = await probe(stream)
    expect(entry).toContain('/v/')

    const page = await browser.newPage()
    await page.goto(`${service.url}/watch/${service.demoJobId}`)
    const room = await openRoom(browser, pages.url)
    const native = await openRoom(browser, pages.url)
    const ffmpeg = run('ffmpeg', ['-v', 'error', '-re', '-i', stream, '-c', 'copy', '-f', 'null', '-'])
    await page.evaluate(() => void document.querySelector('video')?.play())
    await Promise.all([
      room.page.evaluate((url) => window.lab.open('Shaka', url), stream),
      native.page.evaluate((url) => window.lab.open('<video>', url), stream),
    ])
    // All but our page leave in the middle; it plays to its end.
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 12)
    await room.page.close()
    await native.page.close()
    await page.waitForFunction(() => document.querySelector('video')?.ended === true)
    await ffmpeg
    await page.close()

    const caller = await localCaller(service, 'user_demo')
    const watched = async (): Promise<readonly Play[]> => {
      const [, body] = await caller.answer('GET', '/api/analytics/plays')
      return (body as { plays: readonly Play[] }).plays.filter(({ seconds }) => seconds > 0)
    }
    await expect
      .poll(async () => (await watched()).length, { timeout: PATIENCE_MS, interval: 1000 })
      .toBeGreaterThanOrEqual(4)
    await expect
      .poll(async () => Math.max(...(await watched()).map((play) => (play.player === 'chrome' ? play.seconds : 0))), {
        timeout: PATIENCE_MS,
        interval: 1000,
      })
      .toBeGreaterThan(duration - 1)
    const plays = await watched()
    expect(plays.map(({ player }) => player).toSorted()).toEqual(
      expect.arrayContaining(['chrome', 'chrome', 'chrome', 'ffmpeg']),
    )
    expect(plays.every(({ seconds }) => seconds <= duration + 0.5)).toBe(true)
    const [, body] = await caller.answer('GET', `/api/videos/${service.demoJobId}/analytics`)
    const { totals } = body as { totals: { plays: number; errors: unknown; completion: number } }
    expect(totals).toMatchObject({ plays: plays.length, errors: {} })
    expect(totals.completion).toBeGreaterThan(0.5)
  }, 300_000)
})

async function probe(stream: string): Promise<{ readonly duration: number }> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', stream])
  return { duration: Number(stdout) }
}
