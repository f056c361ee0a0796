// What must never leave: one run through everything that handles a secret, then a search of all that came out.
import { Webhook } from 'standardwebhooks'
import { describe, expect, it, vi } from 'vitest'
import { hashApiKey } from '../../src/core/auth/api-key.ts'
import { call, newClerkUserId, randomKey } from '../support/callers.ts'
import { startClerk } from '../support/clerk.ts'
import { startService } from '../support/service.ts'

const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const SECRET_KEY = 'sk_test_never-to-be-seen'

describe('a whole run', () => {
  it('shows no secret, token or hash in bodies, headers, log lines or on the console', async () => {
    const printed: string[] = []
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void printed.push(args.join(' ')))
    }
    const clerk = await startClerk()
    const service = startService(
      {
        CLERK_ISSUER: clerk.issuer,
        CLERK_API_URL: clerk.issuer,
        CLERK_SECRET_KEY: SECRET_KEY,
        CLERK_WEBHOOK_SECRET: WEBHOOK_SECRET,
      },
      { limiters: true },
    )
    const out: string[] = []
    const issued: string[] = []
    const keep = async (response: Response): Promise<string> => {
      const text = await response.text()
      out.push(JSON.stringify([...response.headers]), text)
      await service.settle()
      return text
    }
    /** The two answers that show a raw key: everything of them but that key is searched. */
    const keepIssued = async (response: Response): Promise<{ id: string; raw_key: string }> => {
      const text = await response.text()
      const key = JSON.parse(text) as { id: string; raw_key: string }
      issued.push(key.raw_key)
      expect(text.split(key.raw_key)).toHaveLength(2)
      out.push(text.replace(key.raw_key, ''))
      return key
    }

    const sub = newClerkUserId()
    await clerk.putUser(sub, null)
    const token = await clerk.token(service.clock.nowMs, { sub })
    const session = `Bearer ${token}`
    await keep(await call(service, session, 'GET', '/api/me'))
    const first = await keepIssued(
      await call(service, session, 'POST', '/api/keys', { name: 'first', scopes: ['*', 'keys:write'] }),
    )
    const second = await keepIssued(await call(service, first.raw_key, 'POST', `/api/keys/${first.id}/rotate`))
    const junk = randomKey()
    const stale = await clerk.token(service.clock.nowMs - 3_600_000, { sub })
    const forged = `${token.slice(0, -8)}AAAAAAAA`
    const credentials = [first.raw_key, second.raw_key, junk, junk.slice(0, -1), session, `Bearer ${stale}`]
    credentials.push(`Bearer ${forged}`, `Bearer ${first.raw_key}`, `${first.raw_key}, ${session}`, `Basic ${junk}`)
    const runAll = async (): Promise<void> => {
      for (const credential of credentials) {
        await keep(await call(service, credential, 'GET', '/api/me'))
        await keep(await call(service, credential, 'GET', '/api/keys'))
        await keep(await call(service, credential, 'GET', `/api/keys/${first.id}/events`))
        await keep(await call(service, credential, 'PATCH', `/api/keys/${first.id}`, { name: 'renamed' }))
        await keep(await call(service, credential, 'PATCH', `/api/keys/${first.id}`, { raw_key: first.raw_key }))
      }
      const body = JSON.stringify({ type: 'user.updated', data: { id: sub, external_id: null } })
      const at = new Date()
      const signature = new Webhook(WEBHOOK_SECRET).sign(`msg_${sub}`, at, body)
      const headers = { 'svix-id': `msg_${sub}`, 'svix-timestamp': String(Math.floor(at.getTime() / 1000)) }
      for (const value of [signature, 'v1,AAAA']) {
        const init = { method: 'POST', body, headers: { ...headers, 'svix-signature': value } }
        await keep(await service.request('/api/webhooks/clerk', init))
      }
    }
    await runAll()
    for (const failing of ['CACHE', 'DB_WRITES', 'DB', 'CALLER_LIMITER', 'FAILURE_LIMITER'] as const) {
      service.failing.add(failing)
      service.clock.nowMs += 31_000
      await runAll()
    }
    vi.restoreAllMocks()

    const secrets = [WEBHOOK_SECRET, SECRET_KEY, token, stale, junk, ...issued]
    const hidden = secrets.flatMap((secret) => [
      secret,
      secret.slice(-24),
      hashApiKey(secret),
      ...(secret.includes('.') ? secret.split('.').slice(1) : []),
    ])
    const everything = [...out, ...printed, ...service.logs.map((line) => JSON.stringify(line))].join('\n')
    expect(everything.length).toBeGreaterThan(50_000)
    expect(hidden.filter((text) => everything.includes(text))).toEqual([])
    expect(everything).not.toMatch(/[0-9a-f]{64}/)
    expect(everything).not.toMatch(/\b(select|insert into|api_keys)\b/i)
  })
})
