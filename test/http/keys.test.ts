import { describe, expect, it } from 'vitest'
import { call, makeKey, makeUser, readColumn, type TestKey } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { startService, type Service } from '../support/service.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DAY_MS = 86_400_000

interface KeyJson {
  id: string
  name: string
  key_prefix: string
  raw_key: string
  is_active: boolean
  scopes: string[]
  expires_at: string | null
  last_used_at: string | null
  created_at: string
}

async function readKey(response: Response): Promise<KeyJson> {
  return await response.json()
}

async function create(service: Service, holder: TestKey, body: object = { name: 'new' }): Promise<KeyJson> {
  const response = await call(service, holder.rawKey, 'POST', '/api/keys', body)
  expect(response.status).toBe(201)
  return await readKey(response)
}

async function actions(service: Service, holder: TestKey, keyId: string): Promise<string[]> {
  const response = await call(service, holder.rawKey, 'GET', `/api/keys/${keyId}/events`)
  return (await response.json<{ action: string }[]>()).map(({ action }) => action)
}

async function works(service: Service, rawKey: string): Promise<number> {
  return (await call(service, rawKey, 'GET', '/api/me')).status
}

describe('POST /api/keys', () => {
  it('makes a key that works, and shows it whole this once', async () => {
    const service = startService()
    const holder = await makeKey()
    const response = await call(service, holder.rawKey, 'POST', '/api/keys', { name: 'CI' })
    expect(response.status).toBe(201)
    const key = await readKey(response)
    expect(key).toEqual({
      id: expect.stringMatching(UUID),
      name: 'CI',
      key_prefix: `${key.raw_key.slice(0, 17)}...`,
      raw_key: expect.stringMatching(/^lvz_live_[0-9a-f]{64}$/),
      is_active: true,
      scopes: ['*'],
      expires_at: null,
      last_used_at: null,
      last_used_ip: null,
      allowed_ips: null,
      limits: null,
      created_by: { type: 'api_key', id: holder.keyId },
      created_at: '2026-11-21T12:07:00.000Z',
    })
    const me = await call(service, key.raw_key, 'GET', '/api/me')
    expect(await me.json()).toEqual({
      user_id: holder.userId,
      clerk_user_id: holder.clerkUserId,
      auth_type: 'api_key',
      workspace: { id: holder.userId, kind: 'personal', name: null, role: 'admin' },
    })
    expect(await actions(service, holder, key.id)).toEqual(['created'])
  })

  it('stores the hash and nothing else of the secret', async () => {
    const service = startService()
    const key = await create(service, await makeKey())
    const row = await env.DB.prepare('SELECT * FROM api_keys WHERE id = ?').bind(key.id).first()
    expect(JSON.stringify(row)).not.toContain(key.raw_key.slice(17))
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key.raw_key)))
    expect(row?.['key_hash']).toBe([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
  })

  it('takes scopes and an expiry', async () => {
    const body = { name: 'n', scopes: ['videos:write', 'keys:read'], expires_at: '2026-11-21T12:07:01Z' }
    const key = await create(startService(), await makeKey(), body)
    expect(key).toMatchObject({
      scopes: ['keys:read', 'videos:write'],
      expires_at: '2026-11-21T12:07:01.000Z',
    })
  })

  it.each([
    [{}, 'name: is required'],
    [{ name: '' }, 'name: must not be empty'],
    [{ name: 'x'.repeat(101) }, 'name: must be at most 100 characters'],
    [{ name: 7 }, 'name: must be string'],
    [{ name: 'n', scopes: [] }, 'scopes: must not be empty'],
    [{ name: 'n', scopes: ['videos:delete'] }, expect.stringMatching(/^scopes\.0: /)],
    [{ name: 'n', scopes: '*' }, 'scopes: must be Array'],
    [{ name: 'n', expires_at: '2026-11-21T12:07:00Z' }, 'expires_at: must be in the future'],
    [{ name: 'n', expires_at: '2027-01-01' }, 'expires_at: must be a time such as 2027-01-31T00:00:00Z'],
    [{ name: 'n', expires_at: '2027-01-01T00:00:00+01:00' }, expect.stringMatching(/^expires_at: /)],
    [{ name: 'n', expires_at: 1 }, expect.stringMatching(/^expires_at: /)],
    [{ name: 'n', user_id: crypto.randomUUID() }, 'user_id: is not a known field'],
    [{ name: 'n', userId: crypto.randomUUID() }, 'userId: is not a known field'],
    [{ name: 'n', owner: 'user_other' }, 'owner: is not a known field'],
    [{ name: 'n', key_hash: 'a'.repeat(64) }, 'key_hash: is not a known field'],
  ])('refuses %j', async (body, detail) => {
    const response = await call(startService(), (await makeKey()).rawKey, 'POST', '/api/keys', body)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ detail })
  })

  it('passes on what the key itself has when nothing is named', async () => {
    const service = startService()
    const expiresAtMs = service.clock.nowMs + DAY_MS
    const holder = await makeKey({ scopes: 'keys:read keys:write', expiresAtMs })
    expect(await create(service, holder)).toMatchObject({
      scopes: ['keys:read', 'keys:write'],
      expires_at: new Date(expiresAtMs).toISOString(),
    })
  })

  it('leaves keys:write out of *, unless it is named: what leaks cannot make or change keys', async () => {
    const service = startService()
    const holder = await makeKey()
    const plain = await create(service, holder)
    for (const scopes of [['keys:write'], ['*', 'keys:write']]) {
      const response = await call(service, plain.raw_key, 'POST', '/api/keys', { name: 'n', scopes })
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({ detail: 'API key lacks the scope keys:write' })
    }
    const named = await create(service, holder, { name: 'n', scopes: ['keys:write', '*'] })
    expect(named.scopes).toEqual(['*', 'keys:write'])
    const child = await create(service, { ...holder, rawKey: named.raw_key })
    expect(child.scopes).toEqual(['*'])
    const rotated = await call(service, holder.rawKey, 'POST', `/api/keys/${named.id}/rotate`, {})
    expect((await readKey(rotated)).scopes).toEqual(['*', 'keys:write'])
  })

  it('keeps keys:write for keys of before, which a migration names', async () => {
    const service = startService()
    const before = await makeKey({ scopes: '*' })
    const few = await makeKey({ user: before, scopes: 'videos:read' })
    const migration = env.TEST_MIGRATIONS.find(({ name }) => name.endsWith('keys-write-named.sql'))
    for (const statement of migration?.queries ?? []) await env.DB.prepare(statement).run()
    expect(await readColumn('SELECT scopes FROM api_keys WHERE id = ?', few.keyId)).toBe('videos:read')
    await create(service, before)
  })

  it.each([
    [{ scopes: ['*'] }, 'API key lacks the scope *'],
    [{ scopes: ['videos:read'] }, 'API key lacks the scope videos:read'],
    [{ scopes: ['keys:read', 'videos:write'] }, 'API key lacks the scope videos:write'],
    [{ expires_at: null }, 'API key expires before the key it would make or change'],
    [{ expires_at: '2026-11-22T12:07:01Z' }, 'API key expires before the key it would make or change'],
  ])('makes nothing stronger than the key that asks: %j', async (body, detail) => {
    const service = startService()
    const expiresAtMs = service.clock.nowMs + DAY_MS
    const holder = await makeKey({ scopes: 'keys:read keys:write', expiresAtMs })
    const response = await call(service, holder.rawKey, 'POST', '/api/keys', { name: 'n', ...body })
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ detail })
    expect(await readColumn('SELECT count(*) FROM api_keys WHERE user_id = ?', holder.userId)).toBe(1)
  })

  it('makes exactly as many as the quota allows, however many ask at once', async () => {
    const service = startService()
    const holder = await makeKey()
    const responses = await Promise.all(
      Array.from({ length: 110 }, async () => await call(service, holder.rawKey, 'POST', '/api/keys', { name: 'n' })),
    )
    const statuses = responses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(99)
    expect(statuses.filter((status) => status === 409)).toHaveLength(11)
    expect(await readColumn('SELECT count(*) FROM api_keys WHERE user_id = ?', holder.userId)).toBe(100)
    expect(
      await readColumn(
        'SELECT count(*) FROM key_events JOIN api_keys k ON k.id = key_id WHERE user_id = ?',
        holder.userId,
      ),
    ).toBe(99)
    const full = responses.find(({ status }) => status === 409)
    expect(await full?.json()).toEqual({ detail: 'A user can have at most 100 live API keys' })
  })

  it('counts neither expired nor deleted keys', async () => {
    const service = startService()
    const holder = await makeKey()
    const user = holder
    const insert = env.DB.prepare(
      "INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, scopes, created_at, expires_at, deleted_at) VALUES (?, ?, 'n', ?, 'p', '*', 0, ?, ?)",
    )
    await env.DB.batch(
      Array.from({ length: 120 }, (_, index) =>
        insert.bind(
          crypto.randomUUID(),
          user.userId,
          crypto.randomUUID(),
          index % 2 === 0 ? service.clock.nowMs : null,
          index % 2 === 0 ? null : 1,
        ),
      ),
    )
    await create(service, holder)
  })

  it('is refused to a key that was revoked elsewhere and is still believed here', async () => {
    const here = startService()
    const elsewhere = startService()
    const holder = await makeKey()
    expect(await works(here, holder.rawKey)).toBe(200)
    await call(elsewhere, holder.rawKey, 'DELETE', `/api/keys/${holder.keyId}`)
    const response = await call(here, holder.rawKey, 'POST', '/api/keys', { name: 'successor' })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ detail: 'Invalid or inactive API key' })
    expect(await readColumn('SELECT count(*) FROM api_keys WHERE user_id = ?', holder.userId)).toBe(1)
  })
})

