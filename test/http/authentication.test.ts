// Which credentials are taken, where from, in which words they are refused, and what a request costs.
import { Hono } from 'hono'
import { beforeAll, describe, expect, it } from 'vitest'
import { callerGuard } from '../../src/http/auth.ts'
import type { HttpEnv } from '../../src/http/context.ts'
import { DEFAULT_BRAND } from '../../src/core/brand.ts'
import { faultAnswers } from '../../src/http/faults.ts'
import { pageLook } from '../../src/http/pages/look.ts'
import { engineApi } from '../../src/api/engine.ts'
import { createRouter } from '../../src/http/router.ts'
import { startClerk, type Clerk } from '../support/clerk.ts'
import { NO_CALLS as NO_IO } from '../support/counted-bindings.ts'
import { call, makeKey, makeUser, newClerkUserId, randomKey, readColumn } from '../support/callers.ts'
import { ORIGIN, startService, type Service } from '../support/service.ts'

const INVALID_KEY = 'Invalid or inactive API key'
const INVALID_HEADER = 'Invalid Authorization header'

let clerk: Clerk

beforeAll(async () => {
  clerk = await startClerk()
})

async function expect401(service: Service, headers: HeadersInit, detail: string): Promise<void> {
  const response = await service.request('/api/me', { headers })
  expect(await response.json()).toEqual({ detail })
  expect(response.status).toBe(401)
  expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
  expect(response.headers.get('Cache-Control')).toBe('no-store')
}

describe('the Authorization header', () => {
  it('is missed when it is missing or empty', async () => {
    await expect401(startService(), {}, 'Missing Authorization header')
    await expect401(startService(), { Authorization: '' }, 'Missing Authorization header')
    await expect401(startService(), { Authorization: '  ' }, 'Missing Authorization header')
  })

  it('takes a key bare and as bearer token, the scheme in any case', async () => {
    const service = startService()
    const { rawKey, userId } = await makeKey()
    for (const credential of [rawKey, `Bearer ${rawKey}`, `bearer ${rawKey}`, `BEARER ${rawKey}`]) {
      const response = await call(service, credential, 'GET', '/api/me')
      expect(await response.json()).toMatchObject({ user_id: userId, auth_type: 'api_key' })
    }
  })

  it.each([
    'Basic dXNlcjpwYXNz',
    'Bearer',
    'Bearer  two-spaces',
    'Bearer one two',
    'Token abc',
    `lvz_test_${'0'.repeat(64)}`,
    `LVZ_LIVE_${'0'.repeat(64)}`,
    `X lvz_live_${'0'.repeat(64)}`,
  ])('is unreadable as %j, with no I/O', async (header) => {
    const service = startService({}, { limiters: true })
    await expect401(service, { Authorization: header }, INVALID_HEADER)
    expect(service.counts).toEqual(NO_IO)
  })

  it('is refused twice: two headers arrive as one list', async () => {
    const service = startService()
    const { rawKey } = await makeKey()
    const headers = new Headers()
    headers.append('Authorization', `Bearer ${rawKey}`)
    headers.append('Authorization', rawKey)
    await expect401(service, headers, INVALID_HEADER)
    await expect401(service, { Authorization: `${rawKey},${rawKey}` }, INVALID_HEADER)
    expect(service.counts).toEqual(NO_IO)
  })

  it.each([
    ['63 digits', `lvz_live_${'0'.repeat(63)}`],
    ['65 digits', `lvz_live_${'0'.repeat(65)}`],
    ['upper-case digits', `lvz_live_${'A'.repeat(64)}`],
    ['digits that are none', `lvz_live_${'g'.repeat(64)}`],
    ['a space inside', `lvz_live_${'0'.repeat(32)} ${'0'.repeat(31)}`],
    ['the prefix alone', 'lvz_live_'],
    ['65 digits as bearer token', `Bearer lvz_live_${'0'.repeat(65)}`],
    ['unicode digits', `lvz_live_${'\u00b2'.repeat(64)}`],
  ])('with a key of %s is 401 with no I/O', async (_, header) => {
    const service = startService({}, { limiters: true })
    await expect401(service, { Authorization: header }, INVALID_KEY)
    expect(service.counts).toEqual(NO_IO)
  })

  it('is the only place for a credential: query, cookie, body and other headers are not looked at', async () => {
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    const { rawKey } = await makeKey()
    const token = await clerk.token(service.clock.nowMs)
    const detail = { detail: 'Missing Authorization header' }
    for (const secret of [rawKey, token]) {
      const query = `access_token=${secret}&token=${secret}&api_key=${secret}&authorization=${secret}`
      expect(await (await service.request(`/api/me?${query}`)).json()).toEqual(detail)
      const headers = {
        Cookie: `__session=${secret}; Authorization=${secret}`,
        'X-API-Key': secret,
        'X-Authorization': secret,
        'Proxy-Authorization': `Bearer ${secret}`,
      }
      expect(await (await service.request('/api/me', { headers })).json()).toEqual(detail)
      const body = { method: 'POST', body: JSON.stringify({ access_token: secret }) }
      expect(await (await service.request('/api/keys', body)).json()).toEqual(detail)
    }
    expect(service.counts).toEqual(NO_IO)
  })

  it('comes after 404 and 405', async () => {
    expect((await startService().request('/api/me/x')).status).toBe(404)
    expect((await startService().request('/api/me', { method: 'POST' })).status).toBe(405)
    expect((await startService().request('/api/keys', { method: 'PUT' })).status).toBe(405)
    expect((await startService().request('/api/me', { method: 'TRACE' })).status).toBe(405)
  })

  it('comes before the body: a stranger learns nothing of what a route wants', async () => {
    const response = await startService().request('/api/keys', { method: 'POST', body: 'no json' })
    expect(response.status).toBe(401)
  })
})

