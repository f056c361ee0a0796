// Looks at a JSON text (RFC 8259) before anything is built of it: hostile JSON costs one pass and no stack, however deep
// it is. Pure.

/** What parsing the text would build. */
export interface JsonShape {
  /** Objects and arrays. */
  readonly containers: number
  /** Members of all objects. */
  readonly members: number
}

export type JsonScan =
  | { readonly ok: true; readonly shape: JsonShape }
  /** `too_deep` is said at the first bracket beyond: what follows it was not looked at. */
  | { readonly ok: false; readonly reason: 'not_json' | 'too_deep' }

/** No document that is read here comes near it, and what reads or shows one may recurse so deep. */
export const MAX_JSON_DEPTH = 200

const NOT_JSON: JsonScan = { ok: false, reason: 'not_json' }

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
/** From an opening bracket to its closing one, in ASCII. */
const TO_CLOSING = 2

/** Takes what JSON.parse takes, but for deeper than `maxDepth`: a bare value has depth 0, `[]` has 1. */
export function scanJson(text: string, maxDepth: number): JsonScan {
  /** The closing brackets that are due. */
  const due: number[] = []
  let containers = 0
  let members = 0
  let at = afterSpace(text, 0)
  for (;;) {
    const first = text.charCodeAt(at)
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      if (due.length >= maxDepth) return { ok: false, reason: 'too_deep' }
      containers += 1
      const closing = first + TO_CLOSING
      at = afterSpace(text, at + 1)
      if (text.charCodeAt(at) !== closing) {
        due.push(closing)
        if (closing === CLOSE_OBJECT) {
          members += 1
          at = afterName(text, at)
          if (at === -1) return NOT_JSON
        }
        continue
      }
      at += 1
    } else {
      at = afterScalar(text, at, first)
      if (at === -1) return NOT_JSON
    }

    // A value has ended: so may what it is in.
    at = afterSpace(text, at)
    while (due.length > 0 && text.charCodeAt(at) === due[due.length - 1]) {
      due.pop()
      at = afterSpace(text, at + 1)
    }
    if (due.length === 0) return at === text.length ? { ok: true, shape: { containers, members } } : NOT_JSON
    if (text.charCodeAt(at) !== COMMA) return NOT_JSON
    at = afterSpace(text, at + 1)
    if (due[due.length - 1] !== CLOSE_OBJECT) continue
    members += 1
    at = afterName(text, at)
    if (at === -1) return NOT_JSON
  }
}

/** The value; undefined when the text is not JSON, or nested deeper than MAX_JSON_DEPTH. */
export function parseJson(text: string): unknown {
  return scanJson(text, MAX_JSON_DEPTH).ok ? JSON.parse(text) : undefined
}

// Each of these gives the position after what it reads, -1 where that is not there.

function afterSpace(text: string, start: number): number {
  let at = start
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit !== SPACE && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at
    at += 1
  }
}

/** Of a member, with its colon. */
function afterName(text: string, start: number): number {
  if (text.charCodeAt(start) !== QUOTE) return -1
  const end = afterString(text, start)
  if (end === -1) return -1
  const colon = afterSpace(text, end)
  return text.charCodeAt(colon) === COLON ? afterSpace(text, colon + 1) : -1
}

function afterScalar(text: string, start: number, first: number): number {
  if (first === QUOTE) return afterString(text, start)
  if (first === MINUS || isDigit(first)) return afterNumber(text, start)
  for (const word of ['true', 'false', 'null']) {
    if (text.startsWith(word, start)) return start + word.length
  }
  return -1
}

function afterString(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) return at + 1
    // Past the end `unit` is NaN, which is not >= anything.
    if (!(unit >= SPACE)) return -1
    if (unit !== BACKSLASH) at += 1
    else if ('"\\/bfnrt'.includes(text[at + 1] ?? ' ')) at += 2
    else if (/^u[0-9A-Fa-f]{4}$/.test(text.slice(at + 1, at + 6))) at += 6
    else return -1
  }
}

function afterNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start
  at = text.charCodeAt(at) === ZERO ? at + 1 : afterDigits(text, at)
  if (at !== -1 && text.charCodeAt(at) === POINT) at = afterDigits(text, at + 1)
  if (at !== -1 && (text[at] === 'e' || text[at] === 'E')) {
    const sign = text[at + 1]
    at = afterDigits(text, sign === '+' || sign === '-' ? at + 2 : at + 1)
  }
  return at
}

/** At least one. */
function afterDigits(text: string, start: number): number {
  let at = start
  while (isDigit(text.charCodeAt(at))) at += 1
  return at === start ? -1 : at
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE
}

/** An object of JSON, and neither an array nor null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
