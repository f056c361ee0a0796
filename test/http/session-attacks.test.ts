// Attacks on session tokens (RFC 8725, the PortSwigger JWT labs, jwt_tool, Wycheproof), each through HTTP. All of them
// read the same: nothing tells which check refused.
import { exportJWK, exportSPKI } from 'jose'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { encodeBase64url, utf8 } from '../../src/core/bytes.ts'
import {
  jwkOf,
  KID,
  makeKeyPair,
  publicPem,
  sessionClaims,
  signSession,
  startClerk,
  type Clerk,
  type Json,
  type KeyPair,
} from '../support/clerk.ts'
import { call, makeUser, newClerkUserId, readColumn } from '../support/callers.ts'
import { startService, type Service } from '../support/service.ts'

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const

let clerk: Clerk
let stranger: KeyPair

beforeAll(async () => {
  clerk = await startClerk()
  stranger = await makeKeyPair()
})

function startWithClerk(variables: Readonly<Record<string, string>> = {}): Service {
  return startService({ CLERK_ISSUER: clerk.issuer, ...variables })
}

function encodeJson(value: unknown): string {
  return encodeBase64url(utf8(typeof value === 'string' ? value : JSON.stringify(value)))
}

async function sign(input: string, privateKey: CryptoKey): Promise<string> {
  const bytes = await crypto.subtle.sign(RS256, privateKey, utf8(input))
  return `${input}.${encodeBase64url(new Uint8Array(bytes))}`
}

/** A token of any header and payload text with a right signature. */
async function forge(header: unknown, payload: unknown, privateKey = clerk.keyPair.privateKey): Promise<string> {
  return await sign(`${encodeJson(header)}.${encodeJson(payload)}`, privateKey)
}

async function hmac(header: object, payload: object, secret: Uint8Array<ArrayBuffer>): Promise<string> {
  const input = `${encodeJson(header)}.${encodeJson(payload)}`
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign'])
  return `${input}.${encodeBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(input))))}`
}

const HEADER = { alg: 'RS256', typ: 'JWT', kid: KID }

async function expectInvalid(service: Service, token: string): Promise<void> {
  const response = await call(service, `Bearer ${token}`, 'GET', '/api/me')
  expect(await response.json()).toEqual({ detail: 'Invalid token' })
  expect(response.status).toBe(401)
  expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
}

async function status(service: Service, token: string): Promise<number> {
  return (await call(service, `Bearer ${token}`, 'GET', '/api/me')).status
}

describe('a genuine session', () => {
  it('is accepted', async () => {
    const service = startWithClerk()
    const sub = newClerkUserId()
    const response = await call(service, `Bearer ${await clerk.token(service.clock.nowMs, { sub })}`, 'GET', '/api/me')
    expect(response.status).toBe(200)
    const id = await readColumn('SELECT id FROM users WHERE clerk_user_id = ?', sub)
    expect(await response.json()).toEqual({
      user_id: id,
      clerk_user_id: sub,
      auth_type: 'clerk',
      workspace: { id, kind: 'personal', name: null, role: 'admin' },
    })
  })

  it('has every scope', async () => {
    const service = startWithClerk()
    const token = await clerk.token(service.clock.nowMs, { sub: newClerkUserId() })
    expect((await call(service, `Bearer ${token}`, 'POST', '/api/keys', { name: 'first' })).status).toBe(201)
    expect((await call(service, `Bearer ${token}`, 'GET', '/api/keys')).status).toBe(200)
  })
})