describe('GET /api/keys', () => {
  it('lists the own keys, newest first, and neither hash nor secret', async () => {
    const service = startService()
    const holder = await makeKey({ name: 'first', createdAtMs: 1000 })
    await makeKey({ user: holder, name: 'second', createdAtMs: 2000, scopes: 'videos:read' })
    await makeKey({ name: 'of another user' })
    const response = await call(service, holder.rawKey, 'GET', '/api/keys')
    expect(response.status).toBe(200)
    const text = await response.text()
    expect((JSON.parse(text) as KeyJson[]).map(({ name }) => name)).toEqual(['second', 'first'])
    expect(Object.keys((JSON.parse(text) as object[])[0] ?? {}).sort()).toEqual([
      'allowed_ips',
      'created_at',
      'created_by',
      'expires_at',
      'id',
      'is_active',
      'key_prefix',
      'last_used_at',
      'last_used_ip',
      'limits',
      'name',
      'scopes',
    ])
    expect(text).not.toContain(holder.rawKey)
    expect(text).not.toMatch(/[0-9a-f]{64}/)
  })

  it('lists nothing that was deleted', async () => {
    const service = startService()
    const holder = await makeKey()
    const key = await create(service, holder)
    await call(service, holder.rawKey, 'DELETE', `/api/keys/${key.id}`)
    const keys = await (await call(service, holder.rawKey, 'GET', '/api/keys')).json<KeyJson[]>()
    expect(keys.map(({ id }) => id)).toEqual([holder.keyId])
  })
})

