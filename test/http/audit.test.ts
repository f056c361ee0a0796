// The audit trail: written with the change or not at all, shown to its owner, and a removed row is missed.
import { describe, expect, it } from 'vitest'
import { chainHash, CHAIN_START, trailCheck, type AuditFacts, type StoredAudit } from '../../src/core/audit/chain.ts'
import { sealTrails } from '../../src/domain/audit/audit.ts'
import { call, makeKey } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { knownCaller, type KnownCaller } from '../support/known-caller.ts'
import { makeVideo } from '../support/videos.ts'

type Shown = AuditFacts & { readonly hash: string }

async function trail(caller: KnownCaller, query = ''): Promise<{ events: Shown[]; cursor: string | null }> {
  const response = await caller.ask('GET', `/api/audit${query}`)
  expect(response.status).toBe(200)
  return await response.json()
}

async function stored(): Promise<StoredAudit[]> {
  const { results } = await env.DB.prepare(
    'SELECT *, user_id AS userId, actor_type AS actorType, actor_id AS actorId, target_type AS targetType, target_id AS targetId, user_agent AS userAgent, request_id AS requestId FROM audit_events ORDER BY sequence',
  ).all<StoredAudit & Record<string, unknown>>()
  return results
}

describe('the audit trail', () => {
  it('says who changed what, from where, with what was before and after', async () => {
    const caller = await knownCaller()
    const { jobId } = await makeVideo({ userId: caller.key.userId })
    await caller.service.request(`/api/videos/${jobId}`, {
      method: 'PATCH',
      headers: {
        Authorization: caller.key.rawKey,
        'Content-Type': 'application/json',
        'CF-Connecting-IP': '203.0.113.77',
        'User-Agent': 'curl/8.9.1',
        'X-Request-Id': 'request-1234',
      },
      body: JSON.stringify({ playback: 'off' }),
    })
    const { events } = await trail(caller)
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^aud_[0-9a-f]{40}$/),
        at: '2026-11-21T12:07:00.000Z',
        actor: { type: 'api_key', id: caller.key.keyId },
        action: 'video.playback_changed',
        target: { type: 'video', id: jobId },
        ip: '203.0.113.0/24',
        user_agent: 'curl',
        request_id: 'request-1234',
        before: expect.objectContaining({ playback: 'public' }),
        after: expect.objectContaining({ playback: 'off' }),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ])
  })

  it('holds every change of keys, signing keys, endpoints and films, once, and no secret', async () => {
    const caller = await knownCaller()
    const { ask } = caller
    const made = await (await ask('POST', '/api/keys', { name: 'k' })).json<{ id: string; raw_key: string }>()
    await ask('PATCH', `/api/keys/${made.id}`, { name: 'k2', is_active: false })
    await ask('PATCH', `/api/keys/${made.id}`, { name: 'k2', is_active: false })
    await ask('PATCH', `/api/keys/${made.id}`, { is_active: true })
    await ask('POST', `/api/keys/${made.id}/rotate`)
    await ask('DELETE', `/api/keys/${made.id}`)
    const signing = await (await ask('POST', '/api/signing-keys', { name: 's' })).json<{ id: string }>()
    await ask('DELETE', `/api/signing-keys/${signing.id}`)
    const hook = await (
      await ask('POST', '/api/webhooks/endpoints', { url: 'https://example.com/hook' })
    ).json<{ id: string; secret: string }>()
    await ask('PATCH', `/api/webhooks/endpoints/${hook.id}`, { is_active: false })
    await ask('POST', `/api/webhooks/endpoints/${hook.id}/rotate`)
    await ask('DELETE', `/api/webhooks/endpoints/${hook.id}`)
    const first = await makeVideo({ userId: caller.key.userId })
    const second = await makeVideo({ userId: caller.key.userId, fileName: 'second.mp4' })
    await ask('PATCH', `/api/videos/${first.jobId}`, { name: 'no visibility' })
    await ask('POST', '/api/videos/bulk', { job_ids: [first.jobId, second.jobId], playback: 'off' })
    await ask('DELETE', `/api/videos/${first.jobId}`)
    await ask('DELETE', `/api/videos/${second.jobId}?files=true`)
    await ask('DELETE', `/api/videos/${second.jobId}`)
    const { events } = await trail(caller)
    expect(events.map(({ action }) => action).reverse()).toEqual([
      'key.created',
      'key.changed',
      'key.changed',
      'key.created',
      'key.rotated',
      'key.deleted',
      'signing_key.created',
      'signing_key.deleted',
      'endpoint.created',
      'endpoint.changed',
      'endpoint.rotated',
      'endpoint.deleted',
      'video.playback_changed',
      'video.playback_changed',
      'video.deleted',
      'video.deleted',
    ])
    for (const secret of [made.raw_key, hook.secret]) expect(JSON.stringify(events)).not.toContain(secret.slice(20))
  })

  it('is a chain that anyone can follow from the export, page by page', async () => {
    const caller = await knownCaller()
    for (const name of ['a', 'ü "b"', 'c']) await caller.ask('POST', '/api/keys', { name })
    const lines: Shown[] = []
    let next: string | undefined = ''
    while (next !== undefined) {
      const response = await caller.ask('GET', `/api/audit?format=ndjson&limit=1${next}`)
      expect(response.headers.get('Content-Type')).toBe('application/x-ndjson')
      lines.unshift(JSON.parse(await response.text()) as Shown)
      const cursor = response.headers.get('X-Next-Cursor')
      next = cursor === null ? undefined : `&cursor=${cursor}`
    }
    let previous = CHAIN_START
    for (const { hash, ...facts } of lines) {
      const text = new TextEncoder().encode(`${previous}\n${JSON.stringify(facts)}`)
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
      expect(hash).toBe([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
      expect(chainHash(previous, facts)).toBe(hash)
      previous = hash
    }
    expect(lines).toHaveLength(3)
  })

  it('is filtered by time, actor and action', async () => {
    const caller = await knownCaller()
    await caller.ask('POST', '/api/keys', { name: 'early' })
    caller.service.clock.nowMs += 60_000
    const other = await makeKey({ user: caller.key })
    const late = await call(caller.service, other.rawKey, 'POST', '/api/keys', { name: 'late' })
    await call(caller.service, other.rawKey, 'DELETE', `/api/keys/${(await late.json<{ id: string }>()).id}`)
    const count = async (query: string): Promise<number> => (await trail(caller, query)).events.length
    expect(await count('')).toBe(3)
    expect(await count('?from=2026-11-21T12:08:00Z')).toBe(2)
    expect(await count('?to=2026-11-21T12:07:30Z')).toBe(1)
    expect(await count(`?actor=${other.keyId}`)).toBe(2)
    expect(await count('?action=key.deleted')).toBe(1)
    expect((await caller.ask('GET', '/api/audit?cursor=~')).status).toBe(422)
  })

  it('shows nothing of another workspace, and nothing to a key without audit:read', async () => {
    const caller = await knownCaller()
    await caller.ask('POST', '/api/keys', { name: 'mine' })
    expect((await trail(await knownCaller())).events).toEqual([])
    const weak = await knownCaller({ key: await makeKey({ user: caller.key, scopes: 'keys:read' }) })
    expect((await weak.ask('GET', '/api/audit')).status).toBe(403)
  })

  it('is written with the change or not at all', async () => {
    const caller = await knownCaller()
    const full = "CREATE TRIGGER audit_is_full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'full'); END"
    await env.DB.prepare(full).run()
    const response = await caller.ask('POST', '/api/keys', { name: 'unseen' })
    await env.DB.prepare('DROP TRIGGER audit_is_full').run()
    expect(response.status).toBe(503)
    expect((await (await caller.ask('GET', '/api/keys')).json<unknown[]>()).length).toBe(1)
    expect((await trail(caller)).events).toEqual([])
  })

  it('takes no change and no removal in the database', async () => {
    const caller = await knownCaller()
    await caller.ask('POST', '/api/keys', { name: 'k' })
    for (const sql of ["UPDATE audit_events SET hash = 'x', action = 'y'", 'DELETE FROM audit_events']) {
      await expect(env.DB.prepare(sql).run()).rejects.toThrow('append-only')
    }
    await trail(caller)
    await expect(env.DB.prepare("UPDATE audit_events SET hash = 'x'").run()).rejects.toThrow('append-only')
  })

  it('misses a row that was removed all the same, and one that was altered', async () => {
    const caller = await knownCaller()
    for (const name of ['a', 'b', 'c']) await caller.ask('POST', '/api/keys', { name })
    while ((await sealTrails(caller.service.deps)) > 0);
    const rows = await stored()
    expect(rows.every(({ hash }) => hash !== null)).toBe(true)
    expect(trailCheck()(rows)).toBeUndefined()
    const last = rows.length - 1
    const without = rows.filter((_, index) => index !== last - 1)
    expect(trailCheck()(without)).toBe(`row ${rows.length - 1} of audit_events is missing`)
    // Renumbered, as one who knows would do it.
    const renumbered = without.map((row, index) => ({ ...row, sequence: index + 1 }))
    expect(trailCheck()(renumbered)).toContain('is not what it was, or one before it')
    const altered = rows.map((row, index) => (index === last ? { ...row, actorId: 'someone else' } : row))
    expect(trailCheck()(altered)).toContain(`row ${rows.length} of audit_events is not what it was`)
  })
})
