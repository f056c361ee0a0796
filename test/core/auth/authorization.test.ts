import { describe, expect, it } from 'vitest'
import { readAuthorization } from '../../../src/core/auth/authorization.ts'

const KEY = `lvz_live_${'a1'.repeat(32)}`

describe('readAuthorization', () => {
  it.each([
    ['no header', undefined, { kind: 'missing' }],
    ['an empty header', '', { kind: 'missing' }],
    ['a bare key', KEY, { kind: 'api_key', key: KEY }],
    ['a key as bearer token', `Bearer ${KEY}`, { kind: 'api_key', key: KEY }],
    ['the scheme in lower case', `bearer ${KEY}`, { kind: 'api_key', key: KEY }],
    ['the scheme in upper case', `BEARER ${KEY}`, { kind: 'api_key', key: KEY }],
    ['a token', 'Bearer a.b.c', { kind: 'session', token: 'a.b.c' }],
    ['anything else as bearer token', 'Bearer x', { kind: 'session', token: 'x' }],
    ['a key of another case as bearer token', 'Bearer LVZ_LIVE_00', { kind: 'session', token: 'LVZ_LIVE_00' }],
    ['a short key', KEY.slice(0, -1), { kind: 'malformed_key' }],
    ['a short key as bearer token', `Bearer ${KEY.slice(0, -1)}`, { kind: 'malformed_key' }],
    ['a key and a space', `${KEY} `, { kind: 'malformed_key' }],
    ['a key and a NUL', `${KEY}\0`, { kind: 'malformed_key' }],
    ['a key of upper-case digits', KEY.toUpperCase().replace('LVZ_LIVE_', 'lvz_live_'), { kind: 'malformed_key' }],
    ['two keys', `${KEY}, ${KEY}`, { kind: 'unreadable' }],
    ['a token and a key', `Bearer a.b.c, ${KEY}`, { kind: 'unreadable' }],
    ['two tokens without a space', 'Bearer a.b.c,d.e.f', { kind: 'unreadable' }],
    ['the scheme alone', 'Bearer', { kind: 'unreadable' }],
    ['the scheme and a space', 'Bearer ', { kind: 'unreadable' }],
    ['two spaces', 'Bearer  a.b.c', { kind: 'unreadable' }],
    ['a tab', 'Bearer\ta.b.c', { kind: 'unreadable' }],
    ['two words', 'Bearer a.b.c d', { kind: 'unreadable' }],
    ['another scheme', 'Basic dXNlcjpwYXNz', { kind: 'unreadable' }],
    ['a bare token', 'a.b.c', { kind: 'unreadable' }],
    ['letters that are no ASCII', 'Bearer ä.b.c', { kind: 'session', token: 'ä.b.c' }],
    ['a key with another prefix', 'lvz_test_00', { kind: 'unreadable' }],
  ])('reads %s', (_, header, credential) => {
    expect(readAuthorization(header)).toEqual(credential)
  })
})
