// Debian's chromium, when the machine has one. Player tests are left out without it, and say so.
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { CHROMIUM } from './programs.ts'

export const hasBrowser = CHROMIUM !== undefined

/** Headless, quiet on the network, and allowed to play without a click. */
export async function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('no chromium on this machine')
  return await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
}

export interface Pages {
  /** A page that knows nothing of earlier ones: what they stored for this origin is gone. */
  open(origin: string): Promise<Page>
  /** A page in a context of its own, for another device or person; closed with it. */
  apart(options?: BrowserContextOptions): Promise<Page>
}

/** A browser for the tests of a file. Its pages share one context: scripts, once compiled, stay so. */
export function usePages(options: BrowserContextOptions = {}): Pages {
  let browser: Browser
  let context: BrowserContext
  beforeAll(async () => {
    browser = await launchBrowser()
    context = await browser.newContext(options)
  })
  afterAll(() => browser.close())
  return {
    async open(origin) {
      const page = await context.newPage()
      const devtools = await context.newCDPSession(page)
      const storageTypes = 'cookies,local_storage,indexeddb,file_systems,cache_storage,service_workers'
      await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes })
      await devtools.detach()
      return page
    },
    async apart(own = {}) {
      const separate = await browser.newContext({ ...options, ...own })
      const page = await separate.newPage()
      page.once('close', () => void separate.close())
      return page
    },
  }
}
