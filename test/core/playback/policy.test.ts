import { describe, expect, it } from 'vitest'
import { readClaims } from '../../../src/core/playback/claims.ts'
import { isCountryAllowed, parseCountries } from '../../../src/core/playback/country.ts'
import { isPageAllowed, pageOriginOf, parsePageOrigins } from '../../../src/core/playback/page-origin.ts'
import { refusalOf, viewingSeconds } from '../../../src/core/playback/policy.ts'

const JOB = '5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22'
const OTHER = '6f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22'
const NOW = 1_790_000_000
const BASE = { sub: JOB, iat: NOW, exp: NOW + 3600 }

const request = (over: Partial<Parameters<typeof refusalOf>[1]> = {}): Parameters<typeof refusalOf>[1] => ({
  jobId: JOB,
  audience: 'stream',
  nowSeconds: NOW,
  client: { address: '192.0.2.1', country: 'DE', asn: 64_500 },
  pageOrigin: undefined,
  ...over,
})

function refusal(claims: Record<string, unknown>, over: Partial<Parameters<typeof refusalOf>[1]> = {}) {
  const read = readClaims({ ...BASE, ...claims })
  if (read === undefined) throw new Error('claims are malformed')
  return refusalOf(read, request(over))
}

describe('readClaims', () => {
  it('reads a token that says only what it must', () => {
    expect(readClaims(BASE)).toMatchObject({ jobId: JOB, audiences: new Set(['stream', 'image', 'download']) })
    expect(readClaims({ ...BASE, sub: 'user:*' })).toMatchObject({ jobId: undefined })
  })

  it('ignores claims that are no business of a gate', () => {
    expect(readClaims({ ...BASE, iss: 'me', name: 'Ada', 'https://x/y': 1 })).toBeDefined()
  })

  it.each([
    ['no sub', { sub: undefined }],
    ['a foreign form of sub', { sub: 'user:5' }],
    ['no iat', { iat: undefined }],
    ['no exp', { exp: undefined }],
    ['exp as text', { exp: '1790003600' }],
    ['exp before iat', { exp: NOW - 1 }],
    ['exp beyond all bounds', { exp: Number.POSITIVE_INFINITY }],
    ['a life over 30 days', { exp: NOW + 30 * 86_400 + 1 }],
    ['an unknown audience', { aud: 'video' }],
    ['an empty list of audiences', { aud: [] }],
    ['one unknown audience among known ones', { aud: ['stream', 'x'] }],
    ['uses without jti', { uses: 1 }],
    ['no use at all', { uses: 0, jti: 'a' }],
    ['half a use', { uses: 1.5, jti: 'a' }],
    ['an empty viewer', { viewer: '' }],
    ['a viewer of 65 characters', { viewer: 'x'.repeat(65) }],
    ['a lone surrogate as viewer', { viewer: '\ud800' }],
    ['streams without a viewer', { streams: 1 }],
    ['a rule for no streams', { viewer: 'a', streams_rule: 'refuse' }],
    ['an unknown rule', { viewer: 'a', streams: 1, streams_rule: 'kick' }],
    ['geo as a list', { geo: ['DE'] }],
    ['geo that allows and blocks', { geo: { allow: ['DE'], block: ['FR'] } }],
    ['geo with a word', { geo: { allow: ['Germany'] } }],
    ['geo in lower case', { geo: { allow: ['de'] } }],
    ['an empty geo', { geo: { allow: [] } }],
    ['a malformed network', { net: ['10.0.0.0'] }],
    ['an empty list of networks', { net: [] }],
    ['bind to something else', { bind: 'address' }],
    ['a page with a path', { origin: ['https://example.com/x'] }],
    ['a page without a scheme', { origin: ['example.com'] }],
    ['a star with one label after it', { origin: ['https://*.com'] }],
    ['a bare star', { origin: ['*'] }],
    ['origin_none without origin', { origin_none: true }],
    ['lines as text', { lines: '720' }],
    ['max of nothing', { max: 0 }],
    ['a misspelt rule', { geo_allow: ['DE'] }],
    ['another misspelt rule', { streams_max: 2 }],
    ['a rule with a plural', { viewers: ['a'] }],
  ])('refuses %s', (_, claims) => {
    expect(readClaims({ ...BASE, ...claims })).toBeUndefined()
  })

  it.each(['__proto__', 'constructor', 'toString'])('takes nothing from a claim named %s', (name) => {
    const claims: Record<string, unknown> = JSON.parse(`{"${name}":{"viewer":"x"}}`)
    expect(readClaims({ ...BASE, ...claims })?.viewer).toBeUndefined()
  })
})