describe('PATCH /api/keys/{key_id}', () => {
  it('renames', async () => {
    const service = startService()
    const holder = await makeKey()
    const response = await call(service, holder.rawKey, 'PATCH', `/api/keys/${holder.keyId}`, { name: 'renamed' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ id: holder.keyId, name: 'renamed', is_active: true })
    expect(await actions(service, holder, holder.keyId)).toEqual(['renamed'])
  })

  it('switches a key off at once and on again at once', async () => {
    const service = startService()
    const holder = await makeKey()
    const key = await create(service, holder)
    expect(await works(service, key.raw_key)).toBe(200)
    await call(service, holder.rawKey, 'PATCH', `/api/keys/${key.id}`, { is_active: false })
    expect(await works(service, key.raw_key)).toBe(401)
    await call(service, holder.rawKey, 'PATCH', `/api/keys/${key.id}`, { is_active: true })
    expect(await works(service, key.raw_key)).toBe(200)
    expect(await actions(service, holder, key.id)).toEqual(['activated', 'deactivated', 'created'])
  })

  it('leaves no event of what did not change', async () => {
    const service = startService()
    const holder = await makeKey({ name: 'same' })
    await call(service, holder.rawKey, 'PATCH', `/api/keys/${holder.keyId}`, { name: 'same', is_active: true })
    expect(await actions(service, holder, holder.keyId)).toEqual([])
  })

  it('renames an expired key and does not reactivate it', async () => {
    const service = startService()
    const holder = await makeKey()
    const expired = await makeKey({ user: holder, expiresAtMs: service.clock.nowMs, isActive: false })
    const path = `/api/keys/${expired.keyId}`
    expect((await call(service, holder.rawKey, 'PATCH', path, { name: 'old' })).status).toBe(200)
    const response = await call(service, holder.rawKey, 'PATCH', path, { is_active: true })
    expect(response.status).toBe(409)
    expect(await response.json()).toEqual({ detail: 'An expired API key cannot be reactivated' })
  })
})

