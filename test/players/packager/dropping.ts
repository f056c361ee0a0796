// Opens the harness on the service's own origin, drops files on it and watches what becomes of them.
import { build } from 'esbuild'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { fileURLToPath } from 'node:url'
import type { FilmUpload, Stage } from '../../../src/web/packager/film-upload.ts'

/** The harness as one script. */
export async function bundleHarness(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('harness.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'chrome120',
    write: false,
    logLevel: 'error',
  })
  return (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script')
}

export interface Drop {
  readonly page: Page
  /** Errors of the console and of scripts. */
  readonly complaints: string[]
}

/** A page that stands where the console would. */
export async function openHarness(
  owner: Browser | BrowserContext,
  url: string,
  script: string,
  rawKey: string,
): Promise<Drop> {
  const page = await owner.newPage()
  const complaints: string[] = []
  page.on('console', (entry) => {
    if (entry.type() === 'error') complaints.push(entry.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const html =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Drop</title><link rel="icon" href="data:,"><body>' +
    `<script>window.rawKey = ${JSON.stringify(rawKey)}</script><script type="module">${script}</script></body></html>`
  await page.route(`${url}/drop`, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.goto(`${url}/drop`)
  // While anything is routed, the browser hands every body that it sends to this process as well.
  await page.unrouteAll()
  await page.waitForFunction(() => 'harness' in window)
  return { page, complaints }
}

export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  await page.setInputFiles('input', [...paths])
}

/** A busy machine is no failure. */
const PATIENCE_MS = 100_000

/** The first film, once it is in one of the stages; a film that fails otherwise is a failure at once. */
export async function reach(page: Page, ...stages: readonly Stage[]): Promise<FilmUpload> {
  const wanted = [...stages, 'failed', 'refused']
  await page.waitForFunction(
    (list) => list.includes(window.harness.uploads.films()[0]?.stage ?? ''),
    wanted as readonly string[],
    { timeout: PATIENCE_MS },
  )
  const film = await page.evaluate(() => window.harness.uploads.films()[0])
  if (film === undefined || !(stages as readonly string[]).includes(film.stage)) {
    throw new Error(`the film is ${film?.stage ?? 'gone'}: ${film?.problem ?? film?.refusal ?? ''}`)
  }
  return film
}

/** As when the browser's process for the tab dies: nothing of the page runs any more. */
export async function killTab(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  // Answered by nobody.
  void session.send('Page.crash').catch(() => undefined)
  await crashed
  await page.close()
}

type Puts = ReadonlyMap<string, readonly number[]>

/** Segments that were answered with success before, and were sent again after. */
export function twiceSent(before: Puts, after: Puts): readonly string[] {
  const successes = (statuses: readonly number[] = []): number =>
    statuses.filter((status) => status >= 200 && status < 300).length
  return [...before]
    .filter(([path, statuses]) => path.endsWith('.m4s') && successes(statuses) > 0)
    .filter(([path, statuses]) => successes(after.get(path)) > successes(statuses))
    .map(([path]) => path)
}