describe('an unsigned or resigned token', () => {
  it('with its sub edited is 401', async () => {
    const service = startWithClerk()
    const [header, , signature] = (await clerk.token(service.clock.nowMs)).split('.')
    const payload = encodeJson(sessionClaims(clerk.issuer, service.clock.nowMs, { sub: 'user_victim' }))
    await expectInvalid(service, `${header}.${payload}.${signature}`)
  })

  it.each(['none', 'None', 'NONE', 'nOnE'])('with alg %s is 401, signed or not', async (alg) => {
    const service = startWithClerk()
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs)
    const unsigned = `${encodeJson({ ...HEADER, alg })}.${encodeJson(claims)}`
    await expectInvalid(service, `${unsigned}.`)
    await expectInvalid(service, unsigned)
    await expectInvalid(service, await forge({ ...HEADER, alg }, claims))
  })

  it('without its signature is 401, with and without the dot', async () => {
    const service = startWithClerk()
    const [header, payload] = (await clerk.token(service.clock.nowMs)).split('.')
    await expectInvalid(service, `${header}.${payload}.`)
    await expectInvalid(service, `${header}.${payload}`)
  })

  it('signed with HS256 and any form of the public key is 401', async () => {
    const service = startWithClerk()
    const { publicKey } = clerk.keyPair
    const pem = await exportSPKI(publicKey)
    const secrets = [
      utf8(pem),
      utf8(pem.trim()),
      utf8(`${pem.trim()}\n`),
      new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)),
      utf8(JSON.stringify(await exportJWK(publicKey))),
      utf8(JSON.stringify(await jwkOf(clerk.keyPair))),
    ]
    for (const secret of secrets) {
      const claims = sessionClaims(clerk.issuer, service.clock.nowMs)
      await expectInvalid(service, await hmac({ ...HEADER, alg: 'HS256' }, claims, secret))
      await expectInvalid(service, await hmac(HEADER, claims, secret))
    }
  })

  it.each(['', 'secret', 'a', '\0'])('signed with HS256 and the weak secret %j is 401', async (secret) => {
    const service = startWithClerk()
    // An empty HMAC key cannot be imported; HMAC pads a key with zeros, so one zero byte is the same key.
    const bytes = secret === '' ? new Uint8Array(1) : utf8(secret)
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs)
    await expectInvalid(service, await hmac({ ...HEADER, alg: 'HS256' }, claims, bytes))
  })

  it('that brings its own key in jwk is 401', async () => {
    const service = startWithClerk()
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs)
    const header = { ...HEADER, jwk: await jwkOf(stranger) }
    await expectInvalid(service, await forge(header, claims, stranger.privateKey))
  })

  it.each(['jku', 'x5u'])('that points to a key in %s is 401, and is not fetched', async (parameter) => {
    const service = startWithClerk()
    const attacker = await startClerk(stranger)
    const header = { ...HEADER, [parameter]: `${attacker.issuer}/.well-known/jwks.json` }
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs)
    await expectInvalid(service, await forge(header, claims, stranger.privateKey))
    expect(await attacker.calls()).toEqual([])
    expect(service.fetched.filter((url) => !url.startsWith(clerk.issuer))).toEqual([])
  })

  it('with a certificate of its own in x5c is 401', async () => {
    const service = startWithClerk()
    const der = new Uint8Array(await crypto.subtle.exportKey('spki', stranger.publicKey))
    const header = { ...HEADER, x5c: [btoa(String.fromCharCode(...der))] }
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs)
    await expectInvalid(service, await forge(header, claims, stranger.privateKey))
  })

  it.each(['../../../../dev/null', "x' UNION SELECT 'a", '/proc/self/environ', ''])(
    'with the key id %j is 401',
    async (kid) => {
      const service = startWithClerk()
      await expectInvalid(service, await clerk.token(service.clock.nowMs, {}, { kid }))
    },
  )

  it('without a key id is 401, though the set has only one key', async () => {
    const service = startWithClerk()
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs)
    await expectInvalid(service, await forge({ alg: 'RS256', typ: 'JWT' }, claims))
  })

  it('under a key id that the set has twice is 401', async () => {
    const instance = await startClerk()
    await instance.publish(
      await jwkOf(instance.keyPair, 'ins_twice'),
      await jwkOf(stranger, 'ins_twice'),
      await jwkOf(stranger, 'ins_other'),
    )
    const service = startService({ CLERK_ISSUER: instance.issuer })
    for (const { privateKey } of [instance.keyPair, stranger]) {
      const token = await signSession(privateKey, instance.issuer, service.clock.nowMs, {}, { kid: 'ins_twice' })
      await expectInvalid(service, token)
    }
  })

  it.each([
    ['RS384', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' }],
    ['RS512', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }],
    ['PS256', { name: 'RSA-PSS', hash: 'SHA-256' }],
  ])('signed by the right key with %s is 401', async (alg, algorithm) => {
    const service = startWithClerk()
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', clerk.keyPair.privateKey)
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
    const input = `${encodeJson({ ...HEADER, alg })}.${encodeJson(sessionClaims(clerk.issuer, service.clock.nowMs))}`
    const signature = await crypto.subtle.sign({ name: algorithm.name, saltLength: 32 }, key, utf8(input))
    await expectInvalid(service, `${input}.${encodeBase64url(new Uint8Array(signature))}`)
  })

  it('signed with ES256 is 401', async () => {
    const service = startWithClerk()
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign'])
    const header = { ...HEADER, alg: 'ES256' }
    const input = `${encodeJson(header)}.${encodeJson(sessionClaims(clerk.issuer, service.clock.nowMs))}`
    const signature = await crypto.subtle.sign(algorithm, pair.privateKey, utf8(input))
    await expectInvalid(service, `${input}.${encodeBase64url(new Uint8Array(signature))}`)
  })

  it('of another Clerk instance, same shape and same key id, is 401', async () => {
    const service = startWithClerk()
    const other = await startClerk(stranger)
    await expectInvalid(service, await other.token(service.clock.nowMs))
    await expectInvalid(service, await signSession(stranger.privateKey, clerk.issuer, service.clock.nowMs))
    expect(await other.calls()).toEqual([])
  })
})

