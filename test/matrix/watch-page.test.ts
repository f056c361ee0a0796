// The watch page when a network, a signature or a part of the player fails, and on every screen: what takes its time.
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { plays, pressPlay } from '../players/watching.ts'
import { hasBrowser, usePages } from '../support/browser.ts'
import { startLocalService } from '../support/local-service.ts'

const { url, demoJobId } = await startLocalService()

describe.skipIf(!hasBrowser)('the watch page in chromium', () => {
  const pages = usePages()

  /** Opens the film with its later segments refused, as when signatures have ended, until `isOver` says so. */
  async function openRefused(isOver: (refusals: number) => boolean): Promise<Page> {
    const page = await pages.open(url)
    let refusals = 0
    await page.route(/segment-[3-9]\.m4s/, (route) => {
      if (isOver(refusals)) return route.continue()
      refusals += 1
      return route.fulfill({ status: 403 })
    })
    await page.goto(`${url}/watch/${demoJobId}`)
    await pressPlay(page)
    await expect.poll(() => refusals, { timeout: 30_000 }).toBeGreaterThan(0)
    await plays(page)
    return page
  }

  it('takes a fresh playlist by itself when signatures have ended, and goes on', async () => {
    const page = await openRefused((refusals) => refusals > 0)
    await page.keyboard.press('5')
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 12.5)
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    await page.close()
  })

  it('F15: covers the film with no notice while what is loaded still plays', async () => {
    const page = await openRefused(() => false)
    await page.evaluate(() => {
      const video = document.querySelector('video')
      let coveredAt: number | undefined
      let coveredFrames = 0
      // What the browser has told: the clock of a film moves a frame before its `playing` comes.
      let isTold = true
      for (const stop of ['waiting', 'emptied']) video?.addEventListener(stop, () => (isTold = false))
      video?.addEventListener('playing', () => (isTold = true))
      const look = (): void => {
        const isNoticed = document.querySelector('.message:not([hidden])') !== null
        const isCovered = isNoticed && video !== null && video.currentTime > (coveredAt ?? Infinity)
        coveredFrames = isCovered ? coveredFrames + 1 : 0
        if (isCovered && (isTold || coveredFrames > 2)) document.body.id = 'was-covered'
        coveredAt = isNoticed && video?.seeking === false ? video.currentTime : undefined
        requestAnimationFrame(look)
      }
      look()
    })
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 6)
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await page.evaluate(() => document.body.id)).toBe('')
    await page.close()
  })

  /** Opens the film and lets so many requests for the part of the player that plays it fail. */
  async function openWithoutEngine(failures: number): Promise<{ page: Page; arrive: () => void }> {
    const page = await pages.open(url)
    let left = failures
    await page.route('**/assets/hls-engine.js*', (route) => {
      left -= 1
      return left >= 0 ? route.abort() : route.continue()
    })
    await page.goto(`${url}/watch/${demoJobId}`)
    await page.getByRole('button', { name: 'Play film' }).click()
    return { page, arrive: () => (left = 0) }
  }
  it('F15: asks again by itself for a part of the player that did not arrive', async () => {
    const { page } = await openWithoutEngine(2)
    await plays(page)
    expect(await page.locator('.message:visible').count()).toBe(0)
    await page.close()
  })

  it('uses no engine of another version of the player, and asks again for its own', async () => {
    const page = await pages.open(url)
    let others = 2
    await page.route('**/assets/hls-engine.js*', async (route) => {
      const version = new URL(route.request().url()).searchParams.get('v') ?? ''
      expect(version).toMatch(/^[0-9a-f]{10}$/)
      others -= 1
      if (others < 0) return await route.continue()
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replaceAll(version, '0123456789') })
    })
    await page.goto(`${url}/watch/${demoJobId}`)
    await page.getByRole('button', { name: 'Play film' }).click()
    await plays(page)
    expect(others).toBe(-1)
    await page.close()
  })

  it('F15: says that the player did not arrive, plays nothing behind the notice, and tries again when asked', async () => {
    const { page, arrive } = await openWithoutEngine(Infinity)
    const again = page.getByRole('button', { name: 'Try again' })
    await again.waitFor()
    expect(await page.locator('.message').textContent()).toContain('The player could not be loaded.')
    expect(await page.evaluate(() => document.querySelector('video')?.currentTime)).toBe(0)
    arrive()
    await again.click()
    await plays(page)
    expect(await page.locator('.message:visible').count()).toBe(0)
    await page.close()
  })

  it('F15: shows that it waits for as long as nothing plays on a slow network, and no second click stops it', async () => {
    const page = await pages.open(url)
    const network = await page.context().newCDPSession(page)
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 400,
      downloadThroughput: 50_000,
      uploadThroughput: 50_000,
    })
    await page.goto(`${url}/watch/${demoJobId}`)
    await page.getByRole('button', { name: 'Play film' }).click()
    // Looked at before every frame until the first moment has played.
    const looks = page.evaluate(async () => {
      const video = document.querySelector('video')
      const player = document.querySelector<HTMLElement>('.player')
      const seen = { frames: 0, idle: 0, stopped: 0 }
      if (!video || !player) return seen
      while (video.currentTime < 0.3) {
        await new Promise((resolve) => requestAnimationFrame(resolve))
        seen.frames += 1
        if (video.paused) seen.stopped += 1
        if (video.readyState < 3 && player.dataset['busy'] !== 'true') seen.idle += 1
      }
      return seen
    })
    await page.waitForFunction(() => document.querySelector('.spinner')?.checkVisibility({ opacityProperty: true }))
    const { width = 0, height = 0 } = (await page.locator('video').boundingBox()) ?? {}
    for (let click = 0; click < 3; click++) {
      await page.locator('video').click({ position: { x: width / 4, y: height / 4 } })
      await page.keyboard.press('k')
    }
    expect(await page.evaluate(() => document.querySelector('video')?.currentTime)).toBe(0)
    const { frames, idle, stopped } = await looks
    expect(frames).toBeGreaterThan(20)
    expect([idle, stopped]).toEqual([0, 0])
    await page.close()
  })

  it('F15: says that it is offline when the film stops, and goes on by itself', async () => {
    const page = await pages.open(url)
    let isLost = true
    await page.route(/segment-[2-9]\.m4s/, (route) => (isLost ? route.abort('internetdisconnected') : route.continue()))
    await page.goto(`${url}/watch/${demoJobId}`)
    await pressPlay(page)
    await plays(page)
    await page.context().setOffline(true)
    await page.getByText('You are offline.').waitFor()
    const stoppedAt = (await page.evaluate(() => document.querySelector('video')?.currentTime)) ?? 0
    expect(stoppedAt).toBeGreaterThan(2)
    isLost = false
    await page.context().setOffline(false)
    await page.waitForFunction((from) => (document.querySelector('video')?.currentTime ?? 0) > from + 2, stoppedAt)
    expect(await page.locator('.message:visible').count()).toBe(0)
    await page.close()
  })

  it('F15: says that it is offline when it cannot even begin, and begins by itself', async () => {
    const { page, arrive } = await openWithoutEngine(Infinity)
    await page.context().setOffline(true)
    await page.getByText('You are offline.').waitFor()
    arrive()
    await page.context().setOffline(false)
    await plays(page)
    await page.close()
  })

  it('says so when that does not help, and goes on when asked to', async () => {
    let isOver = false
    const page = await openRefused(() => isOver)
    const again = page.getByRole('button', { name: 'Try again' })
    await again.waitFor()
    isOver = true
    await again.click()
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
    await page.keyboard.press('5')
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 12.5)
    await page.close()
  })

  it.each([
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['dark', 390, 844],
    ['dark', 320, 568],
    ['light', 844, 390],
  ] as const)(
    'keeps its controls on the screen and large enough to touch: %s, %i × %i',
    async (colorScheme, width, height) => {
      const page = await pages.apart({ colorScheme, viewport: { width, height }, hasTouch: width < 1000 })
      await page.goto(`${url}/watch/${demoJobId}`)
      await page.getByRole('button', { name: 'Play film' }).waitFor()
      const controls = page.locator('.controls :is([role="button"], [role="switch"]):visible')
      const amiss = (): Promise<string[]> =>
        controls.evaluateAll(
          (buttons, smallest) => {
            const found = buttons.flatMap((button) => {
              const { left, right, bottom, width: wide, height: high } = button.getBoundingClientRect()
              const isInside = left >= 0 && right <= innerWidth && bottom <= innerHeight
              const isLarge = Math.min(wide, high) >= smallest
              return isInside && isLarge ? [] : [`${button.localName}: ${left} to ${right}, ${wide} × ${high}`]
            })
            return buttons.length > 3 ? found : [`only ${buttons.length} controls`]
          },
          width < 1000 ? 44 : 0,
        )
      // They find their places once they were measured.
      await expect.poll(amiss, { timeout: 10_000 }).toEqual([])
      expect(
        await page
          .locator('button:visible:not([aria-label])')
          .evaluateAll((all) => all.filter((b) => b.textContent === '').length),
      ).toBe(0)
      await page.screenshot({ path: `test-results/watch-page-${colorScheme}-${width}.png` })
      await page.close()
    },
  )

  it('F5: plays from a tap anywhere on the large play button of phones of 320, 360 and 390 px', async () => {
    const page = await pages.apart({ hasTouch: true, isMobile: true })
    await page.goto(`${url}/watch/${demoJobId}`)
    for (const width of [320, 360, 390]) {
      await page.setViewportSize({ width, height: 700 })
      for (const part of [0.04, 0.25, 0.5, 0.75, 0.9, 0.97]) {
        await page.reload()
        const box = await page.getByRole('button', { name: 'Play film' }).boundingBox()
        if (box === null) throw new Error('no play button')
        await page.touchscreen.tap(box.x + box.width / 2, box.y + part * box.height)
        await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.1)
        const seen = await page.evaluate(() => ({
          paused: document.querySelector('video')?.paused,
          seconds: document.querySelector('video')?.currentTime ?? 0,
        }))
        expect([width, part, seen.paused]).toEqual([width, part, false])
        expect(seen.seconds).toBeLessThan(6)
      }
      await page.screenshot({ path: `test-results/watch-page-playing-${width}.png` })
    }
    await page.close()
  })
})
