// Limits, by the real limiters. They count by the real clock, so a test uses a client up and asks at once.
import { describe, expect, it } from 'vitest'
import { call, makeKey, makeUser, randomKey } from '../../support/callers.ts'
import { startClerk } from '../../support/clerk.ts'
import { env } from '../../support/env.ts'
import { startService, type Service } from '../../support/service.ts'

function newAddress(): string {
  return `10.${[...crypto.getRandomValues(new Uint8Array(3))].join('.')}`
}

async function askFrom(
  service: Service,
  address: string,
  credential: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await service.request('/api/me', {
    headers: { ...headers, Authorization: credential, 'CF-Connecting-IP': address },
  })
}

/** Uses the client up, and checks how much there was: twice as much when the limiter's minute turns meanwhile. */
async function useUp(limiter: RateLimit | undefined, key: string, quota: number): Promise<void> {
  if (limiter === undefined) throw new Error('wrangler.toml binds the limiters')
  let allowed = 0
  for (let isRefused = false; !isRefused;) {
    const outcomes = await Promise.all(Array.from({ length: 100 }, async () => await limiter.limit({ key })))
    allowed += outcomes.filter(({ success }) => success).length
    isRefused = outcomes.some(({ success }) => !success)
  }
  expect(allowed).toBeGreaterThanOrEqual(quota)
  expect(allowed).toBeLessThanOrEqual(2 * quota)
}

describe('FAILURE_LIMITER', () => {
  it('lets an address be refused 300 times a minute, then answers 429, and soon without any I/O', async () => {
    const service = startService({}, { limiters: true })
    const address = newAddress()
    await useUp(env.FAILURE_LIMITER, address, 300)
    const first = await askFrom(service, address, randomKey())
    expect(first.status).toBe(429)
    expect(await first.json()).toEqual({ detail: 'Too many requests' })
    service.reset()
    for (let count = 0; count < 50; count++) {
      const response = await askFrom(service, address, randomKey())
      expect(response.status).toBe(429)
      // The test's clock stands at the beginning of a minute.
      expect(response.headers.get('Retry-After')).toBe('60')
    }
    expect(service.counts).toMatchObject({ d1Reads: 0, limits: 0 })
  })

  it('is asked again when the period has ended', async () => {
    const service = startService({}, { limiters: true })
    const address = newAddress()
    await useUp(env.FAILURE_LIMITER, address, 300)
    expect((await askFrom(service, address, randomKey())).status).toBe(429)
    service.clock.nowMs += 60_000
    service.reset()
    await askFrom(service, address, randomKey())
    expect(service.counts).toMatchObject({ d1Reads: 1, limits: 1 })
  })

  it('counts an IPv6 client by its /64', async () => {
    const service = startService({}, { limiters: true })
    await askFrom(service, '2001:db8:1:2:3:4:5:6', randomKey())
    await askFrom(service, '2001:db8:1:2:ffff::1', randomKey())
    await askFrom(service, '2001:db8:1:3::1', randomKey())
    expect(service.counted).toEqual(['2001:db8:1:2::/64', '2001:db8:1:2::/64', '2001:db8:1:3::/64'])
  })

  it('takes the address from Cloudflare alone', async () => {
    const service = startService({}, { limiters: true })
    const address = newAddress()
    const spoofed = {
      'X-Forwarded-For': newAddress(),
      'X-Real-IP': newAddress(),
      Forwarded: `for=${newAddress()}`,
      'True-Client-IP': newAddress(),
      'CF-Connecting-IPv6': newAddress(),
      CF_Connecting_IP: newAddress(),
    }
    await askFrom(service, address, randomKey(), spoofed)
    await service.request('/api/me', { headers: { ...spoofed, Authorization: randomKey() } })
    expect(service.counted).toEqual([address, 'unknown'])
  })

  it('counts no malformed key, no session and no key that works', async () => {
    const service = startService({}, { limiters: true })
    const { rawKey, userId } = await makeKey()
    await askFrom(service, newAddress(), 'lvz_live_0')
    await askFrom(service, newAddress(), 'Bearer a.b.c')
    expect(service.counted).toEqual([])
    expect((await askFrom(service, newAddress(), rawKey)).status).toBe(200)
    expect(service.counted).toEqual([expect.stringMatching(/^key:/)])
    expect(service.counted[0]).not.toContain(userId)
  })

  it('counts an inactive and an expired key like an unknown one', async () => {
    const service = startService({}, { limiters: true })
    const address = newAddress()
    await askFrom(service, address, (await makeKey({ isActive: false })).rawKey)
    await askFrom(service, address, (await makeKey({ expiresAtMs: 1 })).rawKey)
    expect(service.counted).toEqual([address, address])
  })

  it('locks no caller out: a key that is known works from a refused address, and its owner from any other', async () => {
    const service = startService({}, { limiters: true })
    const address = newAddress()
    const { rawKey } = await makeKey()
    expect((await askFrom(service, address, rawKey)).status).toBe(200)
    await useUp(env.FAILURE_LIMITER, address, 300)
    expect((await askFrom(service, address, rawKey.slice(0, 17) + randomKey().slice(17))).status).toBe(429)
    expect((await askFrom(service, address, rawKey)).status).toBe(200)
    expect((await askFrom(startService({}, { limiters: true }), newAddress(), rawKey)).status).toBe(200)
  })
})

