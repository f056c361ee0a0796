// Every room of the console of a running `npm start`, photographed at two widths in two schemes into docs/screenshots:
// npm run screenshots -- http://localhost:8787. It makes its own films and keys there, so give it a state of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { DEMO_JOB_ID } from '../../src/cli/local-state.ts'
import { runFfmpeg } from '../players/media/ffmpeg.ts'
import { CHROMIUM } from '../support/programs.ts'

/** Names of films, and where in the demo film each begins, in seconds. */
const FILMS = [
  ['Harbour at first light', 1],
  ['How the hull is painted', 5],
  ['Interview, the pilot', 9],
  ['Lynx, tracks in the snow', 13],
  ['Trailer, second cut', 17],
  ['Training: the winch', 20],
] as const

const ROOMS: Readonly<Record<string, string>> = {
  videos: '/videos',
  'videos-list': '/videos?view=list',
  film: `/videos/${DEMO_JOB_ID}`,
  'film-thumbnail': `/videos/${DEMO_JOB_ID}/thumbnail`,
  'film-subtitles': `/videos/${DEMO_JOB_ID}/subtitles`,
  'film-reports': `/videos/${DEMO_JOB_ID}/reports`,
  'film-files': `/videos/${DEMO_JOB_ID}/files`,
  'shared-reports': '/reports',
  analytics: '/analytics',
  keys: '/keys',
  'signing-keys': '/keys/signing',
  health: '/health',
}

const [, , url = 'http://localhost:8787', only] = process.argv
const folder = await mkdtemp(join(tmpdir(), 'lynxgate-photographs-'))
const browser = await chromium.launch({
  ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
  args: ['--no-sandbox'],
})
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })).newPage()
  await signIn(page)
  if (only === undefined) await fill(page)
  for (const width of [1280, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) await photograph(width, colorScheme)
  }
} finally {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${url}/console`)
  await page.getByRole('button', { name: 'Continue as user_demo' }).click()
  await page.locator('main#room').waitFor()
}

async function fill(page: Page): Promise<void> {
  const paths = []
  for (const [name, second] of FILMS) {
    const path = join(folder, `${name}.mp4`)
    const source = ['-ss', String(second), '-t', '4', '-i', 'test/fixtures/demo/film.mp4']
    await runFfmpeg([...source, '-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', path])
    paths.push(path)
  }
  await page.getByLabel('Upload films').setInputFiles(paths)
  await page.getByRole('link', { name: 'Open: Interview, the pilot.mp4' }).waitFor({ timeout: 120_000 })
  await page.screenshot({ path: 'docs/screenshots/console-drop.jpg', type: 'jpeg', quality: 82 })
  await page.getByRole('button', { name: `Dismiss: ${FILMS.at(-1)?.[0] ?? ''}.mp4` }).waitFor({ timeout: 240_000 })
  await page.goto(`${url}/console/keys`)
  for (const name of ['upload server', 'analytics job', 'website']) {
    await page.getByRole('button', { name: 'Make an API key' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    if (name !== 'upload server') await page.getByRole('radio', { name: 'Read only' }).check({ force: true })
    await page.getByRole('dialog').getByRole('button', { name: 'Make an API key' }).click()
    await page.getByRole('button', { name: 'I have copied it' }).click()
  }
  await page.goto(`${url}/console/keys/signing`)
  await page.getByRole('button', { name: 'Add a signing key' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill('our backend')
  await page.getByRole('dialog').getByRole('button', { name: 'Add a signing key' }).click()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.goto(`${url}/console/videos/${DEMO_JOB_ID}/reports`)
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByText('Link made').waitFor()
}

async function photograph(width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  const viewport = { width, height: width === 390 ? 844 : 800 }
  const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB', isMobile: width === 390 })
  const page = await context.newPage()
  const take = async (name: string): Promise<void> => {
    const path = `docs/screenshots/console-${name}-${width}-${colorScheme}.jpg`
    await page.screenshot({ path, type: 'jpeg', quality: 82 })
  }
  await page.goto(`${url}/console`)
  await page.getByRole('button', { name: 'Continue as user_demo' }).waitFor()
  if (only === undefined) await take('sign-in')
  await signIn(page)
  for (const [name, path] of Object.entries(ROOMS)) {
    if (only !== undefined && !name.startsWith(only)) continue
    await page.goto(`${url}/console${path}`)
    await page
      .locator('.video:not(.placeholder), .facts, .key-main, .verdict, p.empty, .numbers, ul.rows > li')
      .first()
      .waitFor()
    await page.waitForLoadState('networkidle')
    await page.evaluate(async () => {
      const pictures = [...document.images].filter(({ loading, src }) => loading !== 'lazy' && src !== '')
      await Promise.all(pictures.map(async (picture) => await picture.decode().catch(() => undefined)))
    })
    if (width === 390 && path.split('/').length > 3) {
      await page.locator('.film-side').evaluate((section) => section.scrollIntoView())
      await page.evaluate(() => window.scrollBy(0, -70))
    }
    await take(name)
  }
  await context.close()
}
