// Scans an attribute list (RFC 8216bis §4.2) and says where each value stands. Pure; knows nothing of any tag.

import { findCode, trimSpan } from './lines.ts'

const COMMA = 0x2c
const EQUALS = 0x3d
const QUOTE = 0x22

export interface Attribute {
  readonly name: string
  /** First character of the name. */
  readonly from: number
  /** The value without its quotes. */
  readonly start: number
  readonly end: number
  readonly isQuoted: boolean
}

/**
 * The attributes between two positions of a text, in order, repeated names included. Commas and equal signs inside
 * quotes belong to the value. What has no `=` is passed over. An unterminated quote gives undefined.
 */
export function readAttributes(text: string, start: number, end: number): readonly Attribute[] | undefined {
  const attributes: Attribute[] = []
  let position = start
  while (position < end) {
    const equals = seekEquals(text, position, end)
    if (equals === end || text.charCodeAt(equals) === COMMA) {
      position = equals + 1
      continue
    }
    const name = trimSpan(text, position, equals)
    const opening = trimSpan(text, equals + 1, end).start
    const isQuoted = opening < end && text.charCodeAt(opening) === QUOTE
    const value = isQuoted ? readQuoted(text, opening, end) : readBare(text, equals + 1, end)
    if (value === undefined) return undefined
    attributes.push({ name: text.slice(name.start, name.end), from: name.start, ...value, isQuoted })
    position = findCode(text, COMMA, isQuoted ? value.end + 1 : value.end, end) + 1
  }
  return attributes
}

/** The last attribute of that name, which is the one players keep when a name is repeated. */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return attributes.findLast((attribute) => attribute.name === name)
}

function readQuoted(text: string, opening: number, end: number): { start: number; end: number } | undefined {
  const closing = findCode(text, QUOTE, opening + 1, end)
  return closing === end ? undefined : { start: opening + 1, end: closing }
}

function readBare(text: string, start: number, end: number): { start: number; end: number } {
  return trimSpan(text, start, findCode(text, COMMA, start, end))
}

/** The end of a name: the first equal sign or comma, or the end. */
function seekEquals(text: string, start: number, end: number): number {
  let position = start
  while (position < end && text.charCodeAt(position) !== EQUALS && text.charCodeAt(position) !== COMMA) position += 1
  return position
}
