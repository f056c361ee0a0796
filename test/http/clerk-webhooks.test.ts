// What Clerk says about users: believed with its signature, done once, and in any order.
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { call, makeKey, makeUser, newClerkUserId, readColumn } from '../support/callers.ts'
import { startClerk } from '../support/clerk.ts'
import { startService, type Service } from '../support/service.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

interface Delivery {
  readonly id?: string
  readonly at?: Date
  readonly secret?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Signed now by the real clock, which is the one the library asks. */
async function deliver(service: Service, event: object | string, delivery: Delivery = {}): Promise<Response> {
  const { id = `msg_${crypto.randomUUID()}`, at = new Date(), secret = SECRET, headers } = delivery
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  return await service.request('/api/webhooks/clerk', {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      'svix-id': id,
      'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
      'svix-signature': new Webhook(secret).sign(id, at, body),
      ...headers,
    },
  })
}

const userEvent = (type: string, id: string, more: object = {}) => ({ type, object: 'event', data: { id, ...more } })
const idOf = async (sub: string) => await readColumn('SELECT id FROM users WHERE clerk_user_id = ?', sub)
const start = (variables: Readonly<Record<string, string>> = {}): Service =>
  startService({ CLERK_WEBHOOK_SECRET: SECRET, ...variables })

describe('POST /api/webhooks/clerk', () => {
  it('is not there without a secret', async () => {
    expect((await deliver(startService(), userEvent('user.created', 'user_1'))).status).toBe(404)
    expect((await startService().request('/api/webhooks/clerk')).status).toBe(404)
  })

  it.each([
    ['another secret', { secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }],
    ['no signature', { headers: { 'svix-signature': '' } }],
    ['no id', { headers: { 'svix-id': '' } }],
    ['the id of another delivery', { headers: { 'svix-id': 'msg_other' } }],
    ['a signature of another version', { headers: { 'svix-signature': 'v0,AAAA' } }],
    ['a signature that is none', { headers: { 'svix-signature': 'v1,' } }],
    ['a timestamp that is none', { headers: { 'svix-timestamp': 'now' } }],
    ['another timestamp', { headers: { 'svix-timestamp': String(Math.floor(Date.now() / 1000) - 2) } }],
    ['a time over five minutes ago', { at: new Date(Date.now() - 302_000) }],
    // Time goes on until it arrives.
    ['a time over five minutes ahead', { at: new Date(Date.now() + 600_000) }],
  ] as [string, Delivery][])('with %s is 400, and nothing happens', async (_, delivery) => {
    const service = start()
    const sub = newClerkUserId()
    const response = await deliver(service, userEvent('user.created', sub), delivery)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ detail: 'Invalid webhook signature' })
    expect(await idOf(sub)).toBeUndefined()
    expect(service.counts).toMatchObject({ d1Reads: 0, d1Writes: 0 })
  })

  it('with a body that was changed on the way is 400', async () => {
    const service = start()
    const id = 'msg_changed'
    const at = new Date()
    const signature = new Webhook(SECRET).sign(id, at, JSON.stringify(userEvent('user.deleted', 'user_1')))
    const headers = { 'svix-signature': signature }
    expect((await deliver(service, userEvent('user.deleted', 'user_2'), { id, at, headers })).status).toBe(400)
  })

  it('takes any of several signatures, while a secret is being replaced', async () => {
    const service = start()
    const id = 'msg_two-signatures'
    const at = new Date()
    const event = JSON.stringify(userEvent('user.created', newClerkUserId()))
    const headers = { 'svix-signature': `v1,AAAA ${new Webhook(SECRET).sign(id, at, event)}` }
    expect((await deliver(service, event, { id, at, headers })).status).toBe(200)
  })

  it("takes the standard's own header names too", async () => {
    const id = 'msg_standard-names'
    const at = new Date()
    const event = JSON.stringify(userEvent('user.created', newClerkUserId()))
    const deliverAs = async (signature: string): Promise<number> => {
      const headers = {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signature,
      }
      return (await start().request('/api/webhooks/clerk', { method: 'POST', body: event, headers })).status
    }
    expect(await deliverAs('v1,AAAA')).toBe(400)
    expect(await deliverAs(new Webhook(SECRET).sign(id, at, event))).toBe(200)
  })

  it('answers events it does not know and does nothing', async () => {
    const service = start()
    expect((await deliver(service, { type: 'session.created', data: { id: 'sess_1' } })).status).toBe(200)
    expect(service.counts).toMatchObject({ d1Reads: 0, d1Writes: 0 })
  })

  it.each([
    ['no json', 400],
    ['[]', 422],
    [{ type: 'user.created', data: {} }, 422],
    [{ type: 'user.created', data: { id: 'org_1' } }, 422],
    [{ type: 'user.created', data: { id: 'user_1', object: 'organization' } }, 422],
    [{ type: 'user.created', data: { id: 'user_1', external_id: 7 } }, 422],
    [{ type: 'user.updated', data: { id: 'user_1', external_id: {} } }, 422],
  ])('genuine but meaningless, %j, is %i', async (event, status) => {
    expect((await deliver(start(), event)).status).toBe(status)
  })

  it('is 413 when it is too large', async () => {
    expect((await deliver(start(), userEvent('user.created', 'user_1', { x: 'x'.repeat(262_144) }))).status).toBe(413)
  })
})