describe('the time in a token', () => {
  const at = (nowMs: number) => Math.floor(nowMs / 1000)

  it('is believed for five seconds after exp, and not a second longer', async () => {
    const service = startWithClerk()
    const sub = (await makeUser()).clerkUserId
    const now = at(service.clock.nowMs)
    const token = await clerk.token(service.clock.nowMs, { sub, iat: now - 60, nbf: now - 65, exp: now - 4 })
    expect(await status(service, token)).toBe(200)
    const late = await clerk.token(service.clock.nowMs, { sub, iat: now - 60, nbf: now - 65, exp: now - 6 })
    const response = await call(service, `Bearer ${late}`, 'GET', '/api/me')
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ detail: 'Token expired' })
  })

  it('ends a remembered session too', async () => {
    const service = startWithClerk({ KEY_CACHE_SECONDS: '3600' })
    const token = await clerk.token(service.clock.nowMs, { sub: (await makeUser()).clerkUserId })
    expect(await status(service, token)).toBe(200)
    service.clock.nowMs += 64_999
    expect(await status(service, token)).toBe(200)
    service.clock.nowMs += 1
    const response = await call(service, `Bearer ${token}`, 'GET', '/api/me')
    expect(await response.json()).toEqual({ detail: 'Token expired' })
  })

  it('is "Token expired" only for a token that is otherwise genuine', async () => {
    const service = startWithClerk({ CLERK_AUTHORIZED_PARTIES: 'https://app.example.com' })
    const now = at(service.clock.nowMs)
    const past = { iat: now - 600, nbf: now - 600, exp: now - 300 }
    await expectInvalid(service, await signSession(stranger.privateKey, clerk.issuer, service.clock.nowMs, past))
    await expectInvalid(service, await clerk.token(service.clock.nowMs, { ...past, azp: 'https://evil.example' }))
    await expectInvalid(service, await clerk.token(service.clock.nowMs, { ...past, iss: 'https://evil.example' }))
    await expectInvalid(service, await clerk.token(service.clock.nowMs, past, { cat: 'cl_B7d4PD222AAA' }))
  })

  it.each([
    ['iat in the future', { iat: 6, nbf: 0, exp: 60 }],
    ['nbf in the future', { iat: 0, nbf: 6, exp: 60 }],
    ['more than an hour', { iat: 0, nbf: 0, exp: 3601 }],
    ['ten years', { iat: 0, nbf: 0, exp: 315_360_000 }],
    ['an old iat and an exp to come', { iat: -7200, nbf: -7200, exp: 60 }],
  ])('of %s is 401', async (_, { iat, nbf, exp }) => {
    const service = startWithClerk()
    const now = at(service.clock.nowMs)
    const claims = { sub: newClerkUserId(), iat: now + iat, nbf: now + nbf, exp: now + exp }
    await expectInvalid(service, await clerk.token(service.clock.nowMs, claims))
  })

  it.each(['exp', 'iat', 'nbf'])('without %s is 401', async (claim) => {
    const service = startWithClerk()
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs, { [claim]: undefined })
    await expectInvalid(service, await forge(HEADER, claims))
  })

  it.each([
    ['exp', '"1795262880"'],
    ['exp', '1e999'],
    ['exp', '-1'],
    ['exp', 'null'],
    ['exp', '[1795262880]'],
    ['iat', '"1795262820"'],
    ['iat', '-1e999'],
    ['nbf', 'true'],
  ])('with %s as %s is 401', async (claim, literal) => {
    const service = startWithClerk()
    const payload = JSON.stringify(sessionClaims(clerk.issuer, service.clock.nowMs)).replace(
      new RegExp(`"${claim}":\\d+`),
      `"${claim}":${literal}`,
    )
    expect(payload).toContain(literal)
    const response = await call(service, `Bearer ${await forge(HEADER, payload)}`, 'GET', '/api/me')
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ detail: 'Invalid token' })
  })
})

