// Scans an attribute list (RFC 8216bis §4.2) and says where each value stands. Pure; knows nothing of any tag.

import { trimSpan } from './lines.ts'

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
 * The attributes between two positions of a text, in order, repeated names included.
 * Commas and equal signs inside quotes belong to the value. What has no `=` is passed over. An unterminated quote gives undefined.
 */
export function readAttributes(text: string, start: number, end: number): readonly Attribute[] | undefined {
  const attributes: Attribute[] = []
  let position = start
  while (position < end) {
    const equals = seek(text, position, end, EQUALS)
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
    position = seek(text, isQuoted ? value.end + 1 : value.end, end, COMMA) + 1
  }
  return attributes
}

/** The last attribute of that name, which is the one players keep when a name is repeated. */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return attributes.findLast((attribute) => attribute.name === name)
}

function readQuoted(text: string, opening: number, end: number): { start: number; end: number } | undefined {
  const closing = text.indexOf('"', opening + 1)
  return closing === -1 || closing >= end ? undefined : { start: opening + 1, end: closing }
}

function readBare(text: string, start: number, end: number): { start: number; end: number } {
  return trimSpan(text, start, seek(text, start, end, COMMA))
}

/** The first comma or wanted character, or the end. */
function seek(text: string, start: number, end: number, wanted: number): number {
  let position = start
  while (position < end) {
    const code = text.charCodeAt(position)
    if (code === wanted || code === COMMA) return position
    position += 1
  }
  return end
}
