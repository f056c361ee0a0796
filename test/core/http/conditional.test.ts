// The decision table of RFC 9110 §13.2.2, condition by condition and in combination.
import { describe, expect, it } from 'vitest'
import {
  evaluateConditions,
  listMatches,
  rangeApplies,
  type Conditions,
  type Precondition,
} from '../../../src/core/http/conditional.ts'
import { formatHttpDate } from '../../../src/core/http/http-date.ts'

const NOW = Date.UTC(2026, 10, 21) / 1000
const MODIFIED = NOW - 3600
const VALIDATORS = { etag: '"v1"', modifiedSeconds: MODIFIED }
const BEFORE = formatHttpDate(MODIFIED - 1)
const EXACT = formatHttpDate(MODIFIED)
const AFTER = formatHttpDate(MODIFIED + 1)

describe('evaluateConditions', () => {
  it.each<[Conditions, Precondition]>([
    [{}, 'proceed'],
    [{ ifMatch: '"v1"' }, 'proceed'],
    [{ ifMatch: '*' }, 'proceed'],
    [{ ifMatch: '"v0", "v1"' }, 'proceed'],
    [{ ifMatch: '"v0"' }, 'failed'],
    [{ ifMatch: 'W/"v1"' }, 'failed'],
    [{ ifMatch: '' }, 'failed'],
    [{ ifMatch: 'v1' }, 'failed'],
    [{ ifUnmodifiedSince: EXACT }, 'proceed'],
    [{ ifUnmodifiedSince: AFTER }, 'proceed'],
    [{ ifUnmodifiedSince: BEFORE }, 'failed'],
    [{ ifUnmodifiedSince: 'yesterday' }, 'proceed'],
    [{ ifNoneMatch: '"v1"' }, 'not_modified'],
    [{ ifNoneMatch: 'W/"v1"' }, 'not_modified'],
    [{ ifNoneMatch: '*' }, 'not_modified'],
    [{ ifNoneMatch: '"v0","v1"' }, 'not_modified'],
    [{ ifNoneMatch: '"v0"' }, 'proceed'],
    [{ ifModifiedSince: EXACT }, 'not_modified'],
    [{ ifModifiedSince: AFTER }, 'not_modified'],
    [{ ifModifiedSince: BEFORE }, 'proceed'],
    [{ ifModifiedSince: 'yesterday' }, 'proceed'],
  ])('%j', (conditions, expected) => {
    expect(evaluateConditions(conditions, VALIDATORS, NOW)).toBe(expected)
  })

  it.each<[string, Conditions, Precondition]>([
    ['If-Match hides If-Unmodified-Since', { ifMatch: '"v1"', ifUnmodifiedSince: BEFORE }, 'proceed'],
    [
      'If-None-Match hides If-Modified-Since when it matches',
      { ifNoneMatch: '"v1"', ifModifiedSince: BEFORE },
      'not_modified',
    ],
    [
      'If-None-Match hides If-Modified-Since when it does not',
      { ifNoneMatch: '"v0"', ifModifiedSince: AFTER },
      'proceed',
    ],
    ['If-Match fails before If-None-Match is looked at', { ifMatch: '"v0"', ifNoneMatch: '"v1"' }, 'failed'],
    ['If-Match holds and If-None-Match decides', { ifMatch: '"v1"', ifNoneMatch: '"v1"' }, 'not_modified'],
    [
      'If-Unmodified-Since holds and If-Modified-Since decides',
      { ifUnmodifiedSince: AFTER, ifModifiedSince: AFTER },
      'not_modified',
    ],
    ['If-Unmodified-Since fails first', { ifUnmodifiedSince: BEFORE, ifNoneMatch: '"v1"' }, 'failed'],
  ])('%s', (_name, conditions, expected) => {
    expect(evaluateConditions(conditions, VALIDATORS, NOW)).toBe(expected)
  })
})

describe('rangeApplies', () => {
  it.each([
    [undefined, true],
    ['"v1"', true],
    ['"v0"', false],
    ['W/"v1"', false],
    ['"v1", "v0"', false],
    ['*', false],
    ['', false],
    [EXACT, true],
    [BEFORE, false],
    [AFTER, false],
    ['yesterday', false],
  ])('If-Range %j: %s', (ifRange, expected) => {
    expect(rangeApplies(ifRange, VALIDATORS, NOW)).toBe(expected)
  })
})

describe('listMatches', () => {
  it('takes a comma inside a tag for part of the tag', () => {
    expect(listMatches('"a,b", "c"', '"a,b"', 'strong')).toBe(true)
    expect(listMatches('"a,b", "c"', '"b"', 'strong')).toBe(false)
  })

  it('reads on over empty elements', () => {
    expect(listMatches(', ,"a",, "b"', '"b"', 'weak')).toBe(false)
    expect(listMatches('"a",, "b"', '"b"', 'weak')).toBe(true)
  })

  it('takes a star among tags for no wildcard', () => {
    expect(listMatches('"a", *', '"b"', 'weak')).toBe(false)
  })
})