describe('a token of another kind', () => {
  it.each([
    ['a JWT template', { sid: undefined }, { cat: 'cl_B7d4PD222AAA' }],
    ['a JWT template that says sid', {}, { cat: 'cl_B7d4PD222AAA' }],
    ['a machine', { sub: 'mch_1', sid: undefined }, { cat: 'cl_B7d4PD333AAA' }],
    ['a class unknown', {}, { cat: 'cl_B7d4PD444AAA' }],
    ['an access token', {}, { typ: 'at+jwt' }],
    ['no session', { sid: undefined }, {}],
    ['no sub', { sub: undefined }, {}],
    ['an empty sub', { sub: '' }, {}],
    ['a machine sub', { sub: 'mch_1' }, {}],
  ] as [string, Json, Json][])('is 401: %s', async (_, claims, header) => {
    const service = startWithClerk()
    await expectInvalid(service, await clerk.token(service.clock.nowMs, claims, header))
  })

  it('is 401: a sub that is a number', async () => {
    const service = startWithClerk()
    await expectInvalid(service, await forge(HEADER, { ...sessionClaims(clerk.issuer, service.clock.nowMs), sub: 1 }))
  })

  it('is 401: no issuer, another issuer, the issuer with a slash', async () => {
    const service = startWithClerk()
    for (const iss of [undefined, 'https://clerk.example.com', `${clerk.issuer}/`, clerk.issuer.toUpperCase()]) {
      await expectInvalid(service, await clerk.token(service.clock.nowMs, { iss }))
    }
  })

  it('is 401: an authorized party that is not listed, or none where one is demanded', async () => {
    const service = startWithClerk({ CLERK_AUTHORIZED_PARTIES: 'https://app.example.com, https://b.example.com' })
    const sub = newClerkUserId()
    const withParty = async (azp: string | undefined) => await clerk.token(service.clock.nowMs, { sub, azp })
    expect(await status(service, await withParty('https://b.example.com'))).toBe(200)
    await expectInvalid(service, await withParty(undefined))
    await expectInvalid(service, await withParty(''))
    await expectInvalid(service, await withParty('https://app.example.com.evil.example'))
  })

  it('without an authorized party is let in where CLERK_ALLOW_MISSING_AZP says so, and another party is not', async () => {
    const variables = { CLERK_AUTHORIZED_PARTIES: 'https://app.example.com', CLERK_ALLOW_MISSING_AZP: 'true' }
    const service = startWithClerk(variables)
    const withParty = async (azp: string | undefined) => await clerk.token(service.clock.nowMs, { sub, azp })
    const sub = newClerkUserId()
    expect(await status(service, await withParty(undefined))).toBe(200)
    await expectInvalid(service, await withParty('https://b.example.com'))
  })

  it('is 401: a session of a status that is not known', async () => {
    const service = startWithClerk()
    await expectInvalid(service, await clerk.token(service.clock.nowMs, { sts: 'suspended' }))
  })

  it('is 403: a pending session', async () => {
    const service = startWithClerk()
    const token = await clerk.token(service.clock.nowMs, { sub: newClerkUserId(), sts: 'pending' })
    const response = await call(service, `Bearer ${token}`, 'GET', '/api/me')
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ detail: 'Session is pending' })
  })

  it('is the impersonated user, and the log names the impersonator', async () => {
    const service = startWithClerk()
    const sub = newClerkUserId()
    const token = await clerk.token(service.clock.nowMs, { sub, act: { sub: 'user_admin' } })
    const response = await call(service, `Bearer ${token}`, 'GET', '/api/me')
    expect(await response.json()).toMatchObject({ clerk_user_id: sub })
    expect(service.logs.at(-1)).toMatchObject({ auth: 'clerk', actor: 'user_admin' })
  })
})