describe('POST /api/keys/{key_id}/rotate', () => {
  it('makes a successor of the same name, scopes and expiry, without any body', async () => {
    const service = startService()
    const expiresAtMs = service.clock.nowMs + 30 * DAY_MS
    const holder = await makeKey()
    const old = await makeKey({ user: holder, name: 'CI', scopes: 'videos:read', expiresAtMs })
    const response = await call(service, holder.rawKey, 'POST', `/api/keys/${old.keyId}/rotate`)
    expect(response.status).toBe(200)
    const successor = await readKey(response)
    expect(successor).toMatchObject({
      name: 'CI',
      scopes: ['videos:read'],
      expires_at: new Date(expiresAtMs).toISOString(),
      raw_key: expect.stringMatching(/^lvz_live_/),
    })
    expect(successor.id).not.toBe(old.keyId)
    expect(await actions(service, holder, old.keyId)).toEqual(['rotated'])
    expect(await actions(service, holder, successor.id)).toEqual(['created'])
  })

  it('lets both work in the grace, and only the new one after it', async () => {
    const service = startService()
    const holder = await makeKey()
    const old = await makeKey({ user: holder })
    expect(await works(service, old.rawKey)).toBe(200)
    const response = await call(service, holder.rawKey, 'POST', `/api/keys/${old.keyId}/rotate`, { grace_seconds: 10 })
    const successor = await readKey(response)
    service.clock.nowMs += 9999
    expect([await works(service, old.rawKey), await works(service, successor.raw_key)]).toEqual([200, 200])
    service.clock.nowMs += 1
    expect([await works(service, old.rawKey), await works(service, successor.raw_key)]).toEqual([401, 200])
  })

  it('never extends the old key by its grace', async () => {
    const service = startService()
    const holder = await makeKey()
    const old = await makeKey({ user: holder, expiresAtMs: service.clock.nowMs + 5000 })
    await call(service, holder.rawKey, 'POST', `/api/keys/${old.keyId}/rotate`, { grace_seconds: 604_800 })
    service.clock.nowMs += 5000
    expect(await works(service, old.rawKey)).toBe(401)
  })

  it('ends the old key at once without a grace', async () => {
    const service = startService()
    const holder = await makeKey()
    const old = await makeKey({ user: holder })
    const response = await call(service, holder.rawKey, 'POST', `/api/keys/${old.keyId}/rotate`, { grace_seconds: 0 })
    expect(response.status).toBe(200)
    expect(await works(service, old.rawKey)).toBe(401)
  })

  it('refuses a second time', async () => {
    const service = startService()
    const old = await makeKey()
    const path = `/api/keys/${old.keyId}/rotate`
    expect((await call(service, old.rawKey, 'POST', path)).status).toBe(200)
    const again = await call(service, old.rawKey, 'POST', path)
    expect(again.status).toBe(409)
    expect(await again.json()).toEqual({ detail: 'API key was already rotated' })
  })

  it('makes one successor when asked twice at once', async () => {
    const service = startService()
    const old = await makeKey()
    const path = `/api/keys/${old.keyId}/rotate`
    const responses = await Promise.all([1, 2, 3].map(async () => await call(service, old.rawKey, 'POST', path)))
    expect(responses.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409])
    expect(await readColumn('SELECT count(*) FROM api_keys WHERE user_id = ?', old.userId)).toBe(2)
  })

  it('refuses an expired key', async () => {
    const service = startService()
    const holder = await makeKey()
    const old = await makeKey({ user: holder, expiresAtMs: service.clock.nowMs })
    const response = await call(service, holder.rawKey, 'POST', `/api/keys/${old.keyId}/rotate`)
    expect(response.status).toBe(409)
    expect(await response.json()).toEqual({ detail: 'An expired API key cannot be rotated' })
  })

  it('does not know a deleted key', async () => {
    const service = startService()
    const holder = await makeKey()
    const old = await makeKey({ user: holder })
    await call(service, holder.rawKey, 'DELETE', `/api/keys/${old.keyId}`)
    const response = await call(service, holder.rawKey, 'POST', `/api/keys/${old.keyId}/rotate`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'API key not found' })
  })

  it('is no way around the quota: only so many keys stay in their grace', async () => {
    const service = startService()
    let key = await makeKey()
    const statuses: number[] = []
    for (let count = 0; count < 102; count++) {
      const response = await call(service, key.rawKey, 'POST', `/api/keys/${key.keyId}/rotate`)
      statuses.push(response.status)
      if (response.status !== 200) break
      const { id, raw_key: rawKey } = await readKey(response)
      key = { ...key, keyId: id, rawKey }
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(100)
    expect(statuses.at(-1)).toBe(409)
  })

  it.each<[string, Record<string, string>]>([
    ['without a type', {}],
    ['as JSON', { 'Content-Type': 'application/json' }],
    ['as a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['as anything', { 'Content-Type': 'text/plain; charset=utf-16' }],
  ])('F11: takes a body of no bytes for none, %s', async (_case, headers) => {
    const service = startService()
    for (const body of [new ReadableStream({ start: (controller) => controller.close() }), '', new Uint8Array()]) {
      const key = await makeKey()
      const response = await service.request(`/api/keys/${key.keyId}/rotate`, {
        method: 'POST',
        headers: { Authorization: key.rawKey, ...headers },
        body,
      })
      expect(response.status).toBe(200)
    }
  })

  it.each([
    [400, 'application/json', ' '],
    [422, 'application/json', 'null'],
    [415, 'text/plain', '{}'],
    [415, '', '{}'],
    [413, 'application/json', `{"x":"${'x'.repeat(65_536)}"}`],
  ])('F11: says %i to what is no JSON object: %s', async (status, type, body) => {
    const key = await makeKey()
    const response = await startService().request(`/api/keys/${key.keyId}/rotate`, {
      method: 'POST',
      headers: { Authorization: key.rawKey, 'Content-Type': type },
      body,
    })
    expect(response.status).toBe(status)
  })

  it.each([
    { grace_seconds: -1 },
    { grace_seconds: 604_801 },
    { grace_seconds: 1.5 },
    { grace_seconds: '1' },
    { x: 1 },
  ])('refuses %j', async (body) => {
    const key = await makeKey()
    const response = await call(startService(), key.rawKey, 'POST', `/api/keys/${key.keyId}/rotate`, body)
    expect(response.status).toBe(422)
  })
})

