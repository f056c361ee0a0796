// Global tear-down of the `local` tests: says at the very end which player tests this machine could not run.
import { hasFfmpeg } from '../players/media/ffmpeg.ts'
import { hasBrowser } from './browser.ts'

const NEEDS: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  'test/players/streams.test.ts': { chromium: hasBrowser, 'ffmpeg and ffprobe': hasFfmpeg },
  'test/players/odd-films.test.ts': { chromium: hasBrowser, 'ffmpeg and ffprobe': hasFfmpeg },
  'test/local/examples.test.ts': { chromium: hasBrowser },
  'test/local/reference-page.test.ts': { chromium: hasBrowser },
  'test/players/watch-page.test.ts': { chromium: hasBrowser },
  'test/players/original.test.ts': { chromium: hasBrowser },
  'test/players/report-page.test.ts': { chromium: hasBrowser },
  'test/players/console/console.test.ts': { chromium: hasBrowser },
}

export function teardown(): void {
  for (const [file, needs] of Object.entries(NEEDS)) {
    const missing = Object.keys(needs).filter((program) => !needs[program])
    if (missing.length > 0) console.log(`Left out: ${file} needs ${missing.join(' and ')}, not found on this machine.`)
  }
}
