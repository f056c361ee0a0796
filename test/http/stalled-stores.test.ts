// Stores that stall: every caller is answered within the limit, by the same 503 as when the store is away.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { D1_LIMIT_MS, KV_LIMIT_MS, R2_LIMIT_MS } from '../../src/platform/time-limit.ts'
import { call, newClerkUserId } from '../support/callers.ts'
import { startClerk } from '../support/clerk.ts'
import { knownCaller } from '../support/known-caller.ts'
import { startService } from '../support/service.ts'

// Only the timers that a limit is made of: the stores' own answers are real.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('a store that stalls', () => {
  it.each([
    ['DB', D1_LIMIT_MS, 'GET', '/api/videos', undefined, 'Database is temporarily unavailable'],
    ['DB', D1_LIMIT_MS, 'POST', '/api/keys', { name: 'a key' }, 'Database is temporarily unavailable'],
    ['MEDIA', R2_LIMIT_MS, 'GET', '/api/storage/files', undefined, 'Storage is temporarily unavailable'],
  ] as const)('%s keeps a caller %i ms at most: %s %s', async (store, limitMs, method, path, body, detail) => {
    const caller = await knownCaller()
    const waits = caller.service.stall(store)
    let response: Response | undefined
    const asked = caller.ask(method, path, body).then((answer) => (response = answer))
    await waits
    await vi.advanceTimersByTimeAsync(limitMs - 1)
    expect(response).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    const { status, headers } = await asked
    expect([status, headers.get('Retry-After'), await response?.json()]).toEqual([503, '5', { detail }])
  })

  it('CACHE keeps a new user waiting no longer than that, and is done without', async () => {
    const clerk = await startClerk()
    const service = startService({
      CLERK_ISSUER: clerk.issuer,
      CLERK_JWKS_URL: `${clerk.issuer}/.well-known/jwks.json`,
    })
    const token = await clerk.token(service.clock.nowMs, { sub: newClerkUserId() })
    const known = await clerk.token(service.clock.nowMs, { sub: newClerkUserId() })
    expect((await call(service, `Bearer ${known}`, 'GET', '/api/me')).status).toBe(200)
    await service.settle()
    const waits = service.stall('CACHE')
    const asked = call(service, `Bearer ${token}`, 'GET', '/api/me')
    await waits
    await vi.advanceTimersByTimeAsync(KV_LIMIT_MS)
    expect((await asked).status).toBe(200)
  })
})