describe('DELETE /api/keys/{key_id}', () => {
  it('ends a key at once and for good', async () => {
    const service = startService()
    const holder = await makeKey()
    const key = await create(service, holder)
    expect(await works(service, key.raw_key)).toBe(200)
    const response = await call(service, holder.rawKey, 'DELETE', `/api/keys/${key.id}`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ok: true })
    expect(await works(service, key.raw_key)).toBe(401)
    expect((await call(service, holder.rawKey, 'DELETE', `/api/keys/${key.id}`)).status).toBe(404)
    expect((await call(service, holder.rawKey, 'PATCH', `/api/keys/${key.id}`, { is_active: true })).status).toBe(404)
  })

  it('leaves a new key of the same name alone', async () => {
    const service = startService()
    const holder = await makeKey()
    const first = await create(service, holder, { name: 'same' })
    await call(service, holder.rawKey, 'DELETE', `/api/keys/${first.id}`)
    const second = await create(service, holder, { name: 'same' })
    expect([await works(service, first.raw_key), await works(service, second.raw_key)]).toEqual([401, 200])
  })

  it('leaves its event behind, as a row that cannot be changed or removed', async () => {
    const service = startService()
    const holder = await makeKey()
    const key = await create(service, holder)
    await call(service, holder.rawKey, 'DELETE', `/api/keys/${key.id}`)
    const sql = 'SELECT action, actor_type, actor_id FROM key_events WHERE key_id = ? ORDER BY id DESC'
    expect(await env.DB.prepare(sql).bind(key.id).first()).toEqual({
      action: 'deleted',
      actor_type: 'api_key',
      actor_id: holder.keyId,
    })
    const change = env.DB.prepare("UPDATE key_events SET action = 'renamed' WHERE key_id = ?").bind(key.id)
    const removal = env.DB.prepare('DELETE FROM key_events WHERE key_id = ?').bind(key.id)
    await expect(change.run()).rejects.toThrow('append-only')
    await expect(removal.run()).rejects.toThrow('append-only')
  })
})

