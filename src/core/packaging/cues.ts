// Subtitle cues and the WebVTT that is written of them (https://www.w3.org/TR/webvtt1/). Pure.
import { timestamp } from './webvtt.ts'

export interface Cue {
  readonly startMs: number
  readonly endMs: number
  /** Cue text of WebVTT: markup, escapes, no blank line. */
  readonly text: string
  /** `line:0`, or nothing for the place players choose. */
  readonly settings: string
}

export type Style = 'b' | 'i' | 'u'

export interface CueText {
  /** Text as it is to be read. */
  add(text: string): void
  set(style: Style, isOn: boolean): void
  /** All of it, every tag closed; empty when there is nothing to be seen. */
  end(): string
}

/** Builds cue text whose tags are nested, in whatever order styles begin and end. */
export function createCueText(): CueText {
  let out = ''
  let open: Style[] = []
  return {
    add: (text) => void (out += escapeCueText(text)),
    set(style, isOn) {
      const at = open.indexOf(style)
      if (isOn === at >= 0) return
      if (isOn) {
        open.push(style)
        out += `<${style}>`
        return
      }
      const inner = open.slice(at + 1)
      out += open.slice(at).reverse().map(closing).join('') + inner.map((tag) => `<${tag}>`).join('')
      open = [...open.slice(0, at), ...inner]
    },
    end() {
      const text = withoutBlankLines(tidyTags(withoutBlankLines(out + [...open].reverse().map(closing).join(''))))
      return isVisible(text) ? text : ''
    },
  }
}

/** Of any system, without a byte order mark and without NUL, which no text holds. */
export function splitLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replaceAll('\0', '')
    .split(/\r\n|\r|\n/)
}

/** `00:01:02,500 --> 00:01:04.000 line:0`, with or without hours, as SubRip and WebVTT have it; undefined of other lines. */
export function parseTimes(line: string): { startMs: number; endMs: number; settings: string } | undefined {
  const [, from, to, settings] = /^\s*(\S+?)\s*-->\s*(\S+)(.*)$/.exec(line) ?? []
  const [startMs, endMs] = [parseClock(from), parseClock(to)]
  if (startMs === undefined || endMs === undefined) return undefined
  return { startMs, endMs, settings: (settings ?? '').trim() }
}

function parseClock(text = ''): number | undefined {
  const fields = /^-?(?:(\d+):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?$/.exec(text)
  if (fields === null) return undefined
  const [, hours, minutes, seconds, fraction] = fields
  // Two numbers and a colon between them are more often a time of day that is spoken.
  if (hours === undefined && fraction === undefined) return undefined
  const whole = (Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds)
  return whole * 1000 + Number((fraction ?? '').padEnd(3, '0'))
}

/** Cues in the order of their beginnings, which is what players rely on; the stream's clock begins at zero. */
export function writeCues(cues: readonly Cue[]): string {
  const blocks = [...cues]
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ startMs, endMs, text, settings }) => {
      const span = `${timestamp(startMs / 1000)} --> ${timestamp(endMs / 1000)}`
      return `${span}${settings === '' ? '' : ` ${settings}`}\n${text}\n`
    })
  return ['WEBVTT\n', ...blocks].join('\n')
}

/** The line that WebVTT takes for a time, and the characters that begin tags and escapes (§4.2.2). */
export function escapeCueText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The setting of a place on ASS's and SubRip's numeric pad: 7 to 9 are at the top, 4 to 6 in the middle. */
export function placeSettings(place: number): string {
  if (place >= 7 && place <= 9) return 'line:0'
  return place >= 4 && place <= 6 ? 'line:50%' : ''
}

function closing(style: Style): string {
  return `</${style}>`
}

/** Without tags around nothing, and with line ends outside of them: a tag alone on its line would be a blank one. */
function tidyTags(text: string): string {
  const tidier = text
    .replace(/<([biu])><\/\1>/g, '')
    .replace(/(<[biu]>)\n/g, '\n$1')
    .replace(/\n(<\/[biu]>)/g, '$1\n')
  return tidier === text ? text : tidyTags(tidier)
}

/** A blank line ends a cue. */
function withoutBlankLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

function isVisible(text: string): boolean {
  return text.replace(/<[^>]*>/g, '').trim() !== ''
}
