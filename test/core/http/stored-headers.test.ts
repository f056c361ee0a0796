import { describe, expect, it } from 'vitest'
import {
  cacheControl,
  contentCodings,
  contentLanguage,
  storableHeaders,
} from '../../../src/core/http/stored-headers.ts'

describe('contentCodings', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['gzip', ['gzip']],
    ['GZIP', ['gzip']],
    ['x-gzip', ['gzip']],
    [' br ', ['br']],
    ['gzip, br', ['gzip', 'br']],
    ['identity', []],
    ['aws-chunked', []],
    ['gzip,aws-chunked', ['gzip']],
    ['zstd', ['zstd']],
    ['gzip; q=1', []],
    ['gzip\r\nSet-Cookie: a=b', []],
    ['gz ip', []],
    ['g'.repeat(257), []],
  ])('F26: of %j are %j', (stored, codings) => {
    expect(contentCodings(stored)).toEqual(codings)
  })
})

describe('contentLanguage', () => {
  it.each(['de', 'en-GB', 'de, en', 'zh-Hant-TW', 'x-klingon'])('F26: passes %j on', (stored) => {
    expect(contentLanguage(stored)).toBe(stored)
  })
  it.each([undefined, '', 'de\r\nX: y', '<b>', 'de,,en', 'ä', `${'de, '.repeat(99)}de`])(
    'F26: leaves %j out',
    (stored) => {
      expect(contentLanguage(stored)).toBeUndefined()
    },
  )
})

describe('cacheControl', () => {
  const limits = { maxAgeSeconds: 600, nowSeconds: 1000 }

  it.each([
    [undefined, 'private, max-age=600'],
    ['', 'private, max-age=600'],
    ['max-age=60', 'private, max-age=60'],
    ['max-age="60"', 'private, max-age=60'],
    ['MAX-AGE=60', 'private, max-age=60'],
    ['max-age=0', 'private, max-age=0'],
    ['max-age=-1', 'private, max-age=0'],
    ['max-age=soon', 'private, max-age=0'],
    ['max-age=60, max-age=500', 'private, max-age=60'],
    ['public, max-age=31536000', 'private, max-age=600'],
    ['public, s-maxage=31536000, stale-while-revalidate=86400, stale-if-error=9', 'private, max-age=600'],
    ['max-age=31536000, immutable', 'private, max-age=600, immutable'],
    ['no-cache', 'private, no-cache'],
    ['no-cache="Set-Cookie, Vary"', 'private, no-cache'],
    ['no-store', 'no-store'],
    ['public, No-Store, max-age=9', 'no-store'],
    ['no-transform, must-revalidate', 'private, max-age=600, must-revalidate, no-transform'],
    ['x, =, "', 'private, max-age=600'],
    ['max-age=60\r\nX: y', 'private, max-age=0'],
  ])('F26: of %j never allows more than the URL: %s', (stored, expected) => {
    expect(cacheControl({ cacheControl: stored, expiresSeconds: undefined }, limits)).toBe(expected)
  })

  it.each([
    [undefined, 1060, 'private, max-age=60'],
    [undefined, 999, 'private, max-age=0'],
    [undefined, 9_999_999, 'private, max-age=600'],
    ['max-age=5', 1060, 'private, max-age=5'],
    ['public', 1060, 'private, max-age=60'],
  ])('F26: of %j with Expires %s is %s', (stored, expiresSeconds, expected) => {
    expect(cacheControl({ cacheControl: stored, expiresSeconds }, limits)).toBe(expected)
  })
})

describe('storableHeaders', () => {
  it('F26: keeps what can be sent again, and nothing else', () => {
    const none = { contentType: 'video/mp4', cacheControl: undefined, expiresSeconds: undefined }
    expect(storableHeaders({ ...none, contentEncoding: 'aws-chunked', contentLanguage: '<b>' })).toEqual({
      ...none,
      contentEncoding: undefined,
      contentLanguage: undefined,
    })
    const whole = { ...none, contentEncoding: 'gzip', contentLanguage: 'de', cacheControl: 'no-store' }
    expect(storableHeaders(whole)).toEqual(whole)
    expect(storableHeaders({ ...whole, cacheControl: 'a'.repeat(257) }).cacheControl).toBeUndefined()
  })
})
