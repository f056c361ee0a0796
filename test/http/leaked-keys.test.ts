// Keys that a scanner found in public: GitHub's own documented message, and what is done with a key of ours.
import { describe, expect, it } from 'vitest'
import { call, makeKey, randomKey, readColumn } from '../support/callers.ts'
import { NO_IO } from '../support/known-caller.ts'
import { makeScanner } from '../support/scanner.ts'
import { startService, type Service } from '../support/service.ts'

// As GitHub documents it, for those who write a receiver.
const GITHUB = {
  keyId: '90a421169f0a406205f1563a953312f0be898d3c7b6c06b681aa86a874555f4a',
  pem: '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9MJJHnMfn2+H4xL4YaPDA4RpJqUq\nkCmRCBnYERxZanmcpzQSXs1X/AljlKkbJ8qpVIW4clayyef9gWhFbNHWAA==\n-----END PUBLIC KEY-----\n',
  body: '[{"token":"some_token","type":"some_type","url":"some_url"}]',
  signature: 'MEUCIQDKZokqnCjrRtw0tni+2Ltvl/uiMJ1EGumEsp1BsNr32AIgQY1YXD2nlj+XNfGK4rBfkMJ1JDOQcYXxa2sY8FNkrKc=',
}

function startWith(keys: readonly { key_identifier: string; key: string }[]): Service {
  return startService({}, { fetchUrl: async () => Response.json({ public_keys: keys }) })
}

async function report(service: Service, keyId: string, signature: string, body: string): Promise<Response> {
  return await service.request('/api/leaked-keys', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Github-Public-Key-Identifier': keyId,
      'Github-Public-Key-Signature': signature,
    },
    body,
  })
}

describe('POST /api/leaked-keys', () => {
  it('takes the message that GitHub documents, and touches no store for what is no key of ours', async () => {
    const service = startWith([{ key_identifier: GITHUB.keyId, key: GITHUB.pem }])
    const response = await report(service, GITHUB.keyId, GITHUB.signature, GITHUB.body)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual([
      { token_hash: expect.stringMatching(/^[0-9a-f]{64}$/), token_type: 'some_type', label: 'false_positive' },
    ])
    expect(service.fetched).toEqual(['https://api.github.com/meta/public_keys/secret_scanning'])
    expect(service.counts).toMatchObject(NO_IO)
  })

  it('refuses it with one byte changed, under another key id, or without a signature', async () => {
    const service = startWith([{ key_identifier: GITHUB.keyId, key: GITHUB.pem }])
    const { keyId, signature, body } = GITHUB
    for (const [id, signed, text] of [
      [keyId, signature, body.replace('some_url', 'some_urL')],
      [keyId.replace('9', '8'), signature, body],
      [keyId, signature.replace('MEUC', 'MEQC'), body],
      [keyId, `${signature}AA`, body],
      [keyId, 'x', body],
      [keyId, '', body],
    ] as const) {
      const response = await report(service, id, signed, text)
      expect(response.status).toBe(400)
      expect(await response.json()).toEqual({ detail: 'Invalid signature' })
    }
    // An unknown id asks for the keys again, once in half a minute.
    expect(service.fetched.length).toBeLessThanOrEqual(2)
  })

  it('switches a key off at once, tells its owner and leaves a trace, and says which ones are no keys', async () => {
    const scanner = await makeScanner()
    const service = startWith([scanner.published])
    const key = await makeKey()
    const other = await makeKey({ user: key })
    expect((await call(service, key.rawKey, 'GET', '/api/me')).status).toBe(200)
    const url = 'https://github.com/octocat/Hello-World/blob/1/foo.txt'
    const junk = randomKey()
    const body = JSON.stringify([
      { token: key.rawKey, type: 'lynxgate_api_key', url, source: 'content' },
      { token: junk, type: 'lynxgate_api_key', url, source: 'content' },
    ])
    const response = await report(service, scanner.published.key_identifier, await scanner.sign(body), body)
    const text = await response.text()
    expect((JSON.parse(text) as { label: string }[]).map(({ label }) => label)).toEqual([
      'true_positive',
      'false_positive',
    ])
    expect(text).not.toContain(key.rawKey)
    expect((await call(service, key.rawKey, 'GET', '/api/me')).status).toBe(401)
    expect((await call(startService(), key.rawKey, 'GET', '/api/me')).status).toBe(401)
    const { events } = await (
      await call(service, other.rawKey, 'GET', '/api/webhooks/events')
    ).json<{ events: { type: string; data: object }[] }>()
    expect(events).toMatchObject([
      { type: 'key.deactivated', data: { key_id: key.keyId, reason: 'leaked', found_at: url } },
    ])
    const trail = await (
      await call(service, other.rawKey, 'GET', '/api/audit')
    ).json<{ events: { action: string; actor: object }[] }>()
    expect(trail.events).toMatchObject([{ action: 'key.leaked', actor: { type: 'webhook', id: null } }])
  })

  it('tells once of a key that is found twice', async () => {
    const scanner = await makeScanner()
    const service = startWith([scanner.published])
    const key = await makeKey()
    const body = JSON.stringify([{ token: key.rawKey, type: 't', url: null }])
    for (let time = 0; time < 2; time++) {
      const response = await report(service, scanner.published.key_identifier, await scanner.sign(body), body)
      expect(await response.json()).toMatchObject([{ label: 'true_positive' }])
    }
    expect(await readColumn('SELECT count(*) FROM events WHERE user_id = ?', key.userId)).toBe(1)
  })

  it('is a 503 while the keys of the scanner cannot be had, and nothing is switched off', async () => {
    const scanner = await makeScanner()
    const service = startService({}, { fetchUrl: async () => new Response('', { status: 502 }) })
    const key = await makeKey()
    const body = JSON.stringify([{ token: key.rawKey, type: 't' }])
    const response = await report(service, scanner.published.key_identifier, await scanner.sign(body), body)
    expect(response.status).toBe(503)
    expect((await call(service, key.rawKey, 'GET', '/api/me')).status).toBe(200)
  })
})
