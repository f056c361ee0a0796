// Where the lines of a text stand. Pure; copies nothing, so that a line can be spliced in place.

const TAB = 0x09
const LF = 0x0a
const SPACE = 0x20
const BYTE_ORDER_MARK = 0xfeff

/** From a character to the one after the last. */
export interface Span {
  readonly start: number
  readonly end: number
}

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
  const next = startLines(text)
  for (let line = next(); line !== undefined; line = next()) yield line
}

/** The same one at a time, undefined after the last: a generator costs a long playlist a tenth of its time. */
export function startLines(text: string): () => Line | undefined {
  let number = 0
  let from = 0
  // Where the next of each stands: looked for again only once it is passed, so that all is read once.
  let feed = -1
  let carriage = -1
  return () => {
    if (from >= text.length) return undefined
    if (feed < from) feed = indexOrEnd(text, '\n', from)
    if (carriage < from) carriage = indexOrEnd(text, '\r', from)
    const stop = Math.min(feed, carriage)
    const ending = endingAt(text, stop)
    const next = ending === 'none' ? stop : stop + (ending === 'crlf' ? 2 : 1)
    let start = from === 0 ? skipMarks(text) : from
    let end = stop
    while (start < end && isBlank(text.charCodeAt(start))) start += 1
    while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
    const line: Line = { number: ++number, from, start, end, next, ending }
    from = next
    return line
  }
}

function indexOrEnd(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from)
  return index === -1 ? text.length : index
}

/** The first place of a character code in the span, or its end. Unlike indexOf it never looks beyond. */
export function findCode(text: string, code: number, start: number, end: number): number {
  let position = start
  while (position < end && text.charCodeAt(position) !== code) position += 1
  return position
}

/** The span without the spaces and tabs at its two ends, which players drop from a URI. */
export function trimSpan(text: string, start: number, end: number): Span {
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