describe('a key', () => {
  it('that is unknown, inactive or expired reads the same', async () => {
    const service = startService()
    const inactive = await makeKey({ isActive: false })
    const expired = await makeKey({ expiresAtMs: service.clock.nowMs })
    for (const rawKey of [randomKey(), inactive.rawKey, expired.rawKey]) {
      await expect401(service, { Authorization: rawKey }, INVALID_KEY)
    }
  })

  it('ends exactly when it expires, cached or not', async () => {
    const service = startService()
    const { rawKey } = await makeKey({ expiresAtMs: service.clock.nowMs + 1000 })
    service.clock.nowMs += 999
    expect((await call(service, rawKey, 'GET', '/api/me')).status).toBe(200)
    service.clock.nowMs += 1
    await expect401(service, { Authorization: rawKey }, INVALID_KEY)
    const cold = startService()
    cold.clock.nowMs = service.clock.nowMs
    await expect401(cold, { Authorization: rawKey }, INVALID_KEY)
  })

  it('of a deleted user is invalid', async () => {
    const user = await makeUser({ deletedAtMs: 1 })
    const { rawKey } = await makeKey({ user })
    await expect401(startService(), { Authorization: rawKey }, INVALID_KEY)
  })

  it('of a user without a Clerk id says so', async () => {
    const service = startService()
    const { rawKey, userId } = await makeKey()
    await service.bindings.DB.prepare('UPDATE users SET clerk_user_id = NULL WHERE id = ?').bind(userId).run()
    expect(await (await call(service, rawKey, 'GET', '/api/me')).json()).toEqual({
      user_id: userId,
      clerk_user_id: null,
      auth_type: 'api_key',
      workspace: { id: userId, kind: 'personal', name: null, role: 'admin' },
    })
  })

  it('revoked elsewhere is refused here within KEY_CACHE_SECONDS', async () => {
    const here = startService()
    const elsewhere = startService()
    const { rawKey, keyId } = await makeKey()
    expect((await call(here, rawKey, 'GET', '/api/me')).status).toBe(200)
    await call(elsewhere, rawKey, 'PATCH', `/api/keys/${keyId}`, { is_active: false })
    here.clock.nowMs += 29_999
    expect((await call(here, rawKey, 'GET', '/api/me')).status).toBe(200)
    here.clock.nowMs += 1
    await expect401(here, { Authorization: rawKey }, INVALID_KEY)
  })

  it('revoked elsewhere is refused here at once without a cache', async () => {
    const here = startService({ KEY_CACHE_SECONDS: '0' })
    const { rawKey, keyId } = await makeKey()
    expect((await call(here, rawKey, 'GET', '/api/me')).status).toBe(200)
    await call(startService(), rawKey, 'DELETE', `/api/keys/${keyId}`)
    await expect401(here, { Authorization: rawKey }, INVALID_KEY)
  })

  it('F10: switched off here and on again elsewhere works here within KEY_CACHE_SECONDS', async () => {
    const here = startService()
    const elsewhere = startService()
    const holder = await makeKey()
    const key = await makeKey({ user: holder })
    const path = `/api/keys/${key.keyId}`
    const status = async (service: Service) => (await call(service, key.rawKey, 'GET', '/api/me')).status
    const set = async (service: Service, isActive: boolean) =>
      await call(service, holder.rawKey, 'PATCH', path, { is_active: isActive })
    const pass = (milliseconds: number) => {
      for (const service of [here, elsewhere]) service.clock.nowMs += milliseconds
    }

    expect([await status(here), await status(elsewhere)]).toEqual([200, 200])
    expect((await set(here, false)).status).toBe(200)
    expect(await status(here)).toBe(401)
    expect((await set(elsewhere, true)).status).toBe(200)
    pass(29_999)
    expect(await status(here)).toBe(401)
    pass(1)
    expect(await status(here)).toBe(200)

    // And off again, in either order: at once where it was done, within the bound where it was not.
    expect((await set(here, false)).status).toBe(200)
    expect(await status(here)).toBe(401)
    pass(30_000)
    expect([await status(here), await status(elsewhere)]).toEqual([401, 401])
    expect((await set(here, true)).status).toBe(200)
    expect(await status(here)).toBe(200)
    pass(30_000)
    expect([await status(here), await status(elsewhere)]).toEqual([200, 200])
    expect((await set(elsewhere, false)).status).toBe(200)
    pass(30_000)
    expect([await status(here), await status(elsewhere)]).toEqual([401, 401])
  })

  it('F10: switched off here and on again elsewhere works here at once without a cache', async () => {
    const here = startService({ KEY_CACHE_SECONDS: '0' })
    const holder = await makeKey()
    const key = await makeKey({ user: holder })
    const path = `/api/keys/${key.keyId}`
    const status = async () => (await call(here, key.rawKey, 'GET', '/api/me')).status
    expect(await status()).toBe(200)
    await call(here, holder.rawKey, 'PATCH', path, { is_active: false })
    expect(await status()).toBe(401)
    await call(startService(), holder.rawKey, 'PATCH', path, { is_active: true })
    expect(await status()).toBe(200)
  })

  it('F10: rotated here works on to the end of its grace, read again or not', async () => {
    const service = startService()
    const holder = await makeKey()
    const old = await makeKey({ user: holder })
    const status = async () => (await call(service, old.rawKey, 'GET', '/api/me')).status
    await call(service, holder.rawKey, 'POST', `/api/keys/${old.keyId}/rotate`, { grace_seconds: 60 })
    for (const seconds of [0, 29, 30]) {
      service.clock.nowMs += seconds * 1000
      expect(await status()).toBe(200)
    }
    service.clock.nowMs += 1000
    expect(await status()).toBe(401)
  })

  it('is not brought back by a read that was under way when it was revoked', async () => {
    const service = startService()
    const holder = await makeKey()
    const victim = await makeKey({ user: holder })
    const reads = Array.from({ length: 20 }, async () => await call(service, victim.rawKey, 'GET', '/api/me'))
    await call(service, holder.rawKey, 'DELETE', `/api/keys/${victim.keyId}`)
    await Promise.all(reads)
    await expect401(service, { Authorization: victim.rawKey }, INVALID_KEY)
  })
})

