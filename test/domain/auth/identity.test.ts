// Clerk's id → ours: the chain of sources, races, contradictions, and sources that are away.
import { describe, expect, it } from 'vitest'
import { call, makeUser, newClerkUserId, readColumn } from '../../support/callers.ts'
import { startClerk, type Clerk } from '../../support/clerk.ts'
import { env } from '../../support/env.ts'
import { startService, type Service } from '../../support/service.ts'

const SECRET = { CLERK_SECRET_KEY: 'sk_test_identity' }

async function startBoth(
  variables: Readonly<Record<string, string>> = {},
): Promise<{ clerk: Clerk; service: Service }> {
  const clerk = await startClerk()
  return {
    clerk,
    service: startService({ CLERK_ISSUER: clerk.issuer, CLERK_API_URL: clerk.issuer, ...variables }),
  }
}

async function ask(service: Service, clerk: Clerk, sub: string, claims: object = {}): Promise<Response> {
  return await call(service, `Bearer ${await clerk.token(service.clock.nowMs, { sub, ...claims })}`, 'GET', '/api/me')
}

async function askId(service: Service, clerk: Clerk, sub: string, claims: object = {}): Promise<string> {
  const response = await ask(service, clerk, sub, claims)
  expect(response.status).toBe(200)
  return (await response.json<{ user_id: string }>()).user_id
}

async function apiCalls(clerk: Clerk): Promise<string[]> {
  const calls = await clerk.calls()
  return calls.filter(({ path }) => path.startsWith('/v1/')).map(({ method, path }) => `${method} ${path}`)
}

const rowsOf = async (sub: string) => await readColumn('SELECT count(*) FROM users WHERE clerk_user_id = ?', sub)

describe('a new user', () => {
  it('gets a UUID that stays his, on every isolate', async () => {
    const { clerk, service } = await startBoth()
    const sub = newClerkUserId()
    const id = await askId(service, clerk, sub)
    expect(await askId(service, clerk, sub)).toBe(id)
    const other = startService({ CLERK_ISSUER: clerk.issuer })
    expect(await askId(other, clerk, sub)).toBe(id)
    expect(await rowsOf(sub)).toBe(1)
  })

  it('of a hundred first requests at once is one UUID and one row', async () => {
    const { clerk } = await startBoth()
    const isolates = [1, 2, 3, 4].map(() => startService({ CLERK_ISSUER: clerk.issuer }))
    const sub = newClerkUserId()
    const ids = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const isolate = isolates[index % isolates.length]
        return isolate === undefined ? '' : await askId(isolate, clerk, sub, { jti: String(index) })
      }),
    )
    expect(new Set(ids).size).toBe(1)
    expect(await rowsOf(sub)).toBe(1)
  })

  it('has the id of the claim uid, when it is a UUID', async () => {
    const { clerk, service } = await startBoth(SECRET)
    const uid = crypto.randomUUID()
    expect(await askId(service, clerk, newClerkUserId(), { uid: uid.toUpperCase() })).toBe(uid)
    await service.settle()
    expect(await apiCalls(clerk)).toEqual([])
  })

  it.each(['user_1', '', 'null', 7, null, 'not-a-uuid', '../../etc'])(
    'with the claim uid %j gets a new one',
    async (uid) => {
      const { clerk, service } = await startBoth()
      expect(await askId(service, clerk, newClerkUserId(), { uid })).not.toBe(uid)
    },
  )

  it('with the claim uid of another user does not become him', async () => {
    const { clerk, service } = await startBoth()
    const victim = await makeUser()
    const sub = newClerkUserId()
    const id = await askId(service, clerk, sub, { uid: victim.userId })
    expect(id).not.toBe(victim.userId)
    expect(await readColumn('SELECT clerk_user_id FROM users WHERE id = ?', victim.userId)).toBe(victim.clerkUserId)
    expect(service.logs).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a proposed user id belongs to another user' }),
    )
  })

  it('who had keys before he came through Clerk keeps his id', async () => {
    const { clerk, service } = await startBoth()
    const { userId } = await makeUser()
    await env.DB.prepare('UPDATE users SET clerk_user_id = NULL WHERE id = ?').bind(userId).run()
    const sub = newClerkUserId()
    expect(await askId(service, clerk, sub, { uid: userId })).toBe(userId)
    expect(await readColumn('SELECT clerk_user_id FROM users WHERE id = ?', userId)).toBe(sub)
  })

  it('has the id that KV remembers when D1 has lost him', async () => {
    const { clerk, service } = await startBoth()
    const sub = newClerkUserId()
    const id = await askId(service, clerk, sub)
    await service.settle()
    await env.DB.prepare('DELETE FROM users WHERE id = ?').bind(id).run()
    expect(await askId(startService({ CLERK_ISSUER: clerk.issuer }), clerk, sub)).toBe(id)
  })
})