describe('a key of', () => {
  const requests: [string, string, string, unknown?][] = [
    ['PATCH', '', 'PATCH', { name: 'mine now' }],
    ['DELETE', '', 'DELETE'],
    ['POST …/rotate', '/rotate', 'POST'],
    ['GET …/events', '/events', 'GET'],
  ]

  it.each(requests)('another user’s key: %s is refused, and changes nothing', async (_, suffix, method, body) => {
    const service = startService()
    const holder = await makeKey()
    const foreign = await makeKey()
    const response = await call(service, holder.rawKey, method, `/api/keys/${foreign.keyId}${suffix}`, body)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ detail: 'API key does not belong to this user' })
    expect(await works(service, foreign.rawKey)).toBe(200)
    expect(await readColumn('SELECT name FROM api_keys WHERE id = ?', foreign.keyId)).toBe('a key')
  })

  it.each(requests)('an unknown key: %s is a 404', async (_, suffix, method, body) => {
    const service = startService()
    const holder = await makeKey()
    for (const id of [crypto.randomUUID(), 'no-uuid', "'; DROP TABLE api_keys; --"]) {
      const path = `/api/keys/${encodeURIComponent(id)}${suffix}`
      const response = await call(service, holder.rawKey, method, path, body)
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({ detail: 'API key not found' })
    }
  })

  it.each(requests.slice(0, 3))('more scope is out of reach of %s', async (_, suffix, method, body) => {
    const service = startService()
    const user = await makeUser()
    const weak = await makeKey({ user, scopes: 'keys:read keys:write' })
    const strong = await makeKey({ user })
    const response = await call(service, weak.rawKey, method, `/api/keys/${strong.keyId}${suffix}`, body)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ detail: 'API key lacks the scope *' })
    expect(await works(service, strong.rawKey)).toBe(200)
  })

  it.each(requests.slice(0, 3))('a longer life is out of reach of %s', async (_, suffix, method, body) => {
    const service = startService()
    const user = await makeUser()
    const short = await makeKey({ user, expiresAtMs: service.clock.nowMs + 1000 })
    const long = await makeKey({ user, expiresAtMs: service.clock.nowMs + 1001 })
    const response = await call(service, short.rawKey, method, `/api/keys/${long.keyId}${suffix}`, body)
    expect(response.status).toBe(403)
    expect(await works(service, long.rawKey)).toBe(200)
  })
})

describe('a scope', () => {
  it.each([
    ['keys:write', 'GET', '/api/keys', undefined, 'keys:read'],
    ['keys:read', 'POST', '/api/keys', { name: 'n' }, 'keys:write'],
    ['videos:write', 'DELETE', `/api/keys/${crypto.randomUUID()}`, undefined, 'keys:write'],
  ])('of %s is not enough for %s %s', async (scopes, method, path, body, missing) => {
    const { rawKey } = await makeKey({ scopes })
    const response = await call(startService(), rawKey, method, path, body)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ detail: `API key lacks the scope ${missing}` })
  })

  it('is not needed for GET /api/me', async () => {
    const { rawKey } = await makeKey({ scopes: 'engine:read' })
    expect(await works(startService(), rawKey)).toBe(200)
  })
})