describe('last_used_at', () => {
  const read = async (keyId: string) => await readColumn('SELECT last_used_at FROM api_keys WHERE id = ?', keyId)

  it('is written after the response, first at the first use and then once a minute', async () => {
    const service = startService()
    const { rawKey, keyId } = await makeKey()
    const first = service.clock.nowMs
    await call(service, rawKey, 'GET', '/api/me')
    await service.settle()
    expect(await read(keyId)).toBe(first)
    for (const elapsedMs of [1, 59_998]) {
      service.clock.nowMs += elapsedMs
      await call(service, rawKey, 'GET', '/api/me')
      await service.settle()
      expect(await read(keyId)).toBe(first)
    }
    service.clock.nowMs += 1
    await call(service, rawKey, 'GET', '/api/me')
    await service.settle()
    expect(await read(keyId)).toBe(first + 60_000)
  })

  it('is written once when many ask at once', async () => {
    const service = startService()
    const { rawKey } = await makeKey()
    await call(service, rawKey, 'GET', '/api/me')
    await service.settle()
    service.reset()
    await Promise.all(Array.from({ length: 50 }, async () => await call(service, rawKey, 'GET', '/api/me')))
    await service.settle()
    expect(service.counts).toEqual(NO_IO)
  })

  it('never goes back: an isolate whose clock is behind leaves it alone', async () => {
    const ahead = startService()
    const behind = startService()
    const { rawKey, keyId } = await makeKey()
    ahead.clock.nowMs += 600_000
    await call(ahead, rawKey, 'GET', '/api/me')
    await ahead.settle()
    await call(behind, rawKey, 'GET', '/api/me')
    await behind.settle()
    expect(await read(keyId)).toBe(ahead.clock.nowMs)
  })

  it('is shown to the holder', async () => {
    const service = startService()
    const { rawKey } = await makeKey()
    await call(service, rawKey, 'GET', '/api/me')
    await service.settle()
    const [key] = await (await call(service, rawKey, 'GET', '/api/keys')).json<{ last_used_at: string }[]>()
    expect(key?.last_used_at).toBe(new Date(service.clock.nowMs).toISOString())
  })

  it('that cannot be written fails no request, and is written at the next', async () => {
    const service = startService()
    const { rawKey, keyId } = await makeKey()
    service.failing.add('DB_WRITES')
    expect((await call(service, rawKey, 'GET', '/api/me')).status).toBe(200)
    await service.settle()
    expect(await read(keyId)).toBeNull()
    service.failing.delete('DB_WRITES')
    expect((await call(service, rawKey, 'GET', '/api/me')).status).toBe(200)
    await service.settle()
    expect(await read(keyId)).toBe(service.clock.nowMs)
  })
})