describe('user.created and user.updated', () => {
  it.each(['user.created', 'user.updated'])('%s makes the user, with his external id', async (type) => {
    const sub = newClerkUserId()
    const externalId = crypto.randomUUID()
    const response = await deliver(start(), userEvent(type, sub, { external_id: externalId }))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ok: true })
    expect(await idOf(sub)).toBe(externalId)
  })

  it('makes a user without an external id, and tells Clerk which id he got', async () => {
    const clerk = await startClerk()
    const service = start({ CLERK_API_URL: clerk.issuer, CLERK_SECRET_KEY: 'sk_test_webhooks' })
    const sub = newClerkUserId()
    await clerk.putUser(sub, null)
    await deliver(service, userEvent('user.created', sub, { external_id: null }))
    await service.settle()
    const [patch] = (await clerk.calls()).filter(({ method }) => method === 'PATCH')
    expect(patch?.body).toBe(JSON.stringify({ external_id: await idOf(sub) }))
  })

  it.each([null, undefined])('F12: with an external id of %j does not write over one set meanwhile', async (said) => {
    const clerk = await startClerk()
    const service = start({ CLERK_API_URL: clerk.issuer, CLERK_SECRET_KEY: 'sk_test_webhooks' })
    const known = await makeUser()
    await clerk.putUser(known.clerkUserId, 'customer-7')
    const [unknown, externalId] = [newClerkUserId(), crypto.randomUUID()]
    await clerk.putUser(unknown, externalId)
    for (const sub of [known.clerkUserId, unknown]) {
      expect((await deliver(service, userEvent('user.updated', sub, { external_id: said }))).status).toBe(200)
      await service.settle()
    }
    expect((await clerk.calls()).filter(({ method }) => method === 'PATCH')).toEqual([])
    expect(await idOf(unknown)).toBe(externalId)
    expect(await idOf(known.clerkUserId)).toBe(known.userId)
  })

  it('F12: of a known user whose external id is empty fills it', async () => {
    const clerk = await startClerk()
    const service = start({ CLERK_API_URL: clerk.issuer, CLERK_SECRET_KEY: 'sk_test_webhooks' })
    const { userId, clerkUserId } = await makeUser()
    await clerk.putUser(clerkUserId, null)
    await deliver(service, userEvent('user.updated', clerkUserId, { external_id: null }))
    await service.settle()
    const [patch] = (await clerk.calls()).filter(({ method }) => method === 'PATCH')
    expect(patch?.body).toBe(JSON.stringify({ external_id: userId }))
  })

  it('F12: of a new user is not taken while Clerk answers nonsense, so that it is sent again', async () => {
    const clerk = await startClerk()
    const service = start({ CLERK_API_URL: clerk.issuer, CLERK_SECRET_KEY: 'sk_test_webhooks' })
    const sub = newClerkUserId()
    await clerk.answer(`/v1/users/${sub}`, { body: '{}' })
    const event = userEvent('user.created', sub, { external_id: null })
    expect((await deliver(service, event, { id: `msg_${sub}` })).status).toBe(503)
    expect(await idOf(sub)).toBeUndefined()
    await clerk.answer(`/v1/users/${sub}`, { body: JSON.stringify({ object: 'user', id: sub, external_id: null }) })
    expect((await deliver(service, event, { id: `msg_${sub}` })).status).toBe(200)
    expect(await idOf(sub)).toBeDefined()
  })

  it('F12: of a user whom Clerk no longer has makes no user', async () => {
    const clerk = await startClerk()
    const service = start({ CLERK_API_URL: clerk.issuer, CLERK_SECRET_KEY: 'sk_test_webhooks' })
    const sub = newClerkUserId()
    expect((await deliver(service, userEvent('user.created', sub, { external_id: null }))).status).toBe(200)
    expect(await idOf(sub)).toBeUndefined()
  })

  it('never changes the id of a user who has one', async () => {
    const service = start()
    const { userId, clerkUserId } = await makeUser()
    await deliver(service, userEvent('user.updated', clerkUserId, { external_id: crypto.randomUUID() }))
    expect(await idOf(clerkUserId)).toBe(userId)
  })

  it('is done once, however often it is delivered', async () => {
    const clerk = await startClerk()
    const service = start({ CLERK_API_URL: clerk.issuer, CLERK_SECRET_KEY: 'sk_test_webhooks' })
    const sub = newClerkUserId()
    await clerk.putUser(sub, null)
    const event = userEvent('user.created', sub, { external_id: null })
    for (let count = 0; count < 3; count++) {
      expect((await deliver(service, event, { id: `msg_${sub}` })).status).toBe(200)
      await service.settle()
    }
    expect((await clerk.calls()).filter(({ method }) => method === 'PATCH')).toHaveLength(1)
    service.reset()
    await deliver(service, event, { id: `msg_${sub}` })
    expect(service.counts).toMatchObject({ d1Reads: 1, d1Writes: 0 })
  })
})

