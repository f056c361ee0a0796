// Debian's chromium, when the machine has one. Player tests are left out without it, and say so.
import { chromium, type Browser } from 'playwright-core'
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