describe('a known user', () => {
  it('keeps his row when the claim contradicts it, and the log says so', async () => {
    const { clerk, service } = await startBoth()
    const { userId, clerkUserId } = await makeUser()
    expect(await askId(service, clerk, clerkUserId, { uid: crypto.randomUUID() })).toBe(userId)
    expect(service.logs).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'the claim uid contradicts the stored user' }),
    )
  })

  it('is not asked about at Clerk', async () => {
    const { clerk, service } = await startBoth(SECRET)
    const { userId, clerkUserId } = await makeUser()
    expect(await askId(service, clerk, clerkUserId)).toBe(userId)
    await service.settle()
    expect(await apiCalls(clerk)).toEqual([])
  })

  it('who was deleted elsewhere is refused within KEY_CACHE_SECONDS', async () => {
    const { clerk, service } = await startBoth()
    const { userId, clerkUserId } = await makeUser()
    const long = { exp: Math.floor(service.clock.nowMs / 1000) + 3600 }
    const token = await clerk.token(service.clock.nowMs, { sub: clerkUserId, ...long })
    const status = async () => (await call(service, `Bearer ${token}`, 'GET', '/api/me')).status
    expect(await status()).toBe(200)
    service.clock.nowMs += 20_000
    expect(await askId(service, clerk, clerkUserId)).toBe(userId)
    await env.DB.prepare('UPDATE users SET deleted_at = 1 WHERE id = ?').bind(userId).run()
    service.clock.nowMs += 9999
    expect(await status()).toBe(200)
    service.clock.nowMs += 1
    expect(await status()).toBe(401)
    const response = await ask(service, clerk, clerkUserId)
    expect(await response.json()).toEqual({ detail: 'Invalid token' })
  })
})

