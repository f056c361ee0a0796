// An uploaded WebVTT file → one that players read as it was meant. Pure.
import { parseTimes, splitLines } from './cues.ts'
import { timestamp } from './webvtt.ts'

/**
 * Its header holds nothing of another stream's clock, times have their dots, and no text is taken for times. `shown`
 * is when what it says of a second is to be shown.
 */
export function repairWebVtt(source: string, shown: (seconds: number) => number): string {
  const lines = withoutHeader(splitLines(source)).map((line) => {
    if (!line.includes('-->')) return line
    const times = parseTimes(line)
    if (times === undefined) return line.replaceAll('-->', '--&gt;')
    const [from, to] = [times.startMs, times.endMs].map((ms) => timestamp(Math.max(0, shown(ms / 1000))))
    const span = `${from} --> ${to}`
    return times.settings === '' ? span : `${span} ${times.settings}`
  })
  return `WEBVTT\n\n${lines.join('\n').trim()}\n`
}

/** The header ends with a blank line; a cue without one ends it too. */
function withoutHeader(lines: readonly string[]): readonly string[] {
  if (!/^WEBVTT(?:\s|$)/.test(lines[0] ?? '')) return lines
  const end = lines.findIndex((line) => line.trim() === '' || parseTimes(line) !== undefined)
  return end < 0 ? [] : lines.slice(end)
}
