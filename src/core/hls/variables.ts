// EXT-X-DEFINE and `{$name}` (RFC 8216bis §4.3, §4.4.2.3). Pure: values come from the playlist or from the query
// of its request.

import { type Attribute, findAttribute } from './attributes.ts'
import { MAX_CARRIED_CHARS, MAX_CARRIED_VARIABLES, MAX_EXPANSION_CHARS } from './limits.ts'
import { encodeComponent } from '../uri-encoding.ts'

/**
 * Before the name of each query parameter by which a parent playlist hands its variables to a child (IMPORT).
 * A viewer can write anything there: references are resolved after the substitution, so nothing is gained by it.
 */
export const CARRIED_PREFIX = '_lg_v_'

const NAME = /^[A-Za-z0-9_-]+$/

export type Expanded = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }

export interface Variables {
  /** Takes a DEFINE tag's attributes; gives the reason if they are malformed. */
  readonly define: (text: string, attributes: readonly Attribute[]) => string | undefined
  /** Replaces each `{$name}`, once: what a value holds is not looked at again. */
  readonly expand: (text: string) => Expanded
  readonly values: ReadonlyMap<string, string>
}

/** An empty scope of one playlist; `query` is that of its request, decoded. */
export function openScope(query: ReadonlyMap<string, string>): Variables {
  const values = new Map<string, string>()
  let budgetChars = MAX_EXPANSION_CHARS

  function expand(text: string): Expanded {
    let position = text.indexOf('{$')
    if (position === -1) return { ok: true, text }
    const pieces: string[] = []
    let copied = 0
    while (position !== -1) {
      const nameEnd = skipName(text, position + 2)
      const isReference = nameEnd > position + 2 && text[nameEnd] === '}'
      if (isReference) {
        const name = text.slice(position + 2, nameEnd)
        const value = values.get(name)
        if (value === undefined) return { ok: false, reason: `variable ${name.slice(0, 64)} is not defined` }
        budgetChars -= value.length
        if (budgetChars < 0) return { ok: false, reason: 'variables expand to too much text' }
        pieces.push(text.slice(copied, position), value)
        copied = nameEnd + 1
      }
      position = text.indexOf('{$', nameEnd)
    }
    pieces.push(text.slice(copied))
    return { ok: true, text: pieces.join('') }
  }

  function define(text: string, attributes: readonly Attribute[]): string | undefined {
    const read = (name: string): string | undefined => {
      const attribute = findAttribute(attributes, name)
      return attribute && text.slice(attribute.start, attribute.end)
    }
    const own = read('NAME')
    const imported = read('IMPORT')
    const parameter = read('QUERYPARAM')
    const [name, ...others] = [own, imported, parameter].filter((given) => given !== undefined)
    if (name === undefined || others.length > 0) return 'EXT-X-DEFINE must have one of NAME, IMPORT and QUERYPARAM'
    if (!NAME.test(name)) return 'EXT-X-DEFINE has an invalid variable name'
    if (values.has(name)) return `variable ${name.slice(0, 64)} is defined twice`
    const parameterName = imported === undefined ? name : CARRIED_PREFIX + name
    const value = own === undefined ? query.get(parameterName) : read('VALUE')
    if (value === undefined) return `variable ${name.slice(0, 64)} has no value`
    if (own === undefined) {
      values.set(name, value)
      return undefined
    }
    const expanded = expand(value)
    if (!expanded.ok) return expanded.reason
    values.set(name, expanded.text)
    return undefined
  }

  return { define, expand, values }
}

/**
 * The query, without `?`, that hands variables to a child playlist; as many as fit, in order of definition.
 * A child that imports one left out is malformed at its own DEFINE line.
 */
export function carryVariables(values: ReadonlyMap<string, string>): string {
  const pairs: string[] = []
  let chars = 0
  for (const [name, value] of values) {
    if (pairs.length === MAX_CARRIED_VARIABLES) break
    if (value.length > MAX_CARRIED_CHARS || !value.isWellFormed()) continue
    const pair = `${CARRIED_PREFIX}${name}=${encodeComponent(value)}`
    if (chars + pair.length + 1 > MAX_CARRIED_CHARS) continue
    chars += pair.length + 1
    pairs.push(pair)
  }
  return pairs.join('&')
}

/** The variables a request carries from the parent playlist, by name. */
export function carriedVariables(query: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [key, value] of query) {
    const name = key.startsWith(CARRIED_PREFIX) ? key.slice(CARRIED_PREFIX.length) : ''
    if (NAME.test(name)) values.set(name, value)
  }
  return values
}

function skipName(text: string, start: number): number {
  let position = start
  while (position < text.length && isNameCode(text.charCodeAt(position))) position += 1
  return position
}

/** `A-Z`, `a-z`, `0-9`, `-` and `_`. */
function isNameCode(code: number): boolean {
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
  return isLetter || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f
}