describe('CALLER_LIMITER', () => {
  it('lets a key ask 3,000 times a minute, then answers 429 without being asked; another key of the user goes on', async () => {
    const service = startService({}, { limiters: true })
    const key = await makeKey()
    const other = await makeKey({ user: key })
    await useUp(env.CALLER_LIMITER, `key:${key.keyId}`, 3000)
    const response = await call(service, key.rawKey, 'GET', '/api/me')
    expect(response.status).toBe(429)
    expect(await response.json()).toEqual({ detail: 'Too many requests' })
    expect(response.headers.get('Retry-After')).toBe('60')
    expect(response.headers.get('RateLimit-Policy')).toBe('"caller";q=3000;w=60, "failures";q=300;w=60')
    service.reset()
    expect((await call(service, key.rawKey, 'GET', '/api/me')).status).toBe(429)
    expect(service.counts.limits).toBe(0)
    expect((await call(service, other.rawKey, 'GET', '/api/me')).status).toBe(200)
  }, 30_000)

  it('counts all sessions of a user as one', async () => {
    const clerk = await startClerk()
    const service = startService({ CLERK_ISSUER: clerk.issuer }, { limiters: true })
    const { clerkUserId, userId } = await makeUser()
    for (const sid of ['sess_1', 'sess_2']) {
      const token = await clerk.token(service.clock.nowMs, { sub: clerkUserId, sid })
      expect((await call(service, `Bearer ${token}`, 'GET', '/api/me')).status).toBe(200)
    }
    expect(service.counted).toEqual([`user:${userId}`, `user:${userId}`])
  })
})

describe('RateLimit-Policy', () => {
  it('is on limited routes, refused or not, and on no other', async () => {
    const service = startService({}, { limiters: true })
    const { rawKey } = await makeKey()
    const policy = '"caller";q=3000;w=60, "failures";q=300;w=60'
    expect((await call(service, rawKey, 'GET', '/api/me')).headers.get('RateLimit-Policy')).toBe(policy)
    expect((await call(service, 'lvz_live_0', 'GET', '/api/me')).headers.get('RateLimit-Policy')).toBe(policy)
    expect((await service.request('/api/health')).headers.get('RateLimit-Policy')).toBeNull()
  })

  it('is not promised without limiters', async () => {
    const service = startService()
    const { rawKey } = await makeKey()
    expect((await call(service, rawKey, 'GET', '/api/me')).headers.get('RateLimit-Policy')).toBeNull()
  })
})