describe('user.deleted', () => {
  it('ends keys and sessions here at once, whatever is cached', async () => {
    const clerk = await startClerk()
    const service = start({ CLERK_ISSUER: clerk.issuer })
    const key = await makeKey()
    const second = await makeKey({ user: key })
    const token = `Bearer ${await clerk.token(service.clock.nowMs, { sub: key.clerkUserId })}`
    for (const credential of [key.rawKey, token]) {
      expect((await call(service, credential, 'GET', '/api/me')).status).toBe(200)
    }
    expect((await deliver(service, userEvent('user.deleted', key.clerkUserId, { deleted: true }))).status).toBe(200)
    const details = []
    for (const credential of [key.rawKey, second.rawKey, token]) {
      const response = await call(service, credential, 'GET', '/api/me')
      expect(response.status).toBe(401)
      details.push((await response.json<{ detail: string }>()).detail)
    }
    expect(details).toEqual(['Invalid or inactive API key', 'Invalid or inactive API key', 'Invalid token'])
    const events = 'SELECT count(*) FROM key_events WHERE action = ? AND actor_type = ? AND key_id IN (?, ?)'
    expect(await readColumn(events, 'deleted', 'webhook', key.keyId, second.keyId)).toBe(2)
  })

  it('ends them elsewhere within KEY_CACHE_SECONDS, a replayed token included', async () => {
    const clerk = await startClerk()
    const elsewhere = startService({ CLERK_ISSUER: clerk.issuer })
    const key = await makeKey()
    const exp = Math.floor(elsewhere.clock.nowMs / 1000) + 3600
    const token = `Bearer ${await clerk.token(elsewhere.clock.nowMs, { sub: key.clerkUserId, exp })}`
    const statuses = async () => [
      (await call(elsewhere, key.rawKey, 'GET', '/api/me')).status,
      (await call(elsewhere, token, 'GET', '/api/me')).status,
    ]
    expect(await statuses()).toEqual([200, 200])
    await deliver(start(), userEvent('user.deleted', key.clerkUserId))
    elsewhere.clock.nowMs += 30_000
    expect(await statuses()).toEqual([401, 401])
  })

  it('is final: neither a late update nor a session restores the user', async () => {
    const clerk = await startClerk()
    const service = start({ CLERK_ISSUER: clerk.issuer })
    const { userId, clerkUserId } = await makeUser()
    await deliver(service, userEvent('user.deleted', clerkUserId))
    await deliver(service, userEvent('user.updated', clerkUserId, { external_id: crypto.randomUUID() }))
    await deliver(service, userEvent('user.created', clerkUserId))
    expect(await idOf(clerkUserId)).toBe(userId)
    expect(await readColumn('SELECT deleted_at FROM users WHERE id = ?', userId)).toBe(service.clock.nowMs)
    const token = await clerk.token(service.clock.nowMs, { sub: clerkUserId })
    expect((await call(service, `Bearer ${token}`, 'GET', '/api/me')).status).toBe(401)
  })

  it('is final for an unknown user', async () => {
    const clerk = await startClerk()
    const service = start({ CLERK_ISSUER: clerk.issuer })
    const sub = newClerkUserId()
    await deliver(service, userEvent('user.deleted', sub))
    await deliver(service, userEvent('user.created', sub, { external_id: crypto.randomUUID() }))
    const token = await clerk.token(service.clock.nowMs, { sub })
    expect((await call(service, `Bearer ${token}`, 'GET', '/api/me')).status).toBe(401)
  })

  it('a second time changes nothing, under the same and under another id', async () => {
    const service = start()
    const key = await makeKey()
    const event = userEvent('user.deleted', key.clerkUserId)
    await deliver(service, event, { id: `msg_${key.keyId}` })
    const deletedAt = service.clock.nowMs
    service.clock.nowMs += 1000
    await deliver(service, event, { id: `msg_${key.keyId}` })
    await deliver(service, event)
    expect(await readColumn('SELECT deleted_at FROM users WHERE id = ?', key.userId)).toBe(deletedAt)
    expect(await readColumn('SELECT count(*) FROM key_events WHERE key_id = ?', key.keyId)).toBe(1)
  })

  it('that could not be stored is not taken, so that it is sent again', async () => {
    const service = start()
    const key = await makeKey()
    const event = userEvent('user.deleted', key.clerkUserId)
    service.failing.add('DB_WRITES')
    expect((await deliver(service, event, { id: `msg_${key.keyId}` })).status).toBe(503)
    service.failing.delete('DB_WRITES')
    expect((await deliver(service, event, { id: `msg_${key.keyId}` })).status).toBe(200)
    expect((await call(service, key.rawKey, 'GET', '/api/me')).status).toBe(401)
  })
})

describe('deliveries that were dealt with', () => {
  it('are remembered for 30 days', async () => {
    const service = start()
    const sub = newClerkUserId()
    await deliver(service, userEvent('user.created', sub), { id: `msg_${sub}` })
    const isKept = async () =>
      (await readColumn('SELECT count(*) FROM webhook_deliveries WHERE id = ?', `msg_${sub}`)) === 1
    service.clock.nowMs += 30 * 86_400_000
    await deliver(service, userEvent('user.created', newClerkUserId()))
    expect(await isKept()).toBe(true)
    service.clock.nowMs += 1
    await deliver(service, userEvent('user.created', newClerkUserId()))
    expect(await isKept()).toBe(false)
  })
})
