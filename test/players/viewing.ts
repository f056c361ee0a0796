// What a viewer does with one film in one player, in a page that keeps account of everything that goes wrong.
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { FILM_SECONDS, PITCH } from './media/film.ts'
import { STORYBOARD } from './media/storyboard.ts'
import { WORD } from './media/subtitles.ts'
import type { Packaging } from './packagings.ts'
import type { PlayerName } from './page/lab.ts'

export interface Room {
  readonly page: Page
  /** Errors of the console and of scripts, refused requests; emptied by the reader. */
  takeFaults(): string[]
}

/** Opens the players' page. With `html`, that text stands in for whatever the address has. */
export async function openRoom(browser: Browser, url: string, html?: string): Promise<Room> {
  const page = await browser.newPage({ viewport: { width: 660, height: 380 } })
  let faults: string[] = []
  page.on('console', (entry) => {
    if (entry.type() === 'error') faults.push(`console: ${entry.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
  page.on('requestfailed', (request) => {
    // Players give up requests of their own after a seek.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') {
      faults.push(`${request.failure()?.errorText} ${request.url()}`)
    }
  })
  if (html !== undefined) await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.goto(url)
  return {
    page,
    takeFaults() {
      const taken = faults
      faults = []
      return taken
    },
  }
}

export interface Viewing {
  readonly player: PlayerName
  readonly url: string
  readonly film: Pick<Packaging, 'hasVideo' | 'hasLanguages' | 'hasSubtitles' | 'hasStoryboard'>
  readonly durationSeconds?: number
  /** Where the picture of this viewing is kept. */
  readonly screenshot?: string
}

/** Plays, reads, listens, seeks, changes the quality and plays to the end; every step must show. */
export async function view(room: Room, viewing: Viewing): Promise<void> {
  const { page } = room
  const { player, film } = viewing
  room.takeFaults()
  try {
    await play(page, viewing)
    if (film.hasSubtitles) await readBoth(page)
    if (film.hasLanguages) await hearBoth(page)
    await seekAround(page, viewing)
    if (film.hasSubtitles) await page.evaluate((word) => window.lab.read('de', word), WORD.de)
    await changeQuality(page)
    if (film.hasStoryboard && player === 'Shaka') await preview(page, viewing.url)
    if (viewing.screenshot !== undefined) await page.screenshot({ path: viewing.screenshot })
    const { seconds, duration } = await page.evaluate(() => window.lab.finish())
    expect(seconds).toBeCloseTo(duration, 1)
  } catch (error) {
    // Without the stack of the page, whose addresses are no files.
    throw error instanceof Error && error.message.startsWith('page.') ? new Error(error.message.split('\n')[0]) : error
  } finally {
    const complaints = await page.evaluate(() => window.lab.close())
    expect([...complaints, ...room.takeFaults()]).toEqual([])
  }
}

/** Time advances, frames and sound are decoded, the length is the film's. */
async function play(page: Page, { player, url, film, durationSeconds = FILM_SECONDS }: Viewing): Promise<void> {
  const first = await page.evaluate((open) => window.lab.open(open.player, open.url), { player, url })
  expect(Math.abs(first.duration - durationSeconds)).toBeLessThan(0.1)
  const later = await page.evaluate(() => window.lab.playOn())
  expect(later.seconds).toBeGreaterThan(first.seconds)
  expect(later.soundBytes).toBeGreaterThan(0)
  if (film.hasVideo) expect(later.frames).toBeGreaterThan(first.frames)
}

/** Forward beyond what is buffered at first, then back. */
async function seekAround(page: Page, { film, durationSeconds = FILM_SECONDS }: Viewing): Promise<void> {
  for (const share of [0.72, 0.08]) {
    const before = await page.evaluate(() => window.lab.see())
    const after = await page.evaluate((seconds) => window.lab.seek(seconds), durationSeconds * share)
    if (film.hasVideo) expect(after.frames).toBeGreaterThan(before.frames)
  }
}

async function readBoth(page: Page): Promise<void> {
  expect(await page.evaluate(() => window.lab.subtitles())).toEqual(['en', 'de'])
  for (const language of ['en', 'de'] as const) {
    await page.evaluate((subtitle) => window.lab.read(...subtitle), [language, WORD[language]] as const)
  }
}

async function hearBoth(page: Page): Promise<void> {
  expect((await page.evaluate(() => window.lab.languages())).toSorted()).toEqual(['de', 'en'])
  for (const language of ['en', 'de'] as const) {
    await page.evaluate((sound) => window.lab.hear(...sound), [language, PITCH[language]] as const)
  }
}

/** To the one that is not shown, where there is another. */
async function changeQuality(page: Page): Promise<void> {
  const shown = await page.evaluate(() => window.lab.see())
  const other = (await page.evaluate(() => window.lab.qualities())).find(
    (height) => height > 0 && height !== shown.height,
  )
  if (other !== undefined) await page.evaluate((height) => window.lab.chooseQuality(height), other)
}

/** The third picture of the storyboard, out of a sprite that really loads. */
async function preview(page: Page, url: string): Promise<void> {
  const { everySeconds, width } = STORYBOARD
  const storyboard = url.replace(/index\.m3u8$/, 'storyboard.vtt')
  const seen = await page.evaluate((ask) => window.lab.preview(...ask), [storyboard, 2 * everySeconds + 1] as const)
  expect(seen).toEqual({ left: 2 * width, width, pictureWidth: (FILM_SECONDS / everySeconds) * width })
}
