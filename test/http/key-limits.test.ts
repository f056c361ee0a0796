// How much a key may do: counted exactly, told as it is counted, and free for keys without limits.
import { describe, expect, it } from 'vitest'
import { call } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO, type KnownCaller } from '../support/known-caller.ts'
import type { Service } from '../support/service.ts'

interface KeyJson {
  readonly id: string
  readonly raw_key: string
  readonly limits: Record<string, number> | null
}

async function make(caller: KnownCaller, limits: object | null, more: object = {}): Promise<KeyJson> {
  const body = { name: 'limited', limits, ...more }
  return await (await caller.ask('POST', '/api/keys', body)).json<KeyJson>()
}

async function usage(caller: KnownCaller, { id }: KeyJson): Promise<unknown[]> {
  const { limits } = await (await caller.ask('GET', `/api/keys/${id}/usage`)).json<{ limits: unknown[] }>()
  return limits
}

const me = async (service: Service, rawKey: string): Promise<Response> => await call(service, rawKey, 'GET', '/api/me')

describe('limits of a key', () => {
  it('are exact under 1,000 requests at once, and header, counter and usage are one number', async () => {
    const caller = await knownCaller()
    const key = await make(caller, { requests_per_minute: 137 })
    await me(caller.service, key.raw_key)
    const answers = await Promise.all(Array.from({ length: 1000 }, async () => await me(caller.service, key.raw_key)))
    const passed = answers.filter(({ status }) => status === 200)
    expect(passed).toHaveLength(136)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(864)
    const remaining = passed.map((answer) => Number(/;r=(\d+)/.exec(answer.headers.get('RateLimit') ?? '')?.[1]))
    expect(remaining.sort((a, b) => b - a)).toEqual(Array.from({ length: 136 }, (_, index) => 135 - index))
    expect(await usage(caller, key)).toEqual([
      { name: 'requests_per_minute', limit: 137, used: 137, remaining: 0, resets_at: '2026-11-21T12:08:00.000Z' },
    ])
  })

  it('are refused with the time to wait, and begin anew with the next minute', async () => {
    const caller = await knownCaller()
    const key = await make(caller, { requests_per_minute: 1, requests_per_day: 10 })
    caller.service.clock.nowMs += 20_500
    const first = await me(caller.service, key.raw_key)
    expect(first.headers.get('RateLimit-Policy')).toBe(
      '"requests_per_minute";q=1;w=60, "requests_per_day";q=10;w=86400',
    )
    expect(first.headers.get('RateLimit')).toBe('"requests_per_minute";r=0;t=40, "requests_per_day";r=9;t=42760')
    const refused = await me(caller.service, key.raw_key)
    expect(refused.status).toBe(429)
    expect(await refused.json()).toEqual({ detail: 'API key is over its limit requests_per_minute' })
    expect(refused.headers.get('Retry-After')).toBe('40')
    // What was refused was counted nowhere.
    expect(refused.headers.get('RateLimit')).toContain('"requests_per_day";r=9')
    caller.service.clock.nowMs += 39_500
    expect((await me(caller.service, key.raw_key)).status).toBe(200)
  })

  it('cost one call of a Durable Object a request, and nothing for a key without limits', async () => {
    const caller = await knownCaller()
    const key = await make(caller, { requests_per_day: 100 })
    await me(caller.service, key.raw_key)
    await caller.service.settle()
    caller.service.reset()
    await me(caller.service, key.raw_key)
    expect(caller.service.counts).toMatchObject({ ...NO_IO, keyCounters: 1 })
    caller.service.reset()
    const free = await caller.ask('GET', '/api/me')
    expect(free.headers.get('RateLimit')).toBeNull()
    expect(caller.service.counts).toMatchObject(NO_IO)
  })

  it('pass on to what the key makes and to what it is rotated to, and get lower only', async () => {
    const caller = await knownCaller()
    const parent = await make(caller, { requests_per_day: 100 }, { scopes: ['*', 'keys:write'] })
    const ask = (method: string, path: string, body: object) => call(caller.service, parent.raw_key, method, path, body)
    const child = await (await ask('POST', '/api/keys', { name: 'n' })).json<KeyJson>()
    expect(child.limits).toEqual({ requests_per_day: 100 })
    expect((await ask('POST', '/api/keys', { name: 'n', limits: { requests_per_day: 7 } })).status).toBe(201)
    for (const limits of [null, {}, { requests_per_day: 101 }, { requests_per_minute: 1 }]) {
      const wider = await ask('POST', '/api/keys', { name: 'n', limits })
      expect(wider.status).toBe(403)
      expect(await wider.json()).toEqual({ detail: 'API key has lower limits than the key it would make or change' })
    }
    expect((await ask('PATCH', `/api/keys/${child.id}`, { limits: { requests_per_day: 50 } })).status).toBe(200)
    const raised = await ask('PATCH', `/api/keys/${child.id}`, { limits: { requests_per_day: 60 } })
    expect(raised.status).toBe(403)
    expect(await raised.json()).toEqual({ detail: 'Only a session can raise the limits of a key' })
    const rotated = await (await ask('POST', `/api/keys/${child.id}/rotate`, {})).json<KeyJson>()
    expect(rotated.limits).toEqual({ requests_per_day: 50 })
  })

  it('hold at once where they were lowered', async () => {
    const caller = await knownCaller()
    const key = await make(caller, null)
    expect((await me(caller.service, key.raw_key)).headers.get('RateLimit')).toBeNull()
    await caller.ask('PATCH', `/api/keys/${key.id}`, { limits: { requests_per_minute: 1 } })
    expect((await me(caller.service, key.raw_key)).status).toBe(200)
    expect((await me(caller.service, key.raw_key)).status).toBe(429)
  })

  it('count the bytes of films that are registered, and give back what was not', async () => {
    const caller = await knownCaller()
    const key = await make(caller, { bytes_per_day: 10 })
    for (const name of ['a.mp4', 'b.mp4', 'c.mp4']) await env.MEDIA.put(caller.folder + name, '12345')
    const register = async (name: string): Promise<number> =>
      (await call(caller.service, key.raw_key, 'POST', '/api/processing/register-upload', { file_path: name })).status
    expect(await register('a.mp4')).toBe(200)
    expect(await register('a.mp4')).toBe(200)
    expect(await register('b.mp4')).toBe(200)
    expect(await register('c.mp4')).toBe(429)
    expect(await usage(caller, key)).toEqual([
      expect.objectContaining({ name: 'bytes_per_day', used: 10, remaining: 0 }),
    ])
  })

  it('are never passed by because their counter is away', async () => {
    const caller = await knownCaller()
    const key = await make(caller, { requests_per_minute: 5 })
    caller.service.failing.add('LIMITS')
    const response = await me(caller.service, key.raw_key)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ detail: 'Limits of API keys are temporarily unavailable' })
    expect((await caller.ask('GET', '/api/me')).status).toBe(200)
  })
})
