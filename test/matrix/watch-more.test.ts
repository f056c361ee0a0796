// What the watch page offers beyond playing: moments in links, memory, chapters, languages, captions to taste; and axe.
import { readFile } from 'node:fs/promises'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasBrowser, usePages } from '../support/browser.ts'
import { longStream } from '../players/media/long-stream.ts'
import { startLocalService } from '../support/local-service.ts'

const { url, demoJobId } = await startLocalService()
const path = `${url}/watch/${demoJobId}`

declare global {
  interface Window {
    axe: { run(): Promise<AxeResults> }
  }
}

describe.skipIf(!hasBrowser)('the watch page in chromium, beyond playing', () => {
  const pages = usePages({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })

  async function open(address: string = path, inLanguage?: string): Promise<Page> {
    const page = await (inLanguage === undefined ? pages.open(url) : pages.apart({ locale: inLanguage }))
    await page.goto(address)
    await page.locator('.big-play').waitFor()
    return page
  }
  const time = (page: Page): Promise<number> => page.evaluate(() => document.querySelector('video')?.currentTime ?? -1)
  const isAt = (page: Page, seconds: number): Promise<unknown> =>
    page.waitForFunction(
      (wanted) => Math.abs((document.querySelector('video')?.currentTime ?? -1) - wanted) < 1,
      seconds,
    )

  /** By pointer, as most viewers do. */
  async function choose(page: Page, list: string, label: string): Promise<void> {
    await page.locator('.player').hover()
    await page.getByRole('button', { name: 'settings' }).click()
    await page.getByRole('menuitem', { name: list, exact: false }).first().click()
    await page.getByRole('menuitemradio', { name: label, exact: true }).click()
    await page.getByRole('menuitem').first().waitFor({ state: 'hidden' })
  }

  it('begins at the moment of its link, and copies a link to the moment that is shown', async () => {
    const page = await open(`${path}?t=0m12s`)
    await isAt(page, 12)
    await page.keyboard.press('ArrowRight')
    await isAt(page, 17)
    await page.locator('.player').hover()
    await page.getByRole('button', { name: 'settings' }).click()
    await page.getByRole('menuitem', { name: 'Copy link at 0:17' }).click()
    await page.getByText('Link copied').first().waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${path}?t=17`)
    await page.close()
  })

  it('remembers speed, volume, subtitles, their size and the quality, and plays where storage is forbidden', async () => {
    const page = await open()
    await page.evaluate(() => document.querySelector('video')?.play())
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.3)
    await choose(page, 'Speed', '1.5x')
    await choose(page, 'Quality', '144p')
    await choose(page, 'Subtitles', 'Deutsch')
    await choose(page, 'Subtitle style', 'Very large')
    await page.keyboard.press('ArrowDown')
    await page.reload()
    await page.waitForFunction(() => {
      const video = document.querySelector('video')
      const isOn = [...(video?.textTracks ?? [])].some(({ language, mode }) => language === 'de' && mode === 'showing')
      return video?.playbackRate === 1.5 && Math.abs(video.volume - 0.9) < 0.01 && isOn
    })
    expect(await page.locator('.player').getAttribute('data-caption-size')).toBe('very-large')
    await page.evaluate(() => document.querySelector('video')?.play())
    await page.waitForFunction(() => document.querySelector('video')?.videoHeight === 144)
    await page.close()

    const forbidden = await pages.open(url)
    await forbidden.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('no', 'SecurityError')
        },
      })
    })
    const errors: string[] = []
    forbidden.on('pageerror', (error) => errors.push(error.message))
    await forbidden.goto(path)
    await forbidden.getByRole('button', { name: 'Play film' }).click()
    await forbidden.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
    await choose(forbidden, 'Subtitles', 'Deutsch')
    await forbidden.keyboard.press('c')
    expect(errors).toEqual([])
    await forbidden.close()
  })

  it('goes on where a film over five minutes was left, begins it again after its end, and obeys its link first', async () => {
    const page = await open()
    const positions = (): Promise<string | null> => page.evaluate(() => localStorage.getItem('lynxgate.positions'))
    const goTo = (seconds: number): Promise<void> =>
      page.evaluate(async (moment) => {
        const video = document.querySelector('video')
        if (!video) return
        video.currentTime = moment
        await video.play()
      }, seconds)
    await goTo(20)
    await page.evaluate(() => document.querySelector('video')?.pause())
    expect(await positions()).toBeNull()

    const { playlist, segments } = await longStream(310)
    await page.route(`**/api/playback/stream/*/index.m3u8*`, (route) =>
      route.fulfill({ body: playlist, contentType: 'application/vnd.apple.mpegurl' }),
    )
    await page.route('**/long-*.ts', (route) =>
      route.fulfill({ body: segments.get(route.request().url().split('/').at(-1) ?? '') ?? '' }),
    )
    const isLoaded = (): Promise<unknown> =>
      page.waitForFunction(() => Math.abs((document.querySelector('video')?.duration ?? 0) - 310) < 2)
    await page.reload()
    await isLoaded()
    await goTo(200)
    await expect.poll(positions).toMatch(/^\{"[^"]{36}":20\d(\.\d)?\}$/)
    await page.reload()
    await isLoaded()
    await isAt(page, 200)
    await page.goto(`${path}?t=30`)
    await isLoaded()
    await isAt(page, 30)
    await goTo(308)
    await page.waitForFunction(() => document.querySelector('video')?.ended)
    await expect.poll(positions).toBe('{}')
    await page.goto(path)
    await isLoaded()
    await goTo(await time(page))
    expect(await time(page)).toBeLessThan(5)
    await page.close()
  })

  it('has the chapters of the film on its seek bar and in its menu', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Play film' }).click()
    await page.locator('media-time-range').hover()
    await page.waitForFunction(() => {
      const segments = document
        .querySelector('media-time-range')
        ?.shadowRoot?.querySelectorAll('#segments-clipping rect')
      return (segments?.length ?? 0) >= 5
    })
    await choose(page, 'Chapters', '0:18 Dusk')
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) >= 18)
    await page.close()
  })

  it("speaks the viewer's language", async () => {
    for (const [locale, name] of [
      ['de-AT', 'Film abspielen'],
      ['fr-FR', 'Lire la vidéo'],
      ['es-MX', 'Reproducir el vídeo'],
      ['nl-NL', 'Play film'],
    ] as const) {
      const page = await open(path, locale)
      await page.getByRole('button', { name }).waitFor()
      if (locale === 'de-AT') await page.getByRole('button', { name: 'Vollbildmodus' }).waitFor()
      await page.close()
    }
  })

  it('says that a viewing has ended when the token of a private film is of no use any more', async () => {
    const page = await pages.open(url)
    await page.route(path, async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replaceAll('/index.m3u8"', '/index.m3u8?token=a.b.c"')
      await route.fulfill({ response, body })
    })
    await page.route('**/index.m3u8*', (route) => route.fulfill({ status: 403 }))
    await page.goto(path)
    await page.getByText('This viewing has ended.').waitFor()
    expect(await time(page)).toBe(0)
    await page.close()
  })

  it.each(['light', 'dark'] as const)('leaves axe nothing to find, in %s colours', async (colorScheme) => {
    const axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8')
    const page = await open()
    await page.emulateMedia({ colorScheme })
    await page.evaluate(axe)
    const find = async (): Promise<string[]> => {
      const { violations } = await page.evaluate(() => window.axe.run())
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${JSON.stringify(target)}`))
    }
    expect(await find()).toEqual([])
    await page.getByRole('button', { name: 'settings' }).click()
    await page.getByRole('menuitem', { name: 'Speed' }).first().waitFor()
    expect(await find()).toEqual([])
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await find()).toEqual([])
    await page.close()
  })
})
