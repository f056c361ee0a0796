// What a leaked key can do, and how it is ended: where it may be used from, what it may make, and everything it made.
import { describe, expect, it } from 'vitest'
import { call, makeKey, newClerkUserId, type TestKey } from '../support/callers.ts'
import { startClerk } from '../support/clerk.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO } from '../support/known-caller.ts'
import { startService, type Service } from '../support/service.ts'

interface KeyJson {
  readonly id: string
  readonly raw_key: string
  readonly is_active: boolean
  readonly allowed_ips: string[] | null
  readonly last_used_ip: string | null
  readonly created_by: { type: string; id: string } | null
}

async function make(service: Service, rawKey: string, body: object = {}): Promise<KeyJson> {
  const response = await call(service, rawKey, 'POST', '/api/keys', {
    name: 'a key',
    scopes: ['*', 'keys:write'],
    ...body,
  })
  expect(response.status).toBe(201)
  return await response.json()
}

async function from(service: Service, rawKey: string, address: string | undefined): Promise<[number, unknown]> {
  const headers = { Authorization: rawKey, ...(address !== undefined && { 'CF-Connecting-IP': address }) }
  const response = await service.request('/api/me', { headers })
  const { detail } = await response.json<{ detail?: unknown }>()
  return [response.status, detail]
}

async function list(service: Service, rawKey: string): Promise<readonly KeyJson[]> {
  return await (await call(service, rawKey, 'GET', '/api/keys')).json()
}

const works = async (service: Service, rawKey: string): Promise<boolean> =>
  (await from(service, rawKey, '1.2.3.4'))[0] === 200
const NOT_FROM_HERE = [403, 'API key is not allowed from this address']

/** root → a → b → c, and root → other. */
async function family(service: Service, root: TestKey) {
  const a = await make(service, root.rawKey)
  const b = await make(service, a.raw_key)
  const c = await make(service, b.raw_key)
  return { a, b, c, other: await make(service, root.rawKey) }
}

