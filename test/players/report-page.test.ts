// How a shared report looks on a phone: its real markup and styles in a real browser, without a service.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { outlineReport } from '../../src/core/videos/report-outline.ts'
import { DEFAULT_BRAND } from '../../src/core/brand.ts'
import { pageLook } from '../../src/http/pages/look.ts'
import { sharePage } from '../../src/http/pages/share-page.ts'
import { textsOf } from '../../src/http/pages/texts/texts.ts'
import { hasBrowser, launchBrowser } from '../support/browser.ts'

const ANALYSIS = {
  summary: 'A lynx crosses the snow, looks back once, and is gone before the sun is up.',
  score: 0.93,
  tags: ['lynx', 'snow'],
  scenes: [
    { start: 1.5, label: 'The wood' },
    { start: 12, label: 'A lynx' },
  ],
}

describe.skipIf(!hasBrowser)('a shared report on a phone', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  async function render(analysis: unknown): Promise<string> {
    const look = pageLook(DEFAULT_BRAND)
    const view = { look, language: 'en', texts: textsOf('en'), origin: 'https://api.example.com' } as const
    const page = await sharePage(view, {
      jobId: '5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22',
      name: 'The lynx at the edge of the wood',
      description: 'Filmed at dawn.',
      durationSeconds: 95,
      status: 'completed',
      shareHash: 'aaaaaaaaaaaaaaaaaaaaaaa',
      sharedAtMs: Date.parse('2026-11-21T12:07:00.000Z'),
      isPublic: true,
      isOriginalAllowed: true,
      film: 'stream',
      outline: analysis === undefined ? [] : outlineReport(analysis),
    })
    const styles = await Promise.all(
      ['theme.css', 'report.css'].map(async (name) => await readFile(`public/assets/${name}`, 'utf8')),
    )
    return page.toString().replace('</head>', `<style>${styles.join('\n')}</style></head>`)
  }

  it.each([
    [320, 'light'],
    [320, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('F20: begins every line of words at the same place, at %i px, %s', async (width, colorScheme) => {
    for (const [name, analysis, lines] of [
      ['report', ANALYSIS, 4],
      ['no-report', undefined, 3],
    ] as const) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, isMobile: true })
      await page.route('**/*', (route) => route.abort())
      await page.setContent(await render(analysis), { waitUntil: 'domcontentloaded' })
      const lefts = await page
        .locator('.report h1, .report .description, .report .properties, .report h2, .report .text, .report .hint')
        .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().left))
      expect(lefts.length).toBeGreaterThanOrEqual(lines)
      expect(new Set(lefts).size).toBe(1)
      const widest = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(widest).toBeLessThanOrEqual(width)
      await page.screenshot({ path: `test-results/${name}-${colorScheme}-${width}.png`, fullPage: true })
      await page.close()
    }
  })
})
