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

  it('plays the private film: time advances, frames are decoded, nothing complains', async () => {
    const { page, complaints } = await open(`/watch/${demoJobId}`)
    await page.evaluate(() => document.querySelector('video')?.play())
    await page.waitForFunction(() => {
      const video = document.querySelector('video')
      return video !== null && video.currentTime > 2 && video.getVideoPlaybackQuality().totalVideoFrames > 24
    })
    expect(await page.evaluate(() => document.querySelector('video')?.videoWidth)).toBeGreaterThan(0)
    expect(await page.evaluate(() => document.querySelector('video')?.duration)).toBeCloseTo(24, 0)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('goes on playing where one seeks to', async () => {
    const { page, complaints } = await open(`/watch/${demoJobId}`)
    await page.evaluate(() => document.querySelector('video')?.play())
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
    for (const seconds of [18, 6]) {
      await page.evaluate((target) => {
        const video = document.querySelector('video')
        if (video) video.currentTime = target
      }, seconds)
      await page.waitForFunction(
        (target) => {
          const video = document.querySelector('video')
          return video !== null && !video.seeking && video.currentTime > target + 0.5 && video.currentTime < target + 6
        },
        seconds,
      )
    }
    expect(complaints).toEqual([])
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
