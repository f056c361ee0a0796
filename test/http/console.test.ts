// /console: the page, what it is told and what it may load; and the files it is made of.
import { describe, expect, it } from 'vitest'
import { knownCaller, NO_IO } from '../support/known-caller.ts'
import { startService } from '../support/service.ts'

const KEY = `pk_test_${btoa('clerk.example.com$')}`

async function policyOf(variables: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
  const response = await startService(variables).request('/console')
  const policy = response.headers.get('Content-Security-Policy') ?? ''
  return new Map(policy.split('; ').map((one) => [one.slice(0, one.indexOf(' ')), one.slice(one.indexOf(' ') + 1)]))
}

async function settingsOf(variables: Readonly<Record<string, string>>): Promise<unknown> {
  const text = await (await startService(variables).request('/console')).text()
  const [, attribute = ''] = /data-settings="([^"]*)"/.exec(text) ?? []
  return JSON.parse(attribute.replaceAll('&quot;', '"'))
}

describe('/console', () => {
  it.each(['/console', '/console/', '/console/videos', '/console/videos/x/share?from=mail', '/console/nowhere'])(
    'is one page for every room, and asks nothing: %s',
    async (path) => {
      const service = startService()
      const response = await service.request(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('Cache-Control')).toBe('no-store')
      expect(await response.text()).toContain('src="/console/assets/console.js"')
      expect(service.counts).toMatchObject(NO_IO)
    },
  )

  it('tells the page how films are delivered and who signs in, and no secret', async () => {
    expect(await settingsOf({})).toEqual({
      version: expect.any(String),
      delivery: 's3',
      clerk: null,
      standInIssuer: null,
    })
    const told = await settingsOf({
      DELIVERY: 'edge',
      EDGE_SIGNING_SECRET: 's'.repeat(32),
      CLERK_PUBLISHABLE_KEY: KEY,
      STAND_IN_ISSUER: 'http://127.0.0.1:4711',
    })
    expect(told).toEqual({
      version: expect.any(String),
      delivery: 'edge',
      clerk: { publishableKey: KEY, origin: 'https://clerk.example.com' },
      standInIssuer: 'http://127.0.0.1:4711',
    })
  })

  it('runs scripts and styles of its own origin only', async () => {
    const policy = await policyOf({ STAND_IN_ISSUER: 'http://127.0.0.1:4711' })
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('script-src')).toBe("'self'")
    expect(policy.get('style-src')).toBe("'self'")
    expect(policy.get('connect-src')).toBe("'self' https://storage.example.com http://127.0.0.1:4711")
    expect(policy.get('frame-ancestors')).toBe("'none'")
    expect([...policy.values()].join(' ')).not.toContain('unsafe')
  })

  it('may upload to the storage endpoint also where the Worker delivers', async () => {
    const policy = await policyOf({ DELIVERY: 'edge', EDGE_SIGNING_SECRET: 's'.repeat(32) })
    expect(policy.get('connect-src')).toBe("'self' https://storage.example.com")
  })

  it('takes scripts from the Clerk instance where people sign in with it, and still no inline script', async () => {
    const policy = await policyOf({ CLERK_PUBLISHABLE_KEY: KEY })
    expect(policy.get('script-src')).toBe("'self' https://clerk.example.com https://challenges.cloudflare.com")
    expect(policy.get('connect-src')).toContain(' https://clerk.example.com')
  })

  it('is nowhere with CONSOLE=off', async () => {
    const service = startService({ CONSOLE: 'off', CLERK_PUBLISHABLE_KEY: KEY })
    for (const path of ['/console', '/console/videos', '/console/assets/console.js', '/console/assets/console.css']) {
      expect((await service.request(path)).status, path).toBe(404)
    }
    expect((await (await knownCaller({ service })).ask('GET', '/api/videos')).status).toBe(200)
  })
})

describe('/console/assets', () => {
  it('asks for what the console begins with anew, and keeps a part for good', async () => {
    const service = startService()
    const entry = await service.request('/console/assets/console.js')
    expect(entry.headers.get('Content-Type')).toContain('text/javascript')
    expect(entry.headers.get('Cache-Control')).toBe('public, no-cache')
    const [, part = ''] = /"\.\/([\w-]+-[A-Z0-9]{8}\.js)"/.exec(await entry.text()) ?? []
    const kept = await service.request(`/console/assets/${part}`)
    expect(kept.status).toBe(200)
    expect(kept.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
  })

  it('is a 404 for a part of another version', async () => {
    const response = await startService().request('/console/assets/film-room-AAAAAAAA.js')
    expect(response.status).toBe(404)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  })
})
