// Large films in the browser's tab: the memory it takes to package 200 MB, and six gigabytes sent in parts by two tabs, of
// which the first was killed. Linux only, by /proc.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, readFile, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode, runFfmpeg } from '../players/media/ffmpeg.ts'
import { bundleHarness, drop, killTab, openHarness, reach, twiceSent } from '../players/packager/dropping.ts'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'
import { hasFfmpeg } from '../support/programs.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const ALLOWED_BYTES = 300 * 1000 * 1000

describe.skipIf(!hasBrowser || !hasFfmpeg)('a large film in the tab', () => {
  let service: OwnLocalService
  let proxy: CountingProxy
  let browser: Browser
  let owner: LocalCaller
  let script = ''
  let folder = ''
  beforeAll(async () => {
    service = await spawnLocalService()
    proxy = await startCountingProxy(service.url)
    browser = await launchBrowser()
    owner = await localCaller(service, 'user_large')
    script = await bundleHarness()
    folder = await mkdtemp(join(tmpdir(), 'lynxgate-large-'))
  })
  afterAll(async () => {
    await browser.close()
    await proxy.close()
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('packages 200 MB within 300 MB over the idle tab, and goes on half-way with one segment sent twice at most', async () => {
    const film = join(folder, 'film.mp4')
    const clip = join(folder, 'clip.mp4')
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=8,noise=alls=60:allf=t']
    const source = [...picture, '-f', 'lavfi', '-i', 'sine=d=8']
    const rate = ['-b:v', '20M', '-minrate', '20M', '-maxrate', '20M', '-bufsize', '20M', '-x264-params', 'nal-hrd=cbr']
    await runFfmpeg([...source, '-c:v', 'libx264', '-preset', 'ultrafast', ...rate, '-g', '50', '-c:a', 'aac', clip])
    const rounds = Math.ceil(200_000_000 / (await stat(clip)).size)
    await runFfmpeg(['-stream_loop', String(rounds - 1), '-i', clip, '-c', 'copy', film])
    const { size } = await stat(film)

    const context = await browser.newContext()
    const first = await openHarness(context, proxy.url, script, owner.rawKey)
    const idleBytes = await tabBytes(browser)
    let peakBytes = 0
    const watching = setInterval(() => {
      void tabBytes(browser).then((bytes) => (peakBytes = Math.max(peakBytes, bytes)))
    }, 250)
    const halfWay = new Promise<void>((resolve) => (proxy.onPut = (count) => count === 2 * rounds && resolve()))
    await drop(first.page, [film])
    await halfWay
    await killTab(first.page)
    await proxy.idle()
    const before = new Map([...proxy.puts].map(([path, statuses]) => [path, [...statuses]]))
    const again = await openHarness(context, proxy.url, script, owner.rawKey)
    await drop(again.page, [film])
    const { jobId = '' } = await reach(again.page, 'done')
    clearInterval(watching)
    const twice = twiceSent(before, proxy.puts)
    console.info(
      `${mega(size)}: idle ${mega(idleBytes)}, ${mega(peakBytes - idleBytes)} over it at most; ` +
        `${before.size} objects before the kill, ${twice.length} segments sent twice`,
    )
    expect(size).toBeGreaterThan(190_000_000)
    expect(peakBytes - idleBytes).toBeLessThan(ALLOWED_BYTES)
    expect(twice.length).toBeLessThanOrEqual(1)
    expect(await decode(`${service.url}/api/playback/stream/${jobId}/index.m3u8`)).toBeCloseTo(rounds * 8, -1)
    await context.close()
  })

  it('sends six gigabytes in parts, goes on in another tab with those that are missing, and every byte arrives', async () => {
    const path = join(folder, 'sparse.mp4')
    const file = await open(path, 'w')
    for (let at = 0; at < 6 * GIB; at += 512 * MIB) await file.write(`at ${at}`, at)
    await file.close()
    await truncate(path, 6 * GIB)
    const context = await browser.newContext()
    const first = await openHarness(context, proxy.url, script, owner.rawKey)
    const sendAsItIs = async (page: typeof first.page): Promise<void> => {
      await drop(page, [path])
      await reach(page, 'refused')
      await page.evaluate(() => {
        const { uploads } = window.harness
        uploads.uploadOriginal(uploads.films()[0]?.id ?? '')
      })
    }
    let answered = 0
    const idleBytes = await tabBytes(browser)
    let peakBytes = 0
    const watching = setInterval(() => {
      void tabBytes(browser).then((bytes) => (peakBytes = Math.max(peakBytes, bytes)))
    }, 500)
    const halfWay = new Promise<void>((resolve) => (proxy.onPut = () => ++answered === 40 && resolve()))
    await sendAsItIs(first.page)
    await halfWay
    await killTab(first.page)
    await proxy.idle()
    const begun = answered
    const again = await openHarness(context, proxy.url, script, owner.rawKey)
    await sendAsItIs(again.page)
    await again.page.waitForFunction(() => window.harness.uploads.films()[0]?.stage === 'done', undefined, {
      timeout: 1_200_000,
    })
    clearInterval(watching)
    const jobId = await again.page.evaluate(() => window.harness.uploads.films()[0]?.jobId ?? '')
    console.info(
      `6 GiB: ${begun} of 96 parts before the kill, ${answered - begun} after it; ${mega(peakBytes - idleBytes)} over the idle tab`,
    )
    // Those that were on their way when the tab died are sent again.
    expect(answered).toBeLessThanOrEqual(96 + 4)
    const response = await fetch(`${service.url}/api/playback/direct?job_id=${jobId}`)
    const arrived = createHash('sha256')
    for await (const chunk of response.body ?? []) arrived.update(chunk)
    const sent = createHash('sha256')
    for await (const chunk of createReadStream(path)) sent.update(chunk as Buffer)
    expect(arrived.digest('hex')).toBe(sent.digest('hex'))
    await context.close()
  })
})

function mega(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`
}

/** Resident bytes of the largest renderer: the tab with its workers. */
async function tabBytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const sizes = await Promise.all(
    renderers.map(async ({ id }) => {
      const text = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024
    }),
  )
  return Math.max(0, ...sizes)
}
