// Says at the very end of a run which tests this machine could not run, and what it lacks: a suite that is green because
// it left something out must not look whole.
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { hasBrowser } from './browser.ts'
import { hasFfmpeg } from './programs.ts'

const PROGRAMS: Readonly<Record<string, boolean>> = { chromium: hasBrowser, 'ffmpeg and ffprobe': hasFfmpeg }

export default class LeftOut implements Reporter {
  #isChosen = false

  onInit({ config }: Vitest): void {
    // With -t everything else is left out, and that is meant.
    this.#isChosen = config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#isChosen) return
    const lines = modules.flatMap((module) => {
      const count = [...module.children.allTests()].filter(({ options }) => options.mode === 'skip').length
      return count === 0 ? [] : [`Left out: ${count} tests of ${module.relativeModuleId}`]
    })
    const missing = Object.keys(PROGRAMS).filter((program) => PROGRAMS[program] === false)
    if (missing.length > 0) lines.push(`Not found on this machine: ${missing.join(', ')}.`)
    for (const line of lines.sort()) console.log(line)
  }
}