describe('the cost of', () => {
  const BEARER_CALLS = 5

  it('a malformed key is nothing', async () => {
    const service = startService({}, { limiters: true })
    await call(service, 'lvz_live_0', 'GET', '/api/me')
    expect(service.counts).toEqual(NO_IO)
  })

  it('a cold key is one D1 read, and a hot one nothing', async () => {
    const service = startService()
    const { rawKey } = await makeKey()
    await call(service, rawKey, 'GET', '/api/me')
    expect(service.counts).toEqual({ ...NO_IO, d1Reads: 1, d1Writes: 1 })
    await service.settle()
    service.reset()
    for (let count = 0; count < BEARER_CALLS; count++) await call(service, rawKey, 'GET', '/api/me')
    await service.settle()
    expect(service.counts).toEqual(NO_IO)
    expect(service.fetched).toEqual([])
  })

  it('a cold session is one D1 read when the issuer’s keys are known, and a hot one nothing', async () => {
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    await call(service, `Bearer ${await clerk.token(service.clock.nowMs, { sub: newClerkUserId() })}`, 'GET', '/api/me')
    await service.settle()
    service.reset()
    const { clerkUserId } = await makeUser()
    const token = await clerk.token(service.clock.nowMs, { sub: clerkUserId })
    await call(service, `Bearer ${token}`, 'GET', '/api/me')
    await service.settle()
    expect(service.counts).toEqual({ ...NO_IO, d1Reads: 1 })
    service.reset()
    for (let count = 0; count < BEARER_CALLS; count++) await call(service, `Bearer ${token}`, 'GET', '/api/me')
    await service.settle()
    expect(service.counts).toEqual(NO_IO)
    expect(service.fetched).toHaveLength(1)
  })

  it('a session on a cold isolate is one KV and one D1 read when another isolate saved the keys', async () => {
    const instance = await startClerk()
    const first = startService({ CLERK_ISSUER: instance.issuer })
    const { clerkUserId } = await makeUser()
    const token = await instance.token(first.clock.nowMs, { sub: clerkUserId })
    await call(first, `Bearer ${token}`, 'GET', '/api/me')
    await first.settle()
    const second = startService({ CLERK_ISSUER: instance.issuer })
    expect((await call(second, `Bearer ${token}`, 'GET', '/api/me')).status).toBe(200)
    await second.settle()
    expect(second.counts).toEqual({ ...NO_IO, kvReads: 1, d1Reads: 1 })
    expect(second.fetched).toEqual([])
  })

  it('the next token of the same user within the bound is no I/O', async () => {
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    const { clerkUserId } = await makeUser()
    await call(service, `Bearer ${await clerk.token(service.clock.nowMs, { sub: clerkUserId })}`, 'GET', '/api/me')
    await service.settle()
    service.reset()
    const next = await clerk.token(service.clock.nowMs + 1000, { sub: clerkUserId })
    expect((await call(service, `Bearer ${next}`, 'GET', '/api/me')).status).toBe(200)
    expect(service.counts).toEqual(NO_IO)
  })

  it('junk that repeats itself is one D1 read', async () => {
    const service = startService()
    const junk = randomKey()
    for (let count = 0; count < BEARER_CALLS; count++) await expect401(service, { Authorization: junk }, INVALID_KEY)
    expect(service.counts).toEqual({ ...NO_IO, d1Reads: 1 })
  })
})

