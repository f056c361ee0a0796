import { describe, expect, it } from 'vitest'
import { checkSession, isCanonicalToken, MAX_TOKEN_LENGTH } from '../../../src/core/auth/session-token.ts'

const NOW = 1_795_262_820
const HEADER = { alg: 'RS256', typ: 'JWT', kid: 'ins_1', cat: 'cl_B7d4PD111AAA' }
const CLAIMS = { iss: 'x', sub: 'user_1', sid: 'sess_1', azp: 'https://a.example', iat: NOW, exp: NOW + 60 }
const PARTIES = { origins: new Set(['https://a.example']), allowsMissing: false }
const ANY_PARTY = { origins: new Set<string>(), allowsMissing: false }
const UUID = '0b0e7a3c-5d1f-4c8a-9a43-5a4de0f0aa11'

describe('isCanonicalToken', () => {
  it.each([
    ['three parts', 'YQ.YWI.YWJj', true],
    ['two parts', 'YQ.YWI', false],
    ['four parts', 'YQ.YQ.YQ.YQ', false],
    ['an empty part', 'YQ..YQ', false],
    ['no signature', 'YQ.YQ.', false],
    ['padding', 'YQ==.YQ.YQ', false],
    ['the other alphabet', 'YQ.YQ.+/+/', false],
    ['bits after the last byte', 'YR.YQ.YQ', false],
    ['a space inside', 'YQ.Y Q.YQ', false],
    ['an impossible length', 'YQ.Y.YQ', false],
  ])('%s', (_, token, isCanonical) => {
    expect(isCanonicalToken(token)).toBe(isCanonical)
  })

  it('is bounded', () => {
    const longest = `YQ.YQ.${'A'.repeat(MAX_TOKEN_LENGTH - 6 - 2)}`
    expect(isCanonicalToken(longest)).toBe(true)
    expect(isCanonicalToken(`${longest}AAAA`)).toBe(false)
  })
})

describe('checkSession', () => {
  it('reads what a session says', () => {
    expect(checkSession(HEADER, { ...CLAIMS, uid: UUID.toUpperCase() }, PARTIES)).toEqual({
      ok: true,
      claims: {
        clerkUserId: 'user_1',
        sessionId: 'sess_1',
        userIdClaim: UUID,
        actorId: undefined,
        organization: undefined,
        issuedAtSeconds: CLAIMS.iat,
        isPending: false,
        expiresAtSeconds: NOW + 60,
      },
    })
  })

  it.each([
    ['no kid', { kid: undefined }, {}, 'kid'],
    ['an empty kid', { kid: '' }, {}, 'kid'],
    ['an access token', { typ: 'at+jwt' }, {}, 'typ'],
    ['a JWT template', { cat: 'cl_B7d4PD222AAA' }, {}, 'cat'],
    ['a machine token', { cat: 'cl_B7d4PD333AAA' }, {}, 'cat'],
    ['a class that is no text', { cat: 1 }, {}, 'cat'],
    ['no sub', {}, { sub: undefined }, 'sub'],
    ['an empty sub', {}, { sub: '' }, 'sub'],
    ['a sub that is a number', {}, { sub: 1 }, 'sub'],
    ['a machine', {}, { sub: 'mch_1' }, 'sub'],
    ['a bare user_', {}, { sub: 'user_' }, 'sub'],
    ['a sub with a path in it', {}, { sub: 'user_/../x' }, 'sub'],
    ['no sid', {}, { sid: undefined }, 'sid'],
    ['an empty sid', {}, { sid: '' }, 'sid'],
    ['no azp', {}, { azp: undefined }, 'azp'],
    ['another azp', {}, { azp: 'https://b.example' }, 'azp'],
    ['an azp in a list', {}, { azp: ['https://a.example'] }, 'azp'],
    ['an azp of null', {}, { azp: null }, 'azp'],
    ['a status that Clerk does not have today', {}, { sts: 'suspended' }, 'sts'],
    ['an empty status', {}, { sts: '' }, 'sts'],
    ['a status that is no text', {}, { sts: ['active'] }, 'sts'],
    ['no status but null', {}, { sts: null }, 'sts'],
    ['more than an hour', {}, { exp: NOW + 3601 }, 'lifetime'],
    ['no time at all', {}, { exp: NOW }, 'lifetime'],
    ['an end before the start', {}, { exp: -1 }, 'lifetime'],
    ['no end', {}, { exp: Number.POSITIVE_INFINITY }, 'lifetime'],
    ['an end in words', {}, { exp: String(NOW + 60) }, 'lifetime'],
    ['no start', {}, { iat: undefined }, 'lifetime'],
  ])('refuses %s', (_, header, claims, reason) => {
    expect(checkSession({ ...HEADER, ...header }, { ...CLAIMS, ...claims }, PARTIES)).toEqual({ ok: false, reason })
  })

  it('takes a token of an older Clerk, without class and type', () => {
    expect(checkSession({ alg: 'RS256', kid: 'ins_1' }, CLAIMS, PARTIES).ok).toBe(true)
  })

  it('takes any azp, and none, where no party is demanded', () => {
    expect(checkSession(HEADER, { ...CLAIMS, azp: 'https://b.example' }, ANY_PARTY).ok).toBe(true)
    expect(checkSession(HEADER, { ...CLAIMS, azp: undefined }, ANY_PARTY).ok).toBe(true)
  })

  it('takes no azp where parties are demanded but it may be missing, and still no other', () => {
    const parties = { ...PARTIES, allowsMissing: true }
    expect(checkSession(HEADER, { ...CLAIMS, azp: undefined }, parties).ok).toBe(true)
    for (const azp of ['https://b.example', '', null]) {
      expect(checkSession(HEADER, { ...CLAIMS, azp }, parties)).toEqual({ ok: false, reason: 'azp' })
    }
  })

  it('takes an active session, and one of an older Clerk that names no status', () => {
    expect(checkSession(HEADER, { ...CLAIMS, sts: 'active' }, PARTIES).ok).toBe(true)
    expect(checkSession(HEADER, CLAIMS, PARTIES).ok).toBe(true)
  })

  it('takes an hour', () => {
    expect(checkSession(HEADER, { ...CLAIMS, exp: NOW + 3600 }, PARTIES).ok).toBe(true)
  })

  it.each([
    ['another id', 'user_2'],
    ['a number', 7],
    ['nothing', null],
  ])('ignores a uid that is %s', (_, uid) => {
    expect(checkSession(HEADER, { ...CLAIMS, uid }, PARTIES)).toMatchObject({ claims: { userIdClaim: undefined } })
  })

  it('tells who impersonates', () => {
    const read = (act: unknown) => checkSession(HEADER, { ...CLAIMS, act }, PARTIES)
    expect(read({ sub: 'user_admin' })).toMatchObject({ claims: { actorId: 'user_admin', clerkUserId: 'user_1' } })
    expect(read({})).toMatchObject({ claims: { actorId: 'unknown' } })
  })

  it('tells a pending session', () => {
    expect(checkSession(HEADER, { ...CLAIMS, sts: 'pending' }, PARTIES)).toMatchObject({ claims: { isPending: true } })
  })
})
