// Segments as files that people open elsewhere: a table (RFC 4180), subtitles (WebVTT) and notes (CommonMark). Pure. Their
// words are a customer's, and mean nothing to a spreadsheet, a player or a renderer.
import type { Segment } from './segments.ts'

/** How long a moment without an end stands on the screen. */
const SHORT_SECONDS = 3

export function toCsv(segments: readonly Segment[]): string {
  const rows = segments.map(({ startSeconds, endSeconds, module, content }) => [
    String(startSeconds),
    endSeconds === undefined ? '' : String(endSeconds),
    cell(module),
    cell(content),
  ])
  return [['start_time', 'end_time', 'module', 'content'], ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

/** Spreadsheets run a cell that begins like a formula: an apostrophe makes it text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

export function toVtt(segments: readonly Segment[]): string {
  const cues = segments
    .map((segment) => ({ ...segment, line: escapeCue(segment.content || segment.module) }))
    .map(({ startSeconds, endSeconds, line }) => {
      const end = endSeconds !== undefined && endSeconds > startSeconds ? endSeconds : startSeconds + SHORT_SECONDS
      return `${cueTime(startSeconds)} --> ${cueTime(end)}\n${line}\n`
    })
  return ['WEBVTT\n', ...cues].join('\n')
}

/** One line: an empty one would end the cue (WebVTT §4.1). */
function escapeCue(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function cueTime(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const whole = Math.floor(milliseconds / 1000)
  const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(':')
  return `${clock}.${String(milliseconds % 1000).padStart(3, '0')}`
}

export function toMarkdown(title: string, segments: readonly Segment[]): string {
  const lines = new Map<string, string[]>()
  for (const { module, startSeconds, content } of segments) {
    const line = `- **${cueTime(startSeconds).slice(0, 8)}** ${escapeMarkdown(content)}\n`
    const known = lines.get(module)
    if (known === undefined) lines.set(module, [line])
    else known.push(line)
  }
  const sections = [...lines].map(([module, those]) => `## ${escapeMarkdown(module)}\n\n${those.join('')}`)
  return [`# ${escapeMarkdown(title)}\n`, ...sections].join('\n')
}

/** CommonMark §2.4: any ASCII punctuation may be escaped. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>()#+\-.!|~&]/g, '\\$&')
}