describe('refusalOf', () => {
  it('lets a fitting request pass', () => {
    expect(refusal({})).toBeUndefined()
  })

  it('holds a token to its film, or to every film of its owner', () => {
    expect(refusal({}, { jobId: OTHER })).toBe('token_invalid')
    expect(refusal({ sub: 'user:*' }, { jobId: OTHER })).toBeUndefined()
  })

  it('holds a token to what it is for', () => {
    expect(refusal({ aud: 'stream' }, { audience: 'image' })).toBe('token_invalid')
    expect(refusal({ aud: ['image', 'download'] }, { audience: 'download' })).toBeUndefined()
  })

  it.each([
    [NOW + 3600 + 4, undefined],
    [NOW + 3600 + 5, 'token_expired'],
    [NOW - 60, undefined],
    [NOW - 61, 'token_invalid'],
  ])('at %i is %s', (nowSeconds, expected) => {
    expect(refusal({}, { nowSeconds })).toBe(expected)
  })

  it('waits for nbf, with five seconds for clocks that differ', () => {
    expect(refusal({ nbf: NOW + 5 })).toBeUndefined()
    expect(refusal({ nbf: NOW + 6 })).toBe('token_not_yet_valid')
  })

  it('asks for country, network and page', () => {
    expect(refusal({ geo: { allow: ['FR'] } })).toBe('country')
    expect(refusal({ net: ['198.51.100.0/24'] })).toBe('network')
    expect(refusal({ net: ['198.51.100.0/24', 'AS64500'] })).toBeUndefined()
    expect(refusal({ origin: ['https://example.com'] })).toBe('page')
    expect(refusal({ origin: ['https://example.com'], origin_none: true })).toBeUndefined()
    expect(refusal({ origin: ['https://example.com'], origin_none: true }, { pageOrigin: 'null' })).toBe('page')
    expect(refusal({ origin: ['https://example.com'] }, { pageOrigin: 'https://example.com' })).toBeUndefined()
  })
})

describe('isCountryAllowed', () => {
  const rule = (kind: 'allow' | 'block', ...codes: string[]) => {
    const parsed = parseCountries(kind, codes)
    if (parsed === undefined) throw new Error('codes')
    return parsed
  }

  it.each([undefined, '', 'T1', 'XX', 'de'])('is false for an unknown country, whichever way round: %j', (country) => {
    expect(isCountryAllowed(rule('allow', 'DE', 'XX'), country)).toBe(false)
    expect(isCountryAllowed(rule('block', 'DE'), country)).toBe(false)
  })

  it('knows the members of the Union', () => {
    expect(isCountryAllowed(rule('allow', 'EU'), 'AT')).toBe(true)
    expect(isCountryAllowed(rule('allow', 'EU'), 'GB')).toBe(false)
    expect(isCountryAllowed(rule('block', 'EU'), 'HR')).toBe(false)
  })
})

describe('isPageAllowed', () => {
  const pages = parsePageOrigins(['https://example.com', 'https://*.example.com', 'http://localhost:3000'])

  it.each([
    ['https://example.com', true],
    ['https://EXAMPLE.com', false],
    ['http://example.com', false],
    ['https://example.com:8443', false],
    ['https://a.example.com', true],
    ['https://a.b.c.example.com', true],
    ['https://example.com.evil.net', false],
    ['https://evil-example.com', false],
    ['https://evil.net/.example.com', false],
    ['https://a@b.example.com', false],
    ['https://.example.com', false],
    ['http://localhost:3000', true],
    ['http://localhost:30001', false],
    ['null', false],
    ['', false],
  ])('of %s is %s', (origin, expected) => {
    expect(pages && isPageAllowed(pages, origin)).toBe(expected)
  })
})

describe('pageOriginOf', () => {
  it.each([
    ['https://a.example', undefined, 'https://a.example'],
    ['null', 'https://a.example/x', 'null'],
    [undefined, 'https://a.example/x?y', 'https://a.example'],
    [undefined, 'https://A.example', 'https://a.example'],
    [undefined, 'about:srcdoc', 'null'],
    [undefined, 'https://a@b.example/', 'null'],
    [undefined, '', undefined],
    [undefined, undefined, undefined],
  ])('of Origin %s and Referer %s is %s', (origin, referer, expected) => {
    expect(pageOriginOf(origin, referer)).toBe(expected)
  })
})

describe('viewingSeconds', () => {
  it('is a day, or a week when live, and never more', () => {
    expect(viewingSeconds({ maxSeconds: undefined }, false)).toBe(86_400)
    expect(viewingSeconds({ maxSeconds: 60 }, false)).toBe(60)
    expect(viewingSeconds({ maxSeconds: 1e9 }, false)).toBe(86_400)
    expect(viewingSeconds({ maxSeconds: 1e9 }, true)).toBe(7 * 86_400)
  })
})
