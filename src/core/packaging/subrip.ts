// SubRip (.srt) → cues. It has no specification: what players take is taken. Pure.
import { createCueText, parseTimes, placeSettings, splitLines, type Cue } from './cues.ts'

/** Cues begin at their line of times: numbers and blank lines are often missing. `unusable`: those without a duration. */
export function parseSubRip(source: string): { readonly cues: readonly Cue[]; readonly unusable: number } {
  const lines = splitLines(source)
  const starts = lines.flatMap((line, at) => {
    const times = parseTimes(line)
    return times === undefined ? [] : [{ ...times, at }]
  })
  const cues: Cue[] = []
  let unusable = 0
  for (const [i, { startMs, endMs, at }] of starts.entries()) {
    const next = starts[i + 1]?.at
    const body = lines.slice(at + 1, next)
    // The number of the next cue.
    if (next !== undefined && /^\s*\d+\s*$/.test(body.at(-1) ?? '')) body.pop()
    const { text, settings } = readMarkup(body.join('\n'))
    if (text === '') continue
    if (endMs > startMs) cues.push({ startMs, endMs, text, settings })
    else unusable++
  }
  return { cues, unusable }
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: '\u00A0',
  lrm: '\u200E',
  rlm: '\u200F',
}

/** `<i>`, `</font>`, `{\an8}`, `&amp;`; every other bracket and ampersand is text. */
const TOKEN =
  /<(?<slash>\/?)(?<tag>b|i|u|s|strike|font|span|br)(?:\s[^<>]*|\s*\/)?>|\{\\(?<override>[^{}]*)\}|&(?<entity>[a-z]+|#\d{1,7});/gi

function readMarkup(source: string): { text: string; settings: string } {
  const out = createCueText()
  let settings = ''
  let end = 0
  for (const match of source.matchAll(TOKEN)) {
    out.add(source.slice(end, match.index))
    end = match.index + match[0].length
    const { slash, tag, override, entity } = match.groups ?? {}
    const place = /^an?([1-9])/.exec(override ?? '')?.[1]
    if (place !== undefined) settings = placeSettings(Number(place))
    if (entity !== undefined) out.add(readEntity(entity) ?? match[0])
    const style = tag?.toLowerCase()
    if (style === 'br') out.add('\n')
    if (style === 'b' || style === 'i' || style === 'u') out.set(style, slash === '')
  }
  out.add(source.slice(end))
  return { text: out.end(), settings }
}

function readEntity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()]
  const code = Number(name.slice(1))
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : undefined
}
