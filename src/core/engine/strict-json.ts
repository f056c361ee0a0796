// JSON that every parser reads alike (the pitfalls of RFC 8259 §4, §6, §8 and of I-JSON, RFC 7493): parsed, and written
// again in ASCII, so that what is sent on is the very value that was looked at. Pure.
import { scanJson } from '../json.ts'

export type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'not_json' }
  /** Parsers disagree about it, or it would not survive being written again. */
  | { readonly ok: false; readonly reason: 'ambiguous'; readonly detail: string }

const MAX_DEPTH = 64

export function readStrictJson(text: string): StrictJson {
  if (text.startsWith('\uFEFF')) return ambiguous('body: must not begin with a byte order mark')
  const scan = scanJson(text, MAX_DEPTH)
  if (!scan.ok) {
    if (scan.reason === 'not_json') return { ok: false, reason: 'not_json' }
    return ambiguous(`body: must not be nested deeper than ${MAX_DEPTH} levels`)
  }
  const problem = findAmbiguity(text)
  if (problem !== undefined) return ambiguous(problem)
  const value: unknown = JSON.parse(text)
  return { ok: true, value }
}

function ambiguous(detail: string): StrictJson {
  return { ok: false, reason: 'ambiguous', detail }
}

interface OpenObject {
  /** The name it stands under; undefined in an array and at the top. */
  readonly under: string | undefined
  readonly names: Set<string>
}

// In valid JSON nothing else is left to tell apart: a string (with the colon that makes it a name), a bracket, a number.
const MARKS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/g

/** The first thing that makes this valid JSON more than one value. */
function findAmbiguity(text: string): string | undefined {
  const open: (OpenObject | 'array')[] = []
  let under: string | undefined
  for (const [mark, string, colon] of text.matchAll(MARKS)) {
    if (string !== undefined) {
      const content = JSON.parse(string) as string
      const object = colon === undefined ? undefined : open.at(-1)
      const problem = textProblem(content) ?? (object && object !== 'array' ? nameProblem(content, object) : undefined)
      if (problem !== undefined) return problem
      under = colon === undefined ? undefined : content
    } else if (mark === '{' || mark === '[') {
      open.push(mark === '{' ? { under, names: new Set() } : 'array')
      under = undefined
    } else if (mark === '}' || mark === ']') {
      open.pop()
      under = undefined
    } else if (!isExact(mark)) {
      return 'body: must not hold a number that a double cannot hold'
    }
  }
  return undefined
}

function textProblem(content: string): string | undefined {
  if (content.includes('\0')) return 'body: must not hold the character U+0000'
  return content.isWellFormed() ? undefined : 'body: must not hold half of a surrogate pair'
}

/** Names that a copy of the object would take for its prototype are no names to a JavaScript engine. */
function nameProblem(name: string, { names, under }: OpenObject): string | undefined {
  if (name === '__proto__' || (under === 'constructor' && name === 'prototype')) return `body: must not name ${name}`
  if (names.has(name)) return `${/^[\w-]{1,64}$/.test(name) ? name : 'body: a name'}: is given more than once`
  names.add(name)
  return undefined
}

/** Digits that a double gives back: more are lost between one language and the next. */
const MAX_DIGITS = 17

/** Whether a double holds the number, and would not write it as a whole number that it does not hold. */
function isExact(literal: string): boolean {
  const value = Number(literal)
  if (!Number.isFinite(value) || Object.is(value, -0)) return false
  if (/^-?\d+$/.test(String(value)) && !Number.isSafeInteger(value)) return false
  if (/^-?\d+$/.test(literal)) return Number.isSafeInteger(value)
  const digits = significantDigits(literal)
  if (digits.length > MAX_DIGITS) return false
  return digits === significantDigits(value.toExponential(Math.max(0, digits.length - 1)))
}

function significantDigits(literal: string): string {
  const [mantissa = ''] = literal.split(/e/i)
  return mantissa.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
}

/** A value of `readStrictJson` written again, without a character that a charset could change. */
export function writeStrictJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