describe('where a key may be used from', () => {
  it('is the blocks it was made with, IPv4 and IPv6, and a warm key asks nothing for it', async () => {
    const { service, key } = await knownCaller()
    const made = await make(service, key.rawKey, { allowed_ips: ['192.0.2.0/24', '2001:db8::/32'] })
    expect(made.allowed_ips).toEqual(['192.0.2.0/24', '2001:db8::/32'])
    for (const inside of ['192.0.2.7', '2001:db8:1::9', '::ffff:192.0.2.200']) {
      expect(await from(service, made.raw_key, inside)).toEqual([200, undefined])
    }
    await service.settle()
    service.reset()
    for (const outside of ['192.0.3.1', '2001:db9::1', undefined, 'unknown']) {
      expect(await from(service, made.raw_key, outside)).toEqual(NOT_FROM_HERE)
    }
    expect(service.counts).toMatchObject(NO_IO)
  })

  it('is everywhere unless it is named', async () => {
    const { service, key } = await knownCaller()
    const made = await make(service, key.rawKey)
    expect(await from(service, made.raw_key, undefined)).toEqual([200, undefined])
  })

  it.each([
    [[], 'allowed_ips: must not be empty: null allows every address'],
    [['192.0.2.1'], 'must be CIDR blocks'],
    [['192.0.2.0/33'], 'must be CIDR blocks'],
    [['AS64500'], 'must be CIDR blocks'],
    [['10.0.0.0/8 192.0.2.0/24'], 'must be CIDR blocks'],
    [Array.from({ length: 51 }, () => '10.0.0.0/8'), 'must be at most 50 blocks'],
  ])('cannot be %j', async (blocks, problem) => {
    const { service, key } = await knownCaller()
    const response = await call(service, key.rawKey, 'POST', '/api/keys', { name: 'n', allowed_ips: blocks })
    expect(response.status).toBe(422)
    expect((await response.json<{ detail: string }>()).detail).toContain(problem)
  })

  it('passes on to what the key makes and to what it is rotated to, and gets narrower only', async () => {
    const { service, key } = await knownCaller()
    const parent = await make(service, key.rawKey, { allowed_ips: ['192.0.2.0/24'] })
    const ask = async (path: string, body: object): Promise<Response> =>
      await service.request(path, {
        method: 'POST',
        headers: { Authorization: parent.raw_key, 'Content-Type': 'application/json', 'CF-Connecting-IP': '192.0.2.9' },
        body: JSON.stringify(body),
      })
    const child = await (await ask('/api/keys', { name: 'n' })).json<KeyJson>()
    expect(child.allowed_ips).toEqual(['192.0.2.0/24'])
    const narrower = await (await ask('/api/keys', { name: 'n', allowed_ips: ['192.0.2.16/28'] })).json<KeyJson>()
    expect(narrower.allowed_ips).toEqual(['192.0.2.16/28'])
    for (const allowed_ips of [null, ['192.0.0.0/16'], ['192.0.2.16/28', '198.51.100.0/24']]) {
      const wider = await ask('/api/keys', { name: 'n', allowed_ips })
      expect(wider.status).toBe(403)
      expect(await wider.json()).toEqual({
        detail: 'API key is allowed from fewer addresses than the key it would make or change',
      })
    }
    // Nor may it touch a key that works from elsewhere.
    const elsewhere = await make(service, key.rawKey)
    expect((await ask(`/api/keys/${elsewhere.id}/rotate`, {})).status).toBe(403)
    const successor = await (await ask(`/api/keys/${parent.id}/rotate`, { grace_seconds: 3600 })).json<KeyJson>()
    expect(successor.allowed_ips).toEqual(['192.0.2.0/24'])
  })

  it('is narrowed by a key, widened by a session only, and holds at once where it was said', async () => {
    const clerk = await startClerk()
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    const token = `Bearer ${await clerk.token(service.clock.nowMs, { sub: newClerkUserId() })}`
    const root = await make(service, token)
    const made = await make(service, token, { allowed_ips: ['192.0.2.0/24'] })
    const change = async (credential: string, allowed_ips: string[] | null): Promise<number> =>
      (await call(service, credential, 'PATCH', `/api/keys/${made.id}`, { allowed_ips })).status
    expect((await from(service, made.raw_key, '192.0.2.9'))[0]).toBe(200)
    expect(await change(root.raw_key, ['192.0.2.128/25'])).toBe(200)
    expect(await from(service, made.raw_key, '192.0.2.9')).toEqual(NOT_FROM_HERE)
    expect(await change(root.raw_key, ['192.0.2.0/24'])).toBe(403)
    expect(await change(root.raw_key, null)).toBe(403)
    expect(await change(token, null)).toBe(200)
    expect(await from(service, made.raw_key, '198.51.100.1')).toEqual([200, undefined])
    const events = await (await call(service, token, 'GET', `/api/keys/${made.id}/events`)).json<{ action: string }[]>()
    expect(events.map(({ action }) => action)).toEqual(['addresses_changed', 'addresses_changed', 'created'])
  })

  it('shows where it was used last, without the last part of the address', async () => {
    const { service, key } = await knownCaller()
    const made = await make(service, key.rawKey)
    await from(service, made.raw_key, '203.0.113.77')
    await service.settle()
    const shown = (await list(service, key.rawKey)).find(({ id }) => id === made.id)
    expect(shown?.last_used_ip).toBe('203.0.113.0/24')
    const row = await env.DB.prepare('SELECT * FROM api_keys WHERE id = ?').bind(made.id).first()
    expect(JSON.stringify(row)).not.toContain('203.0.113.77')
  })
})

describe('a key that leaked', () => {
  it.each([0, 3599])(
    'cannot rotate itself with a grace of %i s, so that its owner is not locked out',
    async (grace) => {
      const { service, key } = await knownCaller()
      const response = await call(service, key.rawKey, 'POST', `/api/keys/${key.keyId}/rotate`, {
        grace_seconds: grace,
      })
      expect(response.status).toBe(422)
      expect(await response.json()).toEqual({
        detail: 'grace_seconds: must be at least 3600 where a key rotates itself',
      })
      expect(await works(service, key.rawKey)).toBe(true)
    },
  )

  it('can be rotated at once by another key', async () => {
    const { service, key } = await knownCaller()
    const made = await make(service, key.rawKey)
    expect((await call(service, key.rawKey, 'POST', `/api/keys/${made.id}/rotate`, { grace_seconds: 0 })).status).toBe(
      200,
    )
    expect(await works(service, made.raw_key)).toBe(false)
  })

  it('is named by every key that it made', async () => {
    const { service, key } = await knownCaller()
    const { a, b } = await family(service, key)
    expect(a.created_by).toEqual({ type: 'api_key', id: key.keyId })
    expect(b.created_by).toEqual({ type: 'api_key', id: a.id })
  })
})