describe('with CLERK_SECRET_KEY', () => {
  it('a new user has the external id of Clerk, asked for with the key and a pinned version', async () => {
    const { clerk, service } = await startBoth(SECRET)
    const sub = newClerkUserId()
    const externalId = crypto.randomUUID()
    await clerk.putUser(sub, externalId)
    expect(await askId(service, clerk, sub)).toBe(externalId)
    await service.settle()
    expect(await apiCalls(clerk)).toEqual([`GET /v1/users/${sub}`])
    const request = (await clerk.calls()).find(({ path }) => path.startsWith('/v1/'))
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer sk_test_identity',
      'clerk-api-version': expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    })
  })

  it('a new id is written back into an empty external id', async () => {
    const { clerk, service } = await startBoth(SECRET)
    const sub = newClerkUserId()
    await clerk.putUser(sub, null)
    const id = await askId(service, clerk, sub)
    await service.settle()
    expect(await apiCalls(clerk)).toEqual([`GET /v1/users/${sub}`, `PATCH /v1/users/${sub}`])
    expect((await clerk.calls()).at(-1)?.body).toBe(JSON.stringify({ external_id: id }))
  })

  it.each(['customer-7', '', 'null', 'user_1', '{"uid":1}', 'x'.repeat(1000)])(
    'F12: the external id %j, which is no UUID, is left alone in Clerk and is not our id',
    async (externalId) => {
      const { clerk, service } = await startBoth(SECRET)
      const sub = newClerkUserId()
      await clerk.putUser(sub, externalId)
      const id = await askId(service, clerk, sub)
      await service.settle()
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      expect(await apiCalls(clerk)).toEqual([`GET /v1/users/${sub}`])
      expect(await askId(startService({ CLERK_ISSUER: clerk.issuer }), clerk, sub)).toBe(id)
    },
  )

  it.each([
    ['an empty object', {}],
    ['a list', []],
    ['a list of the user', [{ object: 'user', id: '{sub}', external_id: null }]],
    ['null', null],
    ['a word', 'user'],
    ['another object', { object: 'organization', id: '{sub}', external_id: null }],
    ['an object without a kind', { id: '{sub}', external_id: null }],
    ['another user', { object: 'user', id: 'user_other', external_id: null }],
    ['another user with a UUID', { object: 'user', id: 'user_other', external_id: crypto.randomUUID() }],
    ['a user without an id', { object: 'user', external_id: null }],
    ['a user without an external id', { object: 'user', id: '{sub}' }],
    ['a number for an external id', { object: 'user', id: '{sub}', external_id: 7 }],
    ['false for an external id', { object: 'user', id: '{sub}', external_id: false }],
    ['an object for an external id', { object: 'user', id: '{sub}', external_id: {} }],
    ['the user in an envelope', { data: { object: 'user', id: '{sub}', external_id: null } }],
  ])('F12: a 200 that is %s says nothing of a new user: 503, no id and nothing written', async (_, body) => {
    const { clerk, service } = await startBoth(SECRET)
    const sub = newClerkUserId()
    await clerk.answer(`/v1/users/${sub}`, { body: JSON.stringify(body).replaceAll('{sub}', sub) })
    service.reset()
    const response = await ask(service, clerk, sub)
    await service.settle()
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ detail: 'Authentication is temporarily unavailable' })
    expect(await rowsOf(sub)).toBe(0)
    expect(service.counts).toMatchObject({ d1Writes: 0 })
    expect(await apiCalls(clerk)).toEqual([`GET /v1/users/${sub}`])
    expect(await env.CACHE.get(`identity:${clerk.issuer}:${sub}`)).toBeNull()
    expect(service.logs).toContainEqual(expect.objectContaining({ status: 503, cause: 'Fault < ClerkUserMalformed' }))
  })

  it('a user whom Clerk no longer has is an invalid token, and leaves no row', async () => {
    const { clerk, service } = await startBoth(SECRET)
    const sub = newClerkUserId()
    const response = await ask(service, clerk, sub)
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ detail: 'Invalid token' })
    expect(await rowsOf(sub)).toBe(0)
  })

  it.each([
    ['down', { status: 500, body: '{}' }],
    ['over its limit', { status: 429, headers: { 'Retry-After': '1' } }],
    ['refusing the key', { status: 401, body: '{}' }],
    ['a page', { body: '<!doctype html>' }],
    ['a redirect', { status: 302, headers: { Location: 'https://elsewhere.example/' } }],
  ])('while Clerk is %s, a new user is 503 and gets no id he could not keep', async (_, answer) => {
    const { clerk, service } = await startBoth(SECRET)
    const sub = newClerkUserId()
    await clerk.answer(`/v1/users/${sub}`, answer)
    const response = await ask(service, clerk, sub)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ detail: 'Authentication is temporarily unavailable' })
    expect(await rowsOf(sub)).toBe(0)
    const { clerkUserId, userId } = await makeUser()
    expect(await askId(service, clerk, clerkUserId)).toBe(userId)
  })

  it('after a 429 asks nothing of Clerk until the time is over that it named', async () => {
    const { clerk, service } = await startBoth(SECRET)
    const [first, second] = [newClerkUserId(), newClerkUserId()]
    await clerk.putUser(second, null)
    await clerk.answer(`/v1/users/${first}`, { status: 429, headers: { 'Retry-After': '40' } })
    expect((await ask(service, clerk, first)).headers.get('Retry-After')).toBe('40')
    service.clock.nowMs += 30_000
    const early = await ask(service, clerk, second)
    expect([early.status, early.headers.get('Retry-After')]).toEqual([503, '10'])
    expect(await apiCalls(clerk)).toEqual([`GET /v1/users/${first}`])
    service.clock.nowMs += 10_000
    expect((await ask(service, clerk, second)).status).toBe(200)
  })

  it('a write-back that fails fails no request', async () => {
    const { clerk, service } = await startBoth(SECRET)
    const sub = newClerkUserId()
    await clerk.putUser(sub, null)
    const id = await askId(service, clerk, sub)
    await clerk.answer(`/v1/users/${sub}`, { status: 422, body: '{}' })
    await service.settle()
    expect(await askId(service, clerk, sub)).toBe(id)
  })
})