describe('when a dependency is away', () => {
  it('D1: a cold credential is 503, never 401 and never 200', async () => {
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    const { rawKey, clerkUserId } = await makeKey()
    service.failing.add('DB')
    const token = await clerk.token(service.clock.nowMs, { sub: clerkUserId })
    for (const credential of [rawKey, `Bearer ${token}`]) {
      const response = await call(service, credential, 'GET', '/api/me')
      expect(response.status).toBe(503)
      expect(await response.json()).toEqual({ detail: 'Authentication is temporarily unavailable' })
      expect(response.headers.get('Retry-After')).toBe('5')
    }
    service.failing.delete('DB')
    for (const credential of [rawKey, `Bearer ${token}`]) {
      expect((await call(service, credential, 'GET', '/api/me')).status).toBe(200)
    }
  })

  it('D1: a hot credential works on until its bound, and is then 503', async () => {
    const service = startService()
    const { rawKey } = await makeKey()
    await call(service, rawKey, 'GET', '/api/me')
    await service.settle()
    service.failing.add('DB')
    service.clock.nowMs += 29_999
    expect((await call(service, rawKey, 'GET', '/api/me')).status).toBe(200)
    service.clock.nowMs += 1
    expect((await call(service, rawKey, 'GET', '/api/me')).status).toBe(503)
  })

  it('KV: keys and sessions work, those of new users too', async () => {
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    service.failing.add('CACHE')
    const { rawKey } = await makeKey()
    expect((await call(service, rawKey, 'GET', '/api/me')).status).toBe(200)
    const token = await clerk.token(service.clock.nowMs, { sub: newClerkUserId() })
    expect((await call(service, `Bearer ${token}`, 'GET', '/api/me')).status).toBe(200)
    await service.settle()
    expect(service.logs.some(({ message }) => message === 'deferred work failed')).toBe(true)
  })

  it('a limiter: no caller is refused for it', async () => {
    const service = startService({}, { limiters: true })
    service.failing.add('CALLER_LIMITER').add('FAILURE_LIMITER')
    const { rawKey } = await makeKey()
    expect((await call(service, rawKey, 'GET', '/api/me')).status).toBe(200)
    expect((await call(service, randomKey(), 'GET', '/api/me')).status).toBe(401)
  })
})

