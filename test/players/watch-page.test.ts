// The watch page in a real browser, on the service as `npm start` runs it.
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasBrowser, usePages } from '../support/browser.ts'
import { startLocalService } from '../support/local-service.ts'
import { plays, pressPlay } from './watching.ts'

const { url, demoJobId } = await startLocalService()

describe.skipIf(!hasBrowser)('the watch page in chromium', () => {
  const pages = usePages()

  /** Opens a page and collects whatever it complains about. */
  async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await pages.open(url)
    const complaints: string[] = []
    page.on('console', (entry) => {
      if (entry.type() === 'error' || entry.type() === 'warning') complaints.push(entry.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(url + path)
    return { page, complaints }
  }

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
    await plays(opened.page)
    return opened
  }

  it('goes on playing when play was pressed before its engine was there', async () => {
    const page = await pages.open(url)
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
    await plays(page)
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
    const page = await pages.open(url)
    await page.route(`**/watch/${demoJobId}`, async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replace('data-state="ready"', 'data-state="not-ready"')
      await route.fulfill({ response, body })
    })
    await page.goto(`${url}/watch/${demoJobId}`)
    await plays(page)
    await page.close()
  })

  it('F15: pauses on a click once it has begun', async () => {
    const { page } = await openPlaying()
    await page.keyboard.press('k')
    expect(await state(page, 'paused')).toBe(true)
    await page.close()
  })

  it('leads home from a wrong link', async () => {
    const { page } = await open(`/watch/${crypto.randomUUID()}`)
    await page.getByRole('link').first().click()
    await page.waitForURL(`${url}/`)
    expect(await page.getByRole('link', { name: /film/i }).getAttribute('href')).toBe(`/watch/${demoJobId}`)
    await page.close()
  })
})
