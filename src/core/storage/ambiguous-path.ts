// What could be taken for another path by a reader that decodes it once more or drops a parameter: the one rule for
// object keys and for what a playlist refers to. Pure.

export type Ambiguity = 'control_character' | 'backslash' | 'percent_encoded' | 'dot_segment'

const CONTROL = /\p{Cc}/u
const ESCAPED_PUNCTUATION = /%(?:2e|2f|5c)/i
const ESCAPED_NUL = '%00'
const ASCII_ESCAPE = /%([0-7][0-9a-f])/gi
/** Also with a parameter behind it (RFC 3986 §3.3), which some servers drop before they resolve. */
const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:;[^/]*)?(?:\/|$)/

/**
 * Why a decoded path is not taken, undefined for one that means the same to every reader: however often it is decoded
 * again, no dot, slash, backslash or NUL appears. Time grows with the square of its length: bound it first.
 */
export function ambiguityOf(path: string): Ambiguity | undefined {
  if (CONTROL.test(path)) return 'control_character'
  if (path.includes('\\')) return 'backslash'
  for (let reading = path; ;) {
    if (ESCAPED_PUNCTUATION.test(reading)) return 'percent_encoded'
    if (reading.includes(ESCAPED_NUL)) return 'control_character'
    if (DOT_SEGMENT.test(reading)) return 'dot_segment'
    const next = reading.includes('%') ? reading.replace(ASCII_ESCAPE, decodeAscii) : reading
    if (next === reading) return undefined
    reading = next
  }
}

function decodeAscii(_escape: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16))
}
