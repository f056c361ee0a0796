// Where the lines of a text stand. Pure; copies nothing, so that a line can be spliced in place.

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const BYTE_ORDER_MARK = 0xfeff

export interface Line {
  /** Counted from 1. */
  readonly number: number
  /** First character of the line as it is stored. */
  readonly from: number
  /** Its content without surrounding spaces and tabs (and without a byte order mark before the first line). */
  readonly start: number
  readonly end: number
  /** First character of the next line. */
  readonly next: number
  readonly ending: 'lf' | 'crlf' | 'cr' | 'none'
}

/** Every line of the text, ended by LF, CRLF or a lone CR; the last one may lack its ending. */
export function* readLines(text: string): Generator<Line, void> {
  let number = 0
  let from = 0
  while (from < text.length) {
    let stop = from
    while (stop < text.length && text.charCodeAt(stop) !== LF && text.charCodeAt(stop) !== CR) stop += 1
    const ending = endingAt(text, stop)
    const next = ending === 'none' ? stop : stop + (ending === 'crlf' ? 2 : 1)
    const content = trimSpan(text, from === 0 ? skipMarks(text) : from, stop)
    number += 1
    yield { number, from, start: content.start, end: content.end, next, ending }
    from = next
  }
}

/** The first place of a character code in the span, or its end. Unlike indexOf it never looks beyond. */
export function findCode(text: string, code: number, start: number, end: number): number {
  let position = start
  while (position < end && text.charCodeAt(position) !== code) position += 1
  return position
}

/** The span without the spaces and tabs at its two ends, which players drop from a URI. */
export function trimSpan(text: string, start: number, end: number): { start: number; end: number } {
  let first = start
  let last = end
  while (first < last && isBlank(text.charCodeAt(first))) first += 1
  while (last > first && isBlank(text.charCodeAt(last - 1))) last -= 1
  return { start: first, end: last }
}

function skipMarks(text: string): number {
  let position = 0
  while (text.charCodeAt(position) === BYTE_ORDER_MARK) position += 1
  return position
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

function endingAt(text: string, stop: number): Line['ending'] {
  if (stop >= text.length) return 'none'
  if (text.charCodeAt(stop) === LF) return 'lf'
  return text.charCodeAt(stop + 1) === LF ? 'crlf' : 'cr'
}