describe('a token of another form', () => {
  it.each([
    ['an unknown crit', { crit: ['exp'], exp: 1 }],
    ['an unencoded payload', { crit: ['b64'], b64: false }],
    ['a crit that is no list', { crit: 'exp' }],
    ['an empty crit', { crit: [] }],
  ])('is 401 with %s', async (_, header) => {
    const service = startWithClerk()
    await expectInvalid(
      service,
      await forge({ ...HEADER, ...header }, sessionClaims(clerk.issuer, service.clock.nowMs)),
    )
  })

  it('is read as what was signed when a header parameter is unknown and not critical (RFC 7515 §4)', async () => {
    const service = startWithClerk()
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs, { sub: newClerkUserId() })
    expect(await status(service, await forge({ ...HEADER, zip: 'DEF', b64: false }, claims))).toBe(200)
  })

  it('is 401 with two, four or five parts', async () => {
    const service = startWithClerk()
    const token = await clerk.token(service.clock.nowMs)
    const [header, payload, signature] = token.split('.')
    await expectInvalid(service, `${header}.${payload}`)
    await expectInvalid(service, `${token}.${signature}`)
    await expectInvalid(service, `${header}.${payload}.${payload}.${payload}.${signature}`)
    await expectInvalid(service, `.${payload}.${signature}`)
    await expectInvalid(service, '..')
  })

  it('is 401 in the JSON serialisations', async () => {
    const service = startWithClerk()
    const [protectedHeader, payload, signature] = (await clerk.token(service.clock.nowMs)).split('.')
    for (const json of [
      { payload, protected: protectedHeader, signature },
      { payload, signatures: [{ protected: protectedHeader, signature }] },
    ]) {
      expect(await status(service, JSON.stringify(json))).toBe(401)
      await expectInvalid(service, encodeJson(json))
    }
  })

  it('is 401 in a second spelling of a genuine one: padding, spaces, spare bits, the other alphabet', async () => {
    const service = startWithClerk()
    const sub = newClerkUserId()
    const token = await clerk.token(service.clock.nowMs, { sub })
    expect(await status(service, token)).toBe(200)
    const [header = '', payload = '', signature = ''] = token.split('.')
    await expectInvalid(service, `${token}=`)
    await expectInvalid(service, `${token}==`)
    await expectInvalid(service, `${header}=.${payload}.${signature}`)
    await expectInvalid(service, `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}=`)
    // 256 bytes are 342 characters, the last of which has four spare bits.
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const spare = last.charAt(last.indexOf(signature.slice(-1)) + 1)
    await expectInvalid(service, `${header}.${payload}.${signature.slice(0, -1)}${spare}`)
    expect(await status(service, `${header}.${payload}. ${signature}`)).toBe(401)
    expect(await status(service, `${header}.${payload}.${signature}\t`)).toBe(200)
  })

  it('is read by its last claim when one is given twice, and by nothing else', async () => {
    const service = startWithClerk()
    const first = newClerkUserId()
    const last = newClerkUserId()
    const json = JSON.stringify(sessionClaims(clerk.issuer, service.clock.nowMs, { sub: last }))
    const token = await forge(HEADER, `{"sub":"${first}",${json.slice(1)}`)
    const response = await call(service, `Bearer ${token}`, 'GET', '/api/me')
    expect(await response.json()).toMatchObject({ clerk_user_id: last })
    await expectInvalid(service, await forge(HEADER, `${json.slice(0, -1)},"sub":"mch_1"}`))
  })

  it('is 401 with claims hidden in __proto__, and no object is polluted', async () => {
    const service = startWithClerk()
    const claims = sessionClaims(clerk.issuer, service.clock.nowMs, { sid: undefined })
    const json = JSON.stringify(claims)
    await expectInvalid(service, await forge(HEADER, `${json.slice(0, -1)},"__proto__":{"sid":"sess_1"}}`))
    await expectInvalid(
      service,
      await forge(HEADER, `${json.slice(0, -1)},"constructor":{"prototype":{"sid":"sess_1"}}}`),
    )
    expect(({} as Record<string, unknown>)['sid']).toBeUndefined()
  })

  it('is 401 with a payload that is no UTF-8, no JSON, or no object', async () => {
    const service = startWithClerk()
    const header = encodeJson(HEADER)
    const payload = utf8(JSON.stringify(sessionClaims(clerk.issuer, service.clock.nowMs)))
    payload[payload.length - 3] = 0xff
    await expectInvalid(service, await sign(`${header}.${encodeBase64url(payload)}`, clerk.keyPair.privateKey))
    for (const text of ['no json', '[]', 'null', '"text"', '1']) {
      await expectInvalid(service, await forge(HEADER, text))
      await expectInvalid(service, await forge(text, sessionClaims(clerk.issuer, service.clock.nowMs)))
    }
  })

  it('is 401 before any crypto when it is too long', async () => {
    const service = startWithClerk()
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const digest = vi.spyOn(crypto.subtle, 'digest')
    await expectInvalid(service, await clerk.token(service.clock.nowMs, { long: 'x'.repeat(8192) }))
    await expectInvalid(service, `${'a'.repeat(1024 * 1024)}.b.c`)
    expect(verify).not.toHaveBeenCalled()
    expect(digest).not.toHaveBeenCalled()
    expect(service.fetched).toEqual([])
    vi.restoreAllMocks()
  })
})