describe('in the Clipzy error format', () => {
  /** A surface whose routes are not there yet, behind the real guard. */
  async function ask(service: Service, authorization?: string): Promise<Response> {
    const app = new Hono<HttpEnv>()
    const answerFault = faultAnswers(pageLook(DEFAULT_BRAND))
    app.onError((error, c) => answerFault(c, error))
    const router = createRouter(app, { guard: callerGuard(service.deps), log: () => undefined })
    let hasRun = false
    router.secured(engineApi.getJobResult, ({ c }) => {
      hasRun = true
      return c.json({ success: true })
    })
    const headers: HeadersInit = authorization === undefined ? {} : { Authorization: authorization }
    const context = { waitUntil: () => undefined } as unknown as ExecutionContext
    const response = await app.fetch(new Request(`${ORIGIN}/api/v1/jobs/1/result`, { headers }), undefined, context)
    expect(hasRun).toBe(response.status === 200)
    return response
  }

  it('every 401 has one detail', async () => {
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    const credentials = [undefined, 'Basic x', 'lvz_live_0', randomKey(), 'Bearer a.b.c']
    for (const credential of credentials) {
      const response = await ask(service, credential)
      expect(response.status).toBe(401)
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
      expect(await response.json()).toEqual({
        success: false,
        message: 'Unauthorized',
        error: { detail: 'Missing or invalid authentication credentials.', code: 'UNAUTHORIZED' },
      })
    }
  })

  it('a 403 names the scope', async () => {
    const { rawKey } = await makeKey({ scopes: 'engine:write' })
    const response = await ask(startService(), rawKey)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({
      success: false,
      message: 'Forbidden',
      error: { detail: 'API key lacks the scope engine:read', code: 'FORBIDDEN' },
    })
  })

  it('a key with the scope comes through', async () => {
    const { rawKey } = await makeKey({ scopes: 'engine:read' })
    expect((await ask(startService(), rawKey)).status).toBe(200)
  })
})

describe('the origin of a request', () => {
  const LISTED = 'https://app.example.com'

  it('is echoed on every answer there is, with Vary', async () => {
    const service = startService({ CORS_ORIGINS: LISTED })
    const { rawKey } = await makeKey({ scopes: 'keys:read' })
    const answers: [string, RequestInit, number][] = [
      ['/api/me', {}, 401],
      ['/api/me', { headers: { Authorization: rawKey } }, 200],
      ['/api/keys', { method: 'POST', headers: { Authorization: rawKey } }, 403],
      ['/api/me', { method: 'DELETE' }, 405],
    ]
    for (const [path, init, status] of answers) {
      const headers = new Headers(init.headers)
      headers.set('Origin', LISTED)
      const response = await service.request(path, { ...init, headers })
      expect(response.status).toBe(status)
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(LISTED)
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
      expect(response.headers.get('Vary')).toContain('Origin')
    }
  })

  it('gets its preflight without a credential, and nothing it did not have before', async () => {
    const service = startService({ CORS_ORIGINS: LISTED })
    const response = await service.request('/api/keys', {
      method: 'OPTIONS',
      headers: {
        Origin: LISTED,
        'Access-Control-Request-Method': 'PURGE',
        'Access-Control-Request-Headers': 'Authorization, X-Evil',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Methods')).not.toContain('PURGE')
    expect(response.headers.get('Access-Control-Allow-Headers')).not.toContain('X-Evil')
    expect(service.counts).toEqual(NO_IO)
  })
})
