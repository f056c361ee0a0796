// The watch page in a real browser, on the service as `npm start` runs it.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { startLocalService } from '../support/local-service.ts'

const { url, demoJobId } = await startLocalService()

describe.skipIf(!hasBrowser)('the watch page in chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  /** Opens a page and collects whatever it complains about. */
  async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (entry) => {
      if (entry.type() === 'error' || entry.type() === 'warning') complaints.push(entry.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(url + path)
    return { page, complaints }
  }

  /** As a script of the page would; the engine may still take the video over, which breaks this promise off. */
  const pressPlay = (page: Page): Promise<void> =>
    page.evaluate(() => {
      document
        .querySelector('video')
        ?.play()
        .catch(() => undefined)
    })

  const plays = (page: Page) => page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)

  it('plays the private film: time advances, frames are decoded, nothing complains', async () => {
    const { page, complaints } = await open(`/watch/${demoJobId}`)
    await pressPlay(page)
    await page.waitForFunction(() => {
      const video = document.querySelector('video')
      return video !== null && video.currentTime > 2 && video.getVideoPlaybackQuality().totalVideoFrames > 24
    })
    expect(await page.evaluate(() => document.querySelector('video')?.videoWidth)).toBeGreaterThan(0)
    expect(await page.evaluate(() => document.querySelector('video')?.duration)).toBeCloseTo(24, 0)
    expect(complaints).toEqual([])
    await page.close()
  })

  async function openPlaying(): Promise<{ page: Page; complaints: string[] }> {
    const opened = await open(`/watch/${demoJobId}`)
    await pressPlay(opened.page)
    await opened.page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
    return opened
  }

  it('goes on playing when play was pressed before its engine was there', async () => {
    const page = await browser.newPage()
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/assets/hls-engine.js*', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(`${url}/watch/${demoJobId}`)
    await pressPlay(page)
    expect(await page.evaluate(() => document.querySelector('video')?.paused)).toBe(false)
    release()
    await page.waitForFunction(() => {
      const video = document.querySelector('video')
      return video !== null && video.src.startsWith('blob:') && video.currentTime > 0.5
    })
    await page.close()
  })

  const state = (page: Page, name: 'paused' | 'muted'): Promise<boolean | undefined> =>
    page.evaluate((property) => document.querySelector('video')?.[property], name)

  /** Opens the menu and chooses with keys only; the menu closes by itself. */
  async function choose(page: Page, list: string, label: string): Promise<void> {
    await page.getByRole('button', { name: 'settings' }).press('Enter')
    await page.getByRole('menuitem', { name: list }).press('Enter')
    await page.getByRole('menu', { name: list }).getByRole('menuitemradio', { name: label }).press('Enter')
    await page.getByRole('menuitem').first().waitFor({ state: 'hidden' })
  }

  it('goes on playing where one seeks to', async () => {
    const { page, complaints } = await open(`/watch/${demoJobId}`)
    await pressPlay(page)
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
    for (const seconds of [18, 6]) {
      await page.evaluate((target) => {
        const video = document.querySelector('video')
        if (video) video.currentTime = target
      }, seconds)
      await page.waitForFunction((target) => {
        const video = document.querySelector('video')
        return video !== null && !video.seeking && video.currentTime > target + 0.5 && video.currentTime < target + 6
      }, seconds)
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  it('shows the subtitles one chooses in the menu, and hides them with a key', async () => {
    const { page, complaints } = await openPlaying()
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'settings' }).click()
    await page.getByRole('menuitem', { name: 'Subtitles' }).first().click()
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
    await page.getByRole('menuitem').first().waitFor({ state: 'hidden' })
    await page.keyboard.press('k')
    await page.waitForFunction(() => (document.querySelector('.cues-bottom')?.textContent ?? '') !== '')
    await page.keyboard.press('c')
    await page.waitForFunction(() => document.querySelector('.cues-bottom')?.textContent === '')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('changes audio and quality from its menus, by keyboard alone', async () => {
    const { page, complaints } = await openPlaying()
    await page.keyboard.press('k')
    await choose(page, 'Audio', 'Deutsch')
    await choose(page, 'Quality', '144p')
    await page.keyboard.press('k')
    await page.waitForFunction(() => document.querySelector('video')?.videoHeight === 144)
    await choose(page, 'Speed', '1.5x')
    await page.waitForFunction(() => document.querySelector('video')?.playbackRate === 1.5)
    await page.getByRole('button', { name: 'settings' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Audio Deutsch' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menuitem').first().waitFor({ state: 'hidden' })
    expect(complaints).toEqual([])
    await page.close()
  })

  it('answers the keyboard: play, seek, mute, help', async () => {
    const { page } = await openPlaying()
    await page.keyboard.press('k')
    expect(await state(page, 'paused')).toBe(true)
    await page.keyboard.press('5')
    await page.waitForFunction(() => Math.abs((document.querySelector('video')?.currentTime ?? 0) - 12) < 0.1)
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => Math.abs((document.querySelector('video')?.currentTime ?? 0) - 17) < 0.1)
    await page.keyboard.press('m')
    expect(await state(page, 'muted')).toBe(true)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.close()
  })

  it('previews where the seek bar leads, and goes there on a click', async () => {
    const { page, complaints } = await openPlaying()
    const bar = await page.getByRole('slider', { name: 'seek' }).boundingBox()
    if (bar === null) throw new Error('no seek bar')
    await page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2)
    await page.waitForFunction(() => {
      const range = document.querySelector('media-time-range')?.shadowRoot
      const image = range?.querySelector('media-preview-thumbnail')?.shadowRoot?.querySelector('img')
      return image?.checkVisibility() === true && image.complete && image.naturalWidth > 0
    })
    expect(Math.round(Number(await page.locator('media-time-range').getAttribute('mediapreviewtime')))).toBe(12)
    await page.screenshot({ path: 'test-results/watch-page-preview.png' })
    await page.mouse.click(bar.x + bar.width / 2, bar.y + bar.height / 2)
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 12)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('waits for a film that is still being prepared, and starts by itself', async () => {
    const page = await browser.newPage()
    await page.route(`**/watch/${demoJobId}`, async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replace('data-state="ready"', 'data-state="not-ready"')
      await route.fulfill({ response, body })
    })
    await page.goto(`${url}/watch/${demoJobId}`)
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
    await page.close()
  })

  /** Opens the film with its later segments refused, as when signatures have ended, until `isOver` says so. */
  async function openRefused(isOver: (refusals: number) => boolean): Promise<Page> {
    const page = await browser.newPage()
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
      const look = (): void => {
        const isNoticed = document.querySelector('.message:not([hidden])') !== null
        if (isNoticed && video && video.currentTime > (coveredAt ?? Infinity)) document.body.id = 'was-covered'
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
    const page = await browser.newPage()
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
    const page = await browser.newPage()
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

  it('F15: pauses on a click once it has begun', async () => {
    const { page } = await openPlaying()
    await page.keyboard.press('k')
    expect(await state(page, 'paused')).toBe(true)
    await page.close()
  })

  it('F15: says that it is offline when the film stops, and goes on by itself', async () => {
    const page = await browser.newPage()
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
      const page = await browser.newPage({ colorScheme, viewport: { width, height }, hasTouch: width < 1000 })
      await page.goto(`${url}/watch/${demoJobId}`)
      await page.getByRole('button', { name: 'Play film' }).waitFor()
      const boxes = await page
        .locator('.controls :is([role="button"], [role="switch"]):visible')
        .evaluateAll((buttons) =>
          buttons.map((button) => {
            const { left, right, bottom, width: wide, height: high } = button.getBoundingClientRect()
            return { isInside: left >= 0 && right <= innerWidth && bottom <= innerHeight, wide, high }
          }),
        )
      expect(boxes.length).toBeGreaterThan(3)
      expect(boxes.every((box) => box.isInside)).toBe(true)
      if (width < 1000) expect(Math.min(...boxes.flatMap((box) => [box.wide, box.high]))).toBeGreaterThanOrEqual(44)
      expect(
        await page
          .locator('button:visible:not([aria-label])')
          .evaluateAll((all) => all.filter((b) => b.textContent === '').length),
      ).toBe(0)
      await page.screenshot({ path: `test-results/watch-page-${colorScheme}-${width}.png` })
      await page.close()
    },
  )

  it.each([320, 360, 390])(
    'F5: plays from a tap anywhere on the large play button of a phone of %i px',
    async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 700 }, hasTouch: true, isMobile: true })
      await page.goto(`${url}/watch/${demoJobId}`)
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
        expect([part, seen.paused]).toEqual([part, false])
        expect(seen.seconds).toBeLessThan(6)
      }
      await page.screenshot({ path: `test-results/watch-page-playing-${width}.png` })
      await page.close()
    },
  )

  it('leads home from a wrong link', async () => {
    const { page } = await open(`/watch/${crypto.randomUUID()}`)
    await page.getByRole('link').first().click()
    await page.waitForURL(`${url}/`)
    expect(await page.getByRole('link', { name: /film/i }).getAttribute('href')).toBe(`/watch/${demoJobId}`)
    await page.close()
  })
})
