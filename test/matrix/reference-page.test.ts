// The API reference in a real browser, on the service as `npm start` runs it.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../src/api/contract.ts'
import { splitRoute, type Operation } from '../../src/api/operation.ts'
import { hasBrowser, launchBrowser } from '../support/browser.ts'
import { localCaller, type LocalCaller } from '../support/local-caller.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'

describe.skipIf(!hasBrowser)('/docs in chromium', () => {
  let service: OwnLocalService
  let caller: LocalCaller
  let browser: Browser
  beforeAll(async () => {
    service = await spawnLocalService()
    caller = await localCaller(service, 'user_reader')
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await service.stop()
  })

  /** With what it complains about, and every origin it asks. */
  async function open(options: { width: number; colorScheme: 'light' | 'dark' }) {
    const { width, colorScheme } = options
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } })
    const complaints: string[] = []
    const origins = new Set<string>()
    page.on('console', (entry) => {
      if (entry.type() === 'error' || entry.type() === 'warning') complaints.push(entry.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => origins.add(new URL(request.url()).origin))
    await page.goto(`${service.url}/docs`)
    await page.waitForSelector('.opblock')
    return { page, complaints, origins }
  }

  async function authorize(page: Page, key: string): Promise<void> {
    await page.click('.btn.authorize')
    const form = page.locator('.modal-ux .auth-container', { hasText: 'apiKey' })
    await form.locator('input').fill(key)
    await form.locator('button[type=submit]').click()
    await page.click('.modal-ux .btn-done')
  }

  it('shows every operation, asks no other origin, fits a phone and is dark where that is wished', async () => {
    const { page, complaints, origins } = await open({ width: 390, colorScheme: 'dark' })
    const shown = await page.$$eval('.opblock', (blocks) =>
      blocks.map(
        (block) =>
          `${block.querySelector('.opblock-summary-method')?.textContent} ${block.querySelector('[data-path]')?.getAttribute('data-path')}`,
      ),
    )
    const declared = Object.values<Operation>(contract).map(({ route }) => splitRoute(route))
    expect(declared.length).toBeGreaterThan(40)
    for (const { method, path } of declared) expect(shown).toContain(`${method} ${path}`)
    expect(complaints).toEqual([])
    expect([...origins].filter((origin) => origin !== service.url && origin !== 'null')).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    expect(await page.evaluate(() => document.documentElement.classList.contains('dark-mode'))).toBe(true)
    await page.close()
  })

  it('tries a call with a key, and keeps the key nowhere', async () => {
    const { page, complaints, origins } = await open({ width: 1280, colorScheme: 'light' })
    expect(await page.evaluate(() => document.documentElement.classList.contains('dark-mode'))).toBe(false)
    await authorize(page, caller.rawKey)
    await page.click('[id$=-getCaller] .opblock-summary-control')
    await page.click('[id$=-getCaller] .execute')
    const answer = page.locator('[id$=-getCaller] .live-responses-table')
    await answer.waitFor()
    expect(await answer.textContent()).toContain(caller.userId)
    expect(complaints).toEqual([])
    expect([...origins].filter((origin) => origin !== service.url && origin !== 'null')).toEqual([])
    expect(
      await page.evaluate(() => JSON.stringify([localStorage.length, sessionStorage.length, document.cookie])),
    ).toBe(JSON.stringify([0, 0, '']))
    await page.close()
  })
})
