// Advanced SubStation Alpha (.ass, .ssa) → cues: what is said, its italics, and whether it stands at the top. Fonts,
// colours and movements are not carried, and drawings are no text. Pure.
import { createCueText, placeSettings, splitLines, type Cue } from '../../../core/packaging/cues.ts'

interface LineStyle {
  readonly isItalic: boolean
  /** On the numeric pad. */
  readonly place: number
}

const PLAIN: LineStyle = { isItalic: false, place: 2 }

const EVENT_FIELDS = ['layer', 'start', 'end', 'style', 'name', 'marginl', 'marginr', 'marginv', 'effect', 'text']

/** `drawings`: events of which nothing is left without their drawing. `unusable`: those without a duration. */
export function parseAss(source: string): {
  readonly cues: readonly Cue[]
  readonly drawings: number
  readonly unusable: number
} {
  const styles = new Map<string, LineStyle>()
  const cues = new Map<string, Cue>()
  const formats = new Map([['events', EVENT_FIELDS]])
  let drawings = 0
  let unusable = 0
  for (const { section, kind, value } of readLines(source)) {
    const format = formats.get(section) ?? []
    if (kind === 'format') formats.set(section, splitFields(value))
    else if (kind === 'style') {
      const style = zip(format, value)
      styles.set(style['name'] ?? '', readStyle(style, section))
    } else if (section === 'events' && kind === 'dialogue') {
      const event = zip(format, value)
      const style = styles.get((event['style'] ?? '').replace(/^\*/, '')) ?? PLAIN
      const { text, settings, isDrawing } = readText(event['text'] ?? '', style)
      const [startMs, endMs] = [milliseconds(event['start']), milliseconds(event['end'])]
      if (text === '') drawings += isDrawing ? 1 : 0
      else if (!(endMs > startMs)) unusable++
      // Layers repeat a line to give it an outline.
      else cues.set(JSON.stringify([startMs, endMs, text]), { startMs, endMs, text, settings })
    }
  }
  return { cues: [...cues.values()], drawings, unusable }
}

function* readLines(source: string): Generator<{ section: string; kind: string; value: string }> {
  let section = ''
  for (const line of splitLines(source)) {
    const header = /^\s*\[(.+)\]\s*$/.exec(line)?.[1]
    if (header !== undefined) section = header.trim().toLowerCase()
    const [, kind = '', value = ''] = /^\s*(\w+):\s*(.*)$/.exec(line) ?? []
    if (kind !== '') yield { section, kind: kind.toLowerCase(), value }
  }
}

function splitFields(value: string): string[] {
  return value.split(',').map((name) => name.trim().toLowerCase())
}

/** The last field is text and may hold commas. */
function zip(format: readonly string[], value: string): Readonly<Record<string, string>> {
  const fields = value.split(',')
  const last = format.length - 1
  const values = [...fields.slice(0, last).map((field) => field.trim()), fields.slice(last).join(',')]
  return Object.fromEntries(format.map((name, i) => [name, values[i] ?? '']))
}

function readStyle(fields: Readonly<Record<string, string>>, section: string): LineStyle {
  const number = Number(fields['alignment'] ?? 2)
  const place = section.includes('v4+') ? number : legacyPlace(number)
  return { isItalic: Number(fields['italic'] ?? 0) !== 0, place }
}

/** SubStation's own numbers: 5 to 7 are at the top, 9 to 11 in the middle. */
function legacyPlace(number: number): number {
  if (number >= 9) return number - 5
  return number >= 5 ? number + 2 : number
}

function milliseconds(clock = ''): number {
  const [, hours = 0, minutes = 0, seconds = 0] = /^\s*(\d+):(\d+):([\d.]+)/.exec(clock) ?? []
  return Math.round(((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000)
}

function readText(source: string, style: LineStyle): { text: string; settings: string; isDrawing: boolean } {
  const out = createCueText()
  let place = style.place
  let isInDrawing = false
  let isDrawing = false
  out.set('i', style.isItalic)
  // A backslash before a brace makes it text.
  for (const [part] of source.matchAll(/(?<!\\)\{[^}]*\}|(?:\\[{}]|[^{])+|\{/g)) {
    if (!/^\{.*\}$/s.test(part)) {
      isDrawing ||= isInDrawing
      if (!isInDrawing) out.add(unescape(part))
      continue
    }
    for (const [, name = '', argument = ''] of part.matchAll(/\\(an|a|p|[biur])(\d*)(?=[\\}])/g)) {
      const number = Number(argument)
      if (name === 'p') isInDrawing = number > 0
      else if (name === 'an') place = number
      else if (name === 'a') place = legacyPlace(number)
      else if (name === 'r') out.set('i', style.isItalic)
      else if (name === 'i') out.set('i', argument === '' ? style.isItalic : number > 0)
      else if (name === 'b' || name === 'u') out.set(name, number > 0)
    }
  }
  return { text: out.end(), settings: placeSettings(place), isDrawing }
}

function unescape(text: string): string {
  return text
    .replaceAll('\\N', '\n')
    .replaceAll('\\n', ' ')
    .replaceAll('\\h', '\u00A0')
    .replace(/\\([{}])/g, '$1')
}
