// The issuer's keys when the issuer misbehaves: what is cached works on, and what is cold is 503, never 401.
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../../src/core/bytes.ts'
import { jwkOf, JWKS_PATH, makeKeyPair, signSession, startClerk, type Clerk, type Json } from '../../support/clerk.ts'
import { call, makeUser } from '../../support/callers.ts'
import type { ScriptedAnswer } from '../../support/fake-clerk.ts'
import { startService, type Service } from '../../support/service.ts'

const MINUTE_MS = 60_000

async function ask(service: Service, clerk: Clerk, header: Record<string, string> = {}): Promise<Response> {
  const { clerkUserId } = await makeUser()
  const token = await clerk.token(service.clock.nowMs, { sub: clerkUserId }, header)
  return await call(service, `Bearer ${token}`, 'GET', '/api/me')
}

async function warm(): Promise<{ clerk: Clerk; service: Service }> {
  const clerk = await startClerk()
  const service = startService({ CLERK_ISSUER: clerk.issuer })
  expect((await ask(service, clerk)).status).toBe(200)
  await service.settle()
  return { clerk, service }
}

const MISBEHAVIOURS: [string, ScriptedAnswer][] = [
  ['a 500', { status: 500, body: '{"keys":[]}' }],
  ['no keys', { body: '{"keys":[]}' }],
  ['no usable keys', { body: '{"keys":[{"kty":"oct","kid":"ins_test","k":"AAAA"},{"kty":"EC","kid":"ins_test"}]}' }],
  ['a weak key', { body: '{"keys":[{"kty":"RSA","kid":"ins_test","e":"AQAB","n":"AQAB"}]}' }],
  ['HTML', { headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>Just a moment</title>' }],
  ['nothing', { body: '' }],
  ['null', { body: 'null' }],
  ['a list', { body: '[]' }],
  ['10 MB', { body: '{"keys":[]}', padToBytes: 10 * 1024 * 1024 }],
]

describe('an issuer that answers', () => {
  it.each(MISBEHAVIOURS)('%s: a cold isolate says 503, and asks once', async (_, answer) => {
    const clerk = await startClerk()
    await clerk.answer(JWKS_PATH, answer)
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    for (let count = 0; count < 5; count++) {
      const response = await ask(service, clerk)
      expect(response.status).toBe(503)
      expect(await response.json()).toEqual({ detail: 'Authentication is temporarily unavailable' })
      expect(response.headers.get('Retry-After')).toBe('30')
    }
    expect(await clerk.calls()).toHaveLength(1)
    expect(service.counts).toMatchObject({ kvReads: 1, kvWrites: 0 })
  })

  it.each(MISBEHAVIOURS)('%s: the keys that are cached verify on', async (_, answer) => {
    const { clerk, service } = await warm()
    await clerk.answer(JWKS_PATH, answer)
    service.clock.nowMs += 11 * MINUTE_MS
    expect((await ask(service, clerk)).status).toBe(200)
    expect(await clerk.calls()).toHaveLength(2)
    expect((await ask(service, clerk)).status).toBe(200)
    expect(await clerk.calls()).toHaveLength(2)
    expect(service.logs).toContainEqual(expect.objectContaining({ message: 'signing keys could not be fetched' }))
  })

  it('with a redirect: it is not followed', async () => {
    const clerk = await startClerk()
    const attacker = await startClerk(await makeKeyPair())
    const location = attacker.issuer + JWKS_PATH
    await clerk.answer(JWKS_PATH, { status: 302, headers: { Location: location } })
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    expect((await ask(service, clerk)).status).toBe(503)
    expect(await attacker.calls()).toEqual([])
  })

  it('too slowly: a cold isolate says 503, and cached keys verify on', async () => {
    const { clerk, service } = await warm()
    await clerk.answer(JWKS_PATH, { delayMs: 3500, body: '{}' })
    service.clock.nowMs += 11 * MINUTE_MS
    const cold = startService({ CLERK_ISSUER: clerk.issuer })
    cold.failing.add('CACHE')
    const [stale, none] = await Promise.all([ask(service, clerk), ask(cold, clerk)])
    expect([stale.status, none.status]).toEqual([200, 503])
  }, 15_000)

  it('a set with keys of other kinds beside: the usable one is used', async () => {
    const clerk = await startClerk()
    await clerk.publish({ kty: 'oct', kid: 'ins_test', k: 'AAAA' }, await jwkOf(clerk.keyPair), { kty: 'EC', kid: 'x' })
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    expect((await ask(service, clerk)).status).toBe(200)
  })
})

/** A modulus of so many bytes, its first and last byte as they are given. */
function modulus(byteLength: number, first: number, last: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(byteLength))
  bytes[0] = first
  bytes[byteLength - 1] = last
  return encodeBase64url(bytes)
}

const rsa = (kid: unknown, n: unknown, more: Json = {}): Json => ({ kty: 'RSA', e: 'AQAB', kid, n, ...more })
const ZERO = encodeBase64url(new Uint8Array(256))
const BAD = 'ins_bad'
const REFUSED = 'the runtime refuses it: OperationError'

const MALFORMED: [string, unknown, { kid: string; reason: string } | undefined][] = [
  ['an even modulus', rsa(BAD, modulus(256, 0xff, 2)), { kid: BAD, reason: 'its modulus is even' }],
  ['a modulus of zero', rsa(BAD, ZERO), { kid: BAD, reason: REFUSED }],
  ['a modulus of one', rsa(BAD, modulus(1, 1, 1)), { kid: BAD, reason: REFUSED }],
  ['16,392 bits', rsa(BAD, modulus(2049, 0xff, 1)), { kid: BAD, reason: REFUSED }],
  ['2,047 bits', rsa(BAD, modulus(256, 0x7f, 1)), { kid: BAD, reason: 'its modulus has 2047 bits' }],
  ['8,193 bits', rsa(BAD, modulus(1025, 1, 1)), { kid: BAD, reason: 'its modulus has 8193 bits' }],
  ['no modulus', rsa(BAD, undefined), { kid: BAD, reason: 'its modulus is not base64url' }],
  ['a modulus with padding', rsa(BAD, `${ZERO}==`), { kid: BAD, reason: 'its modulus is not base64url' }],
  ['a number for a modulus', rsa(BAD, 7), { kid: BAD, reason: 'its modulus is not base64url' }],
  ['another exponent', rsa(BAD, ZERO, { e: 'Aw' }), { kid: BAD, reason: 'its exponent is not 65537' }],
  ['no id', rsa(undefined, ZERO), { kid: '', reason: 'it has no id' }],
  ['an id that would break the log', rsa('a\n\u{7f}b', 7), { kid: 'a??b', reason: 'its modulus is not base64url' }],
  ['the id of the good one', rsa('ins_test', ZERO), { kid: 'ins_test', reason: REFUSED }],
  ['another curve', { kty: 'EC', kid: BAD }, undefined],
  ['no object', null, undefined],
  ['a list', [], undefined],
  ['a word', 'RSA', undefined],
]

describe('a key set with an entry that cannot be used', () => {
  it.each(MALFORMED)('F4: %s: the others verify, and the log says once what is wrong', async (_, entry, told) => {
    const clerk = await startClerk()
    for (const entries of [
      [entry, await jwkOf(clerk.keyPair)],
      [await jwkOf(clerk.keyPair), entry],
    ]) {
      await clerk.answer(JWKS_PATH, { body: JSON.stringify({ keys: entries }) })
      const cold = startService({ CLERK_ISSUER: clerk.issuer })
      cold.failing.add('CACHE')
      expect((await ask(cold, clerk)).status).toBe(200)
      cold.clock.nowMs += 11 * MINUTE_MS
      expect((await ask(cold, clerk)).status).toBe(200)
      const lines = cold.logs.filter(({ message }) => message === 'a signing key cannot be used')
      expect(lines).toEqual(told === undefined ? [] : [{ level: 'warn', message: expect.any(String), ...told }])
    }
    expect(await clerk.calls()).toHaveLength(4)
  })

  it('F4: two keys of one id: neither is taken, and the log says so', async () => {
    const clerk = await startClerk()
    const other = await makeKeyPair()
    await clerk.publish(await jwkOf(clerk.keyPair), await jwkOf(other), await jwkOf(other, 'ins_next'))
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    expect((await ask(service, clerk)).status).toBe(401)
    expect(service.logs).toContainEqual(expect.objectContaining({ kid: 'ins_test', reason: 'two keys have this id' }))
  })

  it('F4: the same key twice: it is taken', async () => {
    const clerk = await startClerk()
    await clerk.publish(await jwkOf(clerk.keyPair), await jwkOf(clerk.keyPair))
    expect((await ask(startService({ CLERK_ISSUER: clerk.issuer }), clerk)).status).toBe(200)
  })
})

describe('a large key set', () => {
  it.each([
    ['keys that are not for sessions', (kid: string) => ({ kty: 'EC', crv: 'P-256', kid, x: 'AA', y: 'AA' })],
    ['keys for encryption', (kid: string) => rsa(kid, modulus(256, 0xff, 1), { use: 'enc' })],
    ['keys that cannot be used', (kid: string) => rsa(kid, modulus(256, 0xff, 2))],
    ['keys that can be used', (kid: string) => rsa(kid, modulus(256, 0xff, 1))],
  ])('F4: with a hundred %s before: the last key verifies', async (_, make) => {
    const clerk = await startClerk()
    const others = Array.from({ length: 100 }, (_unused, index) => make(`ins_${index}`))
    await clerk.publish(...others, await jwkOf(clerk.keyPair))
    expect((await ask(startService({ CLERK_ISSUER: clerk.issuer }), clerk)).status).toBe(200)
  })

  it.each([
    ['larger than 64 KiB', { body: '{"keys":[]}', padToBytes: 64 * 1024 + 1 }, 'larger than 64 KiB'],
    ['a 500', { status: 500, body: '{}' }, 'answered with 500'],
    ['no set', { body: '[]' }, 'no key set'],
    ['without a usable key', { body: '{"keys":[{"kty":"EC"}]}' }, 'no usable key in the set'],
  ] as [string, ScriptedAnswer, string][])(
    'F4: that is %s is a 503, and the log says why',
    async (_, answer, reason) => {
      const clerk = await startClerk()
      await clerk.answer(JWKS_PATH, answer)
      const service = startService({ CLERK_ISSUER: clerk.issuer })
      expect((await ask(service, clerk)).status).toBe(503)
      expect(service.logs).toContainEqual({ level: 'warn', message: 'signing keys could not be fetched', reason })
    },
  )

  it('F4: of exactly 64 KiB is read', async () => {
    const clerk = await startClerk()
    const body = JSON.stringify({ keys: [await jwkOf(clerk.keyPair)] })
    await clerk.answer(JWKS_PATH, { body, padToBytes: 64 * 1024 })
    expect((await ask(startService({ CLERK_ISSUER: clerk.issuer }), clerk)).status).toBe(200)
  })
})

describe('cached keys', () => {
  it('are fresh for ten minutes', async () => {
    const { clerk, service } = await warm()
    service.clock.nowMs += 10 * MINUTE_MS - 1
    await ask(service, clerk)
    expect(await clerk.calls()).toHaveLength(1)
    service.clock.nowMs += 1
    await ask(service, clerk)
    expect(await clerk.calls()).toHaveLength(2)
  })

  it('are believed for a day of silence, and no longer', async () => {
    const { clerk, service } = await warm()
    await clerk.answer(JWKS_PATH, { status: 500 })
    service.clock.nowMs += 24 * 60 * MINUTE_MS - 1
    expect((await ask(service, clerk)).status).toBe(200)
    service.clock.nowMs += 1
    expect((await ask(service, clerk)).status).toBe(503)
  })

  it('make an unknown key id 503 while the issuer cannot say', async () => {
    const { clerk, service } = await warm()
    await clerk.answer(JWKS_PATH, { status: 500 })
    service.clock.nowMs += MINUTE_MS
    expect((await ask(service, clerk, { kid: 'ins_new' })).status).toBe(503)
    expect((await ask(service, clerk, { kid: 'ins_new' })).status).toBe(503)
    expect((await ask(service, clerk)).status).toBe(200)
    expect(await clerk.calls()).toHaveLength(2)
  })

  it('survive in KV for an isolate that starts while the issuer is away', async () => {
    const { clerk, service } = await warm()
    await clerk.answer(JWKS_PATH, { status: 500 })
    const cold = startService({ CLERK_ISSUER: clerk.issuer })
    cold.clock.nowMs = service.clock.nowMs + 23 * 60 * MINUTE_MS
    expect((await ask(cold, clerk)).status).toBe(200)
    const tooLate = startService({ CLERK_ISSUER: clerk.issuer })
    tooLate.clock.nowMs = service.clock.nowMs + 24 * 60 * MINUTE_MS
    expect((await ask(tooLate, clerk)).status).toBe(503)
  })

  it('of one issuer are not those of another in the same KV', async () => {
    const { service } = await warm()
    const other = await startClerk(await makeKeyPair())
    await other.answer(JWKS_PATH, { status: 500 })
    const cold = startService({ CLERK_ISSUER: other.issuer })
    cold.clock.nowMs = service.clock.nowMs
    expect((await ask(cold, other)).status).toBe(503)
  })

  it('are saved by a genuine token only, once an hour at most, and again when they changed', async () => {
    const { clerk, service } = await warm()
    expect(service.counts.kvWrites).toBe(1)
    service.reset()
    for (let minutes = 0; minutes < 59; minutes += 10) {
      await ask(service, clerk)
      await service.settle()
      service.clock.nowMs += 10 * MINUTE_MS
    }
    expect(service.counts.kvWrites).toBe(0)
    await ask(service, clerk)
    await service.settle()
    expect(service.counts.kvWrites).toBe(1)
    const next = await makeKeyPair()
    await clerk.publish(await jwkOf(next))
    service.clock.nowMs += 10 * MINUTE_MS
    expect((await ask(service, clerk)).status).toBe(401)
    await service.settle()
    expect(service.counts.kvWrites).toBe(1)
    const { clerkUserId } = await makeUser()
    const token = await signSession(next.privateKey, clerk.issuer, service.clock.nowMs, { sub: clerkUserId })
    expect((await call(service, `Bearer ${token}`, 'GET', '/api/me')).status).toBe(200)
    await service.settle()
    expect(service.counts.kvWrites).toBe(2)
  })
})

describe('a rotation of keys', () => {
  it('under a new id is noticed at the first token, once the last look is 30 s old', async () => {
    const { clerk, service } = await warm()
    const next = await makeKeyPair()
    await clerk.publish(await jwkOf(clerk.keyPair), await jwkOf(next, 'ins_next'))
    const { clerkUserId } = await makeUser()
    const askNext = async () => {
      const claims = { sub: clerkUserId }
      const token = await signSession(next.privateKey, clerk.issuer, service.clock.nowMs, claims, { kid: 'ins_next' })
      return (await call(service, `Bearer ${token}`, 'GET', '/api/me')).status
    }
    service.clock.nowMs += 29_999
    expect(await askNext()).toBe(401)
    service.clock.nowMs += 1
    expect(await askNext()).toBe(200)
    expect((await ask(service, clerk)).status).toBe(200)
    expect(await clerk.calls()).toHaveLength(2)
  })

  it('under the same id is noticed by the first signature that does not fit', async () => {
    const { clerk, service } = await warm()
    const next = await makeKeyPair()
    await clerk.publish(await jwkOf(next))
    service.clock.nowMs += 30_000
    const { clerkUserId } = await makeUser()
    const token = await signSession(next.privateKey, clerk.issuer, service.clock.nowMs, { sub: clerkUserId })
    expect((await call(service, `Bearer ${token}`, 'GET', '/api/me')).status).toBe(200)
    expect((await ask(service, clerk)).status).toBe(401)
    expect(await clerk.calls()).toHaveLength(2)
  })

  it('is met by many requests at once with one question', async () => {
    const { clerk, service } = await warm()
    const next = await makeKeyPair()
    await clerk.publish(await jwkOf(next, 'ins_next'))
    service.clock.nowMs += 30_000
    const { clerkUserId } = await makeUser()
    const claims = { sub: clerkUserId }
    const token = await signSession(next.privateKey, clerk.issuer, service.clock.nowMs, claims, { kid: 'ins_next' })
    const responses = await Promise.all(
      Array.from({ length: 30 }, async () => await call(service, `Bearer ${token}`, 'GET', '/api/me')),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await clerk.calls()).toHaveLength(2)
  })
})

describe('thirty first requests at once', () => {
  it('ask the issuer once and KV once', async () => {
    const clerk = await startClerk()
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    const { clerkUserId } = await makeUser()
    const token = await clerk.token(service.clock.nowMs, { sub: clerkUserId })
    const responses = await Promise.all(
      Array.from({ length: 30 }, async () => await call(service, `Bearer ${token}`, 'GET', '/api/me')),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await clerk.calls()).toHaveLength(1)
    expect(service.counts.kvReads).toBeLessThanOrEqual(2)
  })
})
