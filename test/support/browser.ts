// Debian's chromium, when the machine has one. Player tests are left out without it, and say so.
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

export const hasBrowser = EXECUTABLE !== undefined

/** Headless, quiet on the network, and allowed to play without a click. */
export async function launchBrowser(): Promise<Browser> {
  if (EXECUTABLE === undefined) throw new Error('no chromium on this machine')
  return await chromium.launch({
    executablePath: EXECUTABLE,
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
