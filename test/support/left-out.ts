// Says at the very end of a run which tests this machine could not run, and what it lacks: a suite that is green because
// it left something out must not look whole.
import type { Reporter } from 'vitest/node'
import { CHROMIUM, hasFfmpeg } from './programs.ts'

const PROGRAMS: Readonly<Record<string, boolean>> = {
  chromium: CHROMIUM !== undefined,
  'ffmpeg and ffprobe': hasFfmpeg,
}

export function sayLeftOut(): Reporter {
  let isChosen = false
  return {
    onInit({ config }) {
      // With -t everything else is left out, and that is meant.
      isChosen = config.testNamePattern !== undefined
    },
    onTestRunEnd(modules) {
      if (isChosen) return
      const lines = modules.flatMap((module) => {
        const skipped = [...module.children.allTests()].filter(({ options }) => options.mode === 'skip')
        return skipped.length === 0 ? [] : [`Left out: ${skipped.length} tests of ${module.relativeModuleId}`]
      })
      const missing = Object.keys(PROGRAMS).filter((program) => PROGRAMS[program] === false)
      if (missing.length > 0) lines.push(`Not found on this machine: ${missing.join(', ')}.`)
      for (const line of lines.sort()) console.log(line)
    },
  }
}