describe('an unknown key id', () => {
  it('a thousand times is 401, at most one more request to the issuer, and no KV write', async () => {
    const instance = await startClerk()
    const service = startService({ CLERK_ISSUER: instance.issuer })
    const token = await instance.token(service.clock.nowMs, { sub: newClerkUserId() })
    expect(await status(service, token)).toBe(200)
    await service.settle()
    service.clock.nowMs += 30_000
    service.reset()
    const attack = await instance.token(service.clock.nowMs, {}, { kid: 'ins_unknown' })
    const statuses = await Promise.all(Array.from({ length: 1000 }, async () => await status(service, attack)))
    await service.settle()
    expect(new Set(statuses)).toEqual(new Set([401]))
    expect(service.fetched.length - 1).toBeLessThanOrEqual(1)
    expect(service.counts).toMatchObject({ kvWrites: 0, d1Reads: 0, d1Writes: 0 })
  })

  it('on a cold isolate causes one request and no KV write', async () => {
    const instance = await startClerk()
    const service = startService({ CLERK_ISSUER: instance.issuer })
    const attack = await instance.token(service.clock.nowMs, {}, { kid: 'ins_unknown' })
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => await status(service, attack)))
    await service.settle()
    expect(new Set(statuses)).toEqual(new Set([401]))
    expect(service.fetched).toHaveLength(1)
    expect(service.counts).toMatchObject({ kvReads: 1, kvWrites: 0 })
  })
})

describe('CLERK_JWT_KEY', () => {
  it('verifies without any network, whatever the key id', async () => {
    const pem = await publicPem(clerk.keyPair)
    for (const text of [pem, pem.replaceAll('\n', '\\n')]) {
      const service = startWithClerk({ CLERK_JWT_KEY: text })
      const sub = (await makeUser()).clerkUserId
      expect(await status(service, await clerk.token(service.clock.nowMs, { sub }, { kid: 'any' }))).toBe(200)
      await expectInvalid(service, await forge({ alg: 'RS256' }, sessionClaims(clerk.issuer, service.clock.nowMs)))
      await expectInvalid(service, await signSession(stranger.privateKey, clerk.issuer, service.clock.nowMs))
      expect(service.fetched).toEqual([])
      expect(service.counts.kvReads).toBe(0)
    }
  })
})
