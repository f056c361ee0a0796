// Conditional requests: whether to send, to say "you have it", or to refuse (RFC 9110 §13). Pure.
import { parseHttpDate } from './http-date.ts'

/** The condition headers of a request, as they came. */
export interface Conditions {
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
  readonly ifModifiedSince?: string | undefined
  readonly ifUnmodifiedSince?: string | undefined
}

/** What is known of the object now. */
export interface Validators {
  /** The opaque tag with its quotes; strong. */
  readonly etag: string
  /** Whole epoch seconds, as Last-Modified shows it. */
  readonly modifiedSeconds: number
}

export type Precondition = 'proceed' | 'not_modified' | 'failed'

// An entity tag: an optional weakness mark and an opaque quoted text, in which a comma is no separator.
const ENTITY_TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/y

/** Whether If-None-Match names what the client would get: weak comparison (RFC 9110 §13.1.2); `etag` may be weak. */
export function matchesIfNoneMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch === etag || listMatches(ifNoneMatch, etag.replace(/^W\//, ''), 'weak')
}

/** The outcome for GET and HEAD, in the order of RFC 9110 §13.2.2: tags before dates, If-Match before If-None-Match. */
export function evaluateConditions(conditions: Conditions, validators: Validators, nowSeconds: number): Precondition {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions
  if (ifMatch !== undefined) {
    if (!listMatches(ifMatch, validators.etag, 'strong')) return 'failed'
  } else if (ifUnmodifiedSince !== undefined) {
    const since = parseHttpDate(ifUnmodifiedSince, nowSeconds)
    if (since !== undefined && validators.modifiedSeconds > since) return 'failed'
  }
  if (ifNoneMatch !== undefined) {
    return listMatches(ifNoneMatch, validators.etag, 'weak') ? 'not_modified' : 'proceed'
  }
  if (ifModifiedSince !== undefined) {
    const since = parseHttpDate(ifModifiedSince, nowSeconds)
    if (since !== undefined && validators.modifiedSeconds <= since) return 'not_modified'
  }
  return 'proceed'
}

/**
 * Whether If-Range lets a Range count: without it always; with a tag only when it is strong and the
 * same, with a date only when it is exactly Last-Modified (RFC 9110 §13.1.5). Otherwise the answer is
 * the whole, because the client holds the beginning of something else.
 */
export function rangeApplies(ifRange: string | undefined, validators: Validators, nowSeconds: number): boolean {
  if (ifRange === undefined) return true
  if (ifRange.startsWith('"') || ifRange.startsWith('W/')) return ifRange === validators.etag
  return parseHttpDate(ifRange, nowSeconds) === validators.modifiedSeconds
}

/**
 * Whether a list of entity tags, or `*`, names the tag. Weak comparison ignores the weakness mark,
 * strong comparison refuses it (RFC 9110 §8.8.3.2). What is malformed matches as far as it could be read.
 */
export function listMatches(list: string, etag: string, comparison: 'weak' | 'strong'): boolean {
  const text = list.trim()
  if (text === '*') return true
  let position = 0
  while (position < text.length) {
    ENTITY_TAG.lastIndex = position
    const match = ENTITY_TAG.exec(text)
    if (match === null) return false
    const [whole, weakness, opaque] = match
    if (opaque === etag && (comparison === 'weak' || weakness === undefined)) return true
    position += whole.length
    while (position < text.length && ', \t'.includes(text.charAt(position))) position += 1
  }
  return false
}
