// What the player says when things are not as they should be, photographed at three widths in two schemes into
// docs/screenshots: npm run screenshots:player -- http://localhost:8787. The demo film is all it needs.
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { DEMO_JOB_ID } from '../../src/cli/local-state.ts'
import { CHROMIUM } from '../support/programs.ts'

const [, , url = 'http://localhost:8787', only] = process.argv
const film = `${url}/watch/${DEMO_JOB_ID}`
/** The film from its twelfth second on; it is short, and would be loaded whole at once. */
const LATER = /segment-[3-9]\.m4s/
/** A busy machine is no failure. */
const PATIENCE_MS = 90_000
const WIDTHS = [320, 390, 1280] as const

/** Brings the page of the film into a state, and waits until it says so. */
const STATES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  /** Play was pressed over a line of 50 kB/s and 400 ms: nothing of the film is there yet. */
  async loading(page) {
    await slowDown(page)
    await page.goto(film, { waitUntil: 'commit' })
    await page.getByRole('button', { name: 'Play film' }).click()
    await page.locator('.player[data-busy="true"]').waitFor()
  },
  /** It plays over that line. */
  async playing(page) {
    await slowDown(page)
    await page.goto(film)
    await page.getByRole('button', { name: 'Play film' }).click()
    await hasPlayed(page, 3)
  },
  /** The line gives nothing any more for eight seconds. */
  async slow(page) {
    await page.route(LATER, () => undefined)
    await page.goto(film)
    await page.getByRole('button', { name: 'Play film' }).click()
    await hasPlayed(page, 1)
    await page.keyboard.press('9')
    await page.getByText('The connection is slow.').filter({ visible: true }).waitFor({ timeout: PATIENCE_MS })
  },
  async offline(page) {
    let goOffline = (): void => undefined
    const isOffline = new Promise<void>((resolve) => (goOffline = resolve))
    await page.route(LATER, async (route) => {
      await isOffline
      await route.abort('internetdisconnected')
    })
    await page.goto(film)
    await page.getByRole('button', { name: 'Play film' }).click()
    await hasPlayed(page, 2)
    await page.context().setOffline(true)
    goOffline()
    await page.keyboard.press('9')
    await page.getByText('You are offline.').filter({ visible: true }).waitFor({ timeout: PATIENCE_MS })
  },
  async error(page) {
    await page.route('**/index.m3u8*', (route) => route.fulfill({ status: 404 }))
    await page.route('**/api/playback/direct*', (route) => route.fulfill({ status: 404 }))
    await page.goto(film)
    await page.getByText('This film is not available any more.').filter({ visible: true }).waitFor()
  },
}

const browser = await chromium.launch({
  ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
})
try {
  for (const width of WIDTHS) {
    for (const colorScheme of ['light', 'dark'] as const) await photograph(browser, width, colorScheme)
  }
} finally {
  await browser.close()
}

async function photograph(from: Browser, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  const isMobile = width < 1000
  const viewport = { width, height: isMobile ? 640 : 800 }
  const options: BrowserContextOptions = { viewport, colorScheme, locale: 'en-GB', isMobile, hasTouch: isMobile }
  const states = Object.entries(STATES).filter(([name]) => only === undefined || name === only)
  // Each in a context of its own, as one may be offline; together, as most of their time is waiting.
  await Promise.all(
    states.map(async ([name, reach]) => {
      const context = await from.newContext(options)
      const page = await context.newPage()
      await reach(page)
      const path = `docs/screenshots/player-${name}-${width}-${colorScheme}.jpg`
      await page.screenshot({ path, type: 'jpeg', quality: 82 })
      await context.close()
    }),
  )
}

async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const network = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }
  await devtools.send('Network.emulateNetworkConditions', network)
}

async function hasPlayed(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction((least) => (document.querySelector('video')?.currentTime ?? 0) > least, seconds, {
    timeout: PATIENCE_MS,
  })
}