describe('cascade', () => {
  it.each([
    ['DELETE', undefined],
    ['PATCH', { is_active: false }],
  ])('%s ends the key, what it made and what those made, and nothing else', async (method, body) => {
    const { service, key } = await knownCaller()
    const { a, b, c, other } = await family(service, key)
    for (const one of [a, b, c, other]) expect(await works(service, one.raw_key)).toBe(true)
    const response = await call(service, key.rawKey, method, `/api/keys/${a.id}?cascade=true`, body)
    expect(response.status).toBe(200)
    for (const one of [a, b, c]) expect(await works(service, one.raw_key)).toBe(false)
    for (const rawKey of [other.raw_key, key.rawKey]) expect(await works(service, rawKey)).toBe(true)
    const isolate = startService()
    expect(await works(isolate, c.raw_key)).toBe(false)
    const action = method === 'DELETE' ? 'deleted' : 'deactivated'
    const { results } = await env.DB.prepare('SELECT key_id FROM key_events WHERE action = ? AND key_id IN (?, ?, ?)')
      .bind(action, a.id, b.id, c.id)
      .all()
    expect(results).toHaveLength(3)
  })

  it('reaches what a key made that was deleted since', async () => {
    const { service, key } = await knownCaller()
    const { a, b, c } = await family(service, key)
    expect((await call(service, key.rawKey, 'DELETE', `/api/keys/${b.id}`)).status).toBe(200)
    expect(await works(service, c.raw_key)).toBe(true)
    expect((await call(service, key.rawKey, 'DELETE', `/api/keys/${a.id}?cascade=true`)).status).toBe(200)
    expect(await works(service, c.raw_key)).toBe(false)
  })

  it('reaches what a key was rotated to by itself', async () => {
    const { service, key } = await knownCaller()
    const made = await make(service, key.rawKey)
    const rotated = await call(service, made.raw_key, 'POST', `/api/keys/${made.id}/rotate`, { grace_seconds: 3600 })
    const successor = await rotated.json<KeyJson>()
    expect((await call(service, key.rawKey, 'DELETE', `/api/keys/${made.id}?cascade=true`)).status).toBe(200)
    expect(await works(service, successor.raw_key)).toBe(false)
  })

  it('without it only the key itself ends', async () => {
    const { service, key } = await knownCaller()
    const { a, b } = await family(service, key)
    expect((await call(service, key.rawKey, 'DELETE', `/api/keys/${a.id}`)).status).toBe(200)
    expect(await works(service, b.raw_key)).toBe(true)
  })

  it('never reaches a key of another user, whatever a row says', async () => {
    const { service, key } = await knownCaller()
    const stranger = await makeKey()
    await env.DB.prepare("UPDATE api_keys SET created_by_type = 'api_key', created_by_id = ? WHERE id = ?")
      .bind(key.keyId, stranger.keyId)
      .run()
    const made = await make(service, key.rawKey)
    expect((await call(service, made.raw_key, 'DELETE', `/api/keys/${key.keyId}?cascade=true`)).status).toBe(200)
    expect(await works(service, stranger.rawKey)).toBe(true)
    expect(await works(service, made.raw_key)).toBe(false)
  })

  it('goes with switching off only', async () => {
    const { service, key } = await knownCaller()
    const made = await make(service, key.rawKey)
    for (const body of [{ name: 'x' }, { is_active: true }]) {
      const response = await call(service, key.rawKey, 'PATCH', `/api/keys/${made.id}?cascade=true`, body)
      expect(response.status).toBe(422)
      expect(await response.json()).toEqual({ detail: 'cascade: goes with is_active false only' })
    }
  })
})
