// The console in a real browser where that takes long: what axe finds in every room, and an owner of many films.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MANY_USER, seedMany } from '../players/console/many-videos.ts'
import { hasBrowser, usePages } from '../support/browser.ts'
import { localCaller } from '../support/local-caller.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'

/** Colours differ by scheme, places by width: each once. */
const LOOKS = [
  [1280, 'light'],
  [390, 'dark'],
] as const

describe.skipIf(!hasBrowser)('the console in chromium', () => {
  let service: OwnLocalService
  const pages = usePages({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  beforeAll(async () => {
    service = await spawnLocalService([], seedMany)
  })
  afterAll(() => service.stop())

  const film = (section = ''): string => `/console/videos/${service.demoJobId}${section}`

  const FILM_SECTIONS = ['/share', '/thumbnail', '/subtitles', '/film-reports', '/files']
  const ROOMS = ['', '?view=list', ...FILM_SECTIONS, '/reports', '/keys', '/keys/signing', '/audit', '/health']
  it.each(LOOKS)('is accessible in every room: %i %s', async (width, colorScheme) => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    const page = await pages.apart({ viewport: { width, height: 844 }, colorScheme, isMobile: width === 390 })
    await page.goto(`${service.url}/console`)
    await page.getByRole('button', { name: 'Continue as user_demo' }).waitFor()
    const found: Record<string, unknown> = { door: await audit(page, axe) }
    await page.getByRole('button', { name: 'Continue as user_demo' }).click()
    await page.locator('main#room').waitFor()
    for (const room of ROOMS) {
      const path = FILM_SECTIONS.includes(room)
        ? film(room.replace('film-', ''))
        : room.startsWith('?') || room === ''
          ? `/console/videos${room}`
          : `/console${room}`
      await page.goto(service.url + path)
      await page.locator('.video, .facts, .key-main, .verdict, p.empty, ul.rows > li').first().waitFor()
      found[room] = await audit(page, axe)
    }
    const noFilm = { name: 'no film.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no film') }
    await page.goto(`${service.url}/console/videos`)
    await page.getByLabel('Upload films').setInputFiles(noFilm)
    await page.getByRole('button', { name: 'Upload the original only: no film.mp4' }).waitFor()
    found['uploads'] = await audit(page, axe)
    await page.goto(`${service.url}/console/keys`)
    await page.getByRole('button', { name: 'Make an API key' }).click()
    await page.getByRole('radio', { name: 'Choose' }).check({ force: true })
    found['make a key'] = await audit(page, axe)
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((room) => [room, []])))
    await page.close()
  })

  it('scrolls through thousands of 10,000 videos, of which only some are in the document', async () => {
    const caller = await localCaller(service, MANY_USER)
    const page = await pages.open(service.url)
    await page.goto(`${service.url}/console/videos?sort=name`)
    await page.getByLabel('API key').fill(caller.rawKey)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Film 00001' }).waitFor()
    await page.evaluate(watchLongTasks)
    let most = 0
    const last = page.getByRole('link', { name: 'Film 03000', exact: true })
    while ((await last.count()) === 0) {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
      most = Math.max(most, await page.locator('.video').count())
    }
    expect(most).toBeLessThan(600)
    await page.evaluate(() => window.scrollTo(0, 0))
    await page.getByRole('link', { name: 'Film 00001' }).waitFor()
    const longest = await page.evaluate(() => Reflect.get(globalThis, 'longestTaskMs') as number)
    console.log(`3,000 videos: ${most} in the document at most, longest task ${Math.round(longest)} ms`)
    await page.close()
  })
})

/** What axe calls serious or critical, by rule and place. */
async function audit(page: Page, axe: string): Promise<unknown> {
  await page.evaluate(axe)
  return await page.evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>
    }
    const { violations } = await (Reflect.get(globalThis, 'axe') as Axe).run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  })
}

function watchLongTasks(): void {
  Reflect.set(globalThis, 'longestTaskMs', 0)
  new PerformanceObserver((list) => {
    const longest = Math.max(...list.getEntries().map(({ duration }) => duration))
    Reflect.set(globalThis, 'longestTaskMs', Math.max(longest, Reflect.get(globalThis, 'longestTaskMs') as number))
  }).observe({ type: 'longtask' })
}
