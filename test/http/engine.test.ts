// The gate as callers and the engine meet it: what crosses, in which form, and which failure becomes which answer.
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { call, makeKey, type TestKey } from '../support/callers.ts'
import { filmPart, FORM_TYPE, formOf } from '../support/forms.ts'
import {
  assertionKeyPem,
  defaultScript,
  failure,
  jobData,
  newAssertionKeyPem,
  newJobId,
  recordingEngine,
  startGate,
  success,
  type EngineScript,
  type RecordingEngine,
} from '../support/recording-engine.ts'
import { startService, type Service } from '../support/service.ts'

interface Gate {
  readonly engine: RecordingEngine
  readonly service: Service
  readonly key: TestKey
  /** A job of the key's user. */
  readonly jobId: string
}

/** A gate whose tenant has a job; the engine follows the script from then on and has received nothing yet. */
async function openGate(script?: EngineScript, variables?: Record<string, string>): Promise<Gate> {
  const engine = recordingEngine()
  const service = await startGate(engine, variables)
  const key = await makeKey()
  const jobId = newJobId()
  engine.script = () => success(jobData(jobId))
  const created = await call(service, key.rawKey, 'POST', '/api/v1/jobs', { video_id: `vid_of_${jobId}` })
  expect(created.status).toBe(200)
  engine.script = script ?? defaultScript()
  engine.received.length = 0
  service.logs.length = 0
  return { engine, service, key, jobId }
}

const envelopeOf = (message: string, detail: string, code: string) => ({
  success: false,
  message,
  error: { detail, code },
})

describe('the table of calls', () => {
  it('answers health to everybody, as the engine says it, and tells it of no user', async () => {
    const { service, engine } = await openGate()
    const response = await service.request('/api/v1/health')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ success: true, message: 'Done', data: { status: 'healthy' } })
    expect(Object.keys(engine.received[0]?.headers ?? {}).filter((name) => name.includes('lynxgate'))).toEqual([])
  })

  it.each([
    ['GET', '/api/v1/jobs/{id}', '/api/v1/jobs/{id}'],
    ['HEAD', '/api/v1/jobs/{id}', '/api/v1/jobs/{id}'],
    ['DELETE', '/api/v1/jobs/{id}', '/api/v1/jobs/{id}'],
    ['GET', '/api/v1/jobs/{id}/result', '/api/v1/jobs/{id}/result'],
  ])('forwards %s %s as it is', async (method, path, target) => {
    const { service, engine, key, jobId } = await openGate()
    const response = await call(service, key.rawKey, method, path.replace('{id}', jobId))
    expect(response.status).toBe(200)
    expect(engine.received).toHaveLength(1)
    expect(engine.received[0]).toMatchObject({
      method: method === 'HEAD' ? 'GET' : method,
      target: target.replace('{id}', jobId),
      redirect: 'manual',
    })
  })

  it('refuses a query that it does not know, and forwards none to the engine', async () => {
    const { service, engine, key, jobId } = await openGate()
    const path = `/api/v1/jobs/${jobId}`
    const response = await call(service, key.rawKey, 'GET', `${path}?expand=all&_method=DELETE`)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual(
      envelopeOf('Unprocessable Entity', 'expand: is not a known parameter', 'VALIDATION_ERROR'),
    )
    expect(engine.received).toEqual([])
    expect((await service.request('/api/v1/health?probe=1')).status).toBe(200)
    expect(engine.received).toMatchObject([{ target: '/api/v1/health' }])
  })

  it.each([
    ['PUT', '/api/v1/jobs', 'POST, GET, HEAD'],
    ['POST', '/api/v1/health', 'GET, HEAD'],
    ['GET', '/api/v1/videos/upload', 'POST'],
    ['POST', '/api/v1/jobs/job_1', 'GET, HEAD, DELETE'],
    ['DELETE', '/api/v1/jobs/job_1/result', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/jobs', 'POST, GET, HEAD'],
  ])('says 405 to %s %s before it asks who is calling', async (method, path, allow) => {
    const { service, engine } = await openGate()
    const response = await service.request(path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')).toBe(allow)
    expect(await response.json()).toEqual(envelopeOf('Method Not Allowed', 'Method Not Allowed', 'METHOD_NOT_ALLOWED'))
    expect(engine.received).toEqual([])
  })

  it.each([
    '/api/v1',
    '/api/v1/',
    '/api/v1/admin',
    '/api/v1/../admin',
    '/api/v1/jobs/',
    '/api/v1/jobs/../admin',
    '/api/v1/%2e%2e/admin',
    '/api/v1/..%2fadmin',
    '/api/v1/%252e%252e/admin',
    '/api/v1/..%5cadmin',
    '/api/v1//jobs',
    '//api/v1/jobs',
    '/api/v1/./jobs/',
    '/api/v1/..;/admin',
    '/api/v1/jobs;x=1',
    '/api/v1/jobs%00',
    '/api/v1/jobs%0d%0aX-Injected:%201',
    '/api/v1/%c0%ae%c0%ae/admin',
    '/%61pi/v1/jobs',
    '/api/v1/%6aobs',
    '/api/v1/jobs%2fjob_1',
    '/api/v1/jobs/job_1%2fresult',
    '/api/v1/jobs/job_1/result/',
    '/api/v1/jobs/job_1/resul%74',
    '/api/v1/jobs/%2e%2e%2fadmin',
    '/api/v1/jobs/a%2e%2e',
    '/api/v1/jobs/job_1%00',
    '/api/v1/jobs/job_1%0d%0a',
    '/api/v1/jobs/job_1;admin',
    '/api/v1/jobs/job_1%3f',
    '/api/v1/jobs/%252e%252e',
  ])('answers 404 to %s, with every credential, and the engine hears nothing', async (path) => {
    const { service, engine, key } = await openGate()
    for (const method of ['GET', 'POST', 'DELETE']) {
      const response = await call(service, key.rawKey, method, `https://api.example.com${path}`)
      expect([404, 405]).toContain(response.status)
      expect(response.headers.get('Content-Type')).toContain('application/json')
    }
    expect(engine.received).toEqual([])
  })

  it('knows a job by its own spelling only', async () => {
    const { service, engine, key, jobId } = await openGate()
    const encoded = `%${jobId.charCodeAt(0).toString(16)}${jobId.slice(1)}`
    const response = await call(service, key.rawKey, 'GET', `/api/v1/jobs/${encoded}`)
    expect(response.status).toBe(404)
    expect(engine.received).toEqual([])
  })

  it('ignores X-HTTP-Method-Override and its kin', async () => {
    const { service, engine, key, jobId } = await openGate()
    const overrides = { 'X-HTTP-Method-Override': 'DELETE', 'X-HTTP-Method': 'DELETE', 'X-Method-Override': 'DELETE' }
    await service.request(`/api/v1/jobs/${jobId}`, { headers: { Authorization: key.rawKey, ...overrides } })
    expect(engine.received[0]?.method).toBe('GET')
    expect(Object.keys(engine.received[0]?.headers ?? {}).join()).not.toContain('override')
  })
})

describe('authentication', () => {
  it.each([
    ['GET', '/api/v1/jobs'],
    ['POST', '/api/v1/jobs'],
    ['POST', '/api/v1/videos/upload'],
    ['GET', '/api/v1/jobs/job_1'],
    ['DELETE', '/api/v1/jobs/job_1'],
    ['GET', '/api/v1/jobs/job_1/result'],
  ])('of %s %s is due before the engine hears of it', async (method, path) => {
    const { service, engine } = await openGate()
    for (const headers of [{}, { Authorization: 'Bearer nonsense' }, { Authorization: `lvz_live_${'0'.repeat(64)}` }]) {
      const response = await service.request(path, { method, headers })
      expect(response.status).toBe(401)
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
      expect(await response.json()).toEqual(
        envelopeOf('Unauthorized', 'Missing or invalid authentication credentials.', 'UNAUTHORIZED'),
      )
    }
    expect(engine.received).toEqual([])
  })

  it.each([
    ['engine:read', 'POST', '/api/v1/jobs', 'engine:write'],
    ['engine:read', 'DELETE', '/api/v1/jobs/job_1', 'engine:write'],
    ['engine:read', 'POST', '/api/v1/videos/upload', 'engine:write'],
    ['engine:write', 'GET', '/api/v1/jobs', 'engine:read'],
    ['videos:read videos:write', 'GET', '/api/v1/jobs/job_1/result', 'engine:read'],
  ])('with %s only, refuses %s %s', async (scopes, method, path, missing) => {
    const { service, engine } = await openGate()
    const { rawKey } = await makeKey({ scopes })
    const response = await call(service, rawKey, method, path)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual(envelopeOf('Forbidden', `API key lacks the scope ${missing}`, 'FORBIDDEN'))
    expect(engine.received).toEqual([])
  })

  it('refuses an upgrade without a credential with 401, and one that is no GET with 400', async () => {
    const { service, engine, key, jobId } = await openGate()
    const upgrade = { Upgrade: 'websocket', Connection: 'Upgrade' }
    const anonymous = await service.request(`/api/v1/jobs/${jobId}`, { headers: upgrade })
    expect(anonymous.status).toBe(401)
    const post = await service.request('/api/v1/jobs', {
      method: 'POST',
      headers: { ...upgrade, Authorization: key.rawKey },
    })
    expect(post.status).toBe(400)
    expect(await post.json()).toMatchObject({ error: { code: 'BAD_REQUEST' } })
    expect(engine.received).toEqual([])
  })
})

describe('what the engine gets', () => {
  const sent = async (headers: Record<string, string>, variables?: Record<string, string>) => {
    const { service, engine, key, jobId } = await openGate(undefined, variables)
    await service.request(`/api/v1/jobs/${jobId}`, { headers: { Authorization: `Bearer ${key.rawKey}`, ...headers } })
    const [received] = engine.received
    if (received === undefined) throw new Error('nothing arrived')
    return { headers: received.headers, key }
  }

  it('is a short list of headers, whatever the caller sends', async () => {
    const { headers, key } = await sent({
      Cookie: 'session=1',
      'Proxy-Authorization': 'Basic x',
      'X-Api-Key': 'k',
      Accept: 'application/json',
      'CF-Connecting-IP': '203.0.113.7',
      'X-Forwarded-For': '198.51.100.1',
      'X-Forwarded-Host': 'evil.example',
      'X-Real-IP': '198.51.100.1',
      Forwarded: 'for=198.51.100.1',
      'True-Client-IP': '198.51.100.1',
      'X-Lynxgate-User': 'somebody-else',
      X_Lynxgate_User: 'somebody-else',
      'x-lynxgate_assertion': 'a.b.c',
      Connection: 'X-Lynxgate-User, close',
      Range: 'bytes=0-1',
    })
    expect(Object.keys(headers).sort()).toEqual([
      'accept',
      'traceparent',
      'x-forwarded-for',
      'x-lynxgate-assertion',
      'x-lynxgate-user',
      'x-request-id',
    ])
    expect(headers).toMatchObject({ 'x-forwarded-for': '203.0.113.7', 'x-lynxgate-user': key.userId })
  })

  it('has the request id of the answer, and a valid trace', async () => {
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const { headers } = await sent({ 'X-Request-Id': 'request-1234', Traceparent: trace })
    expect(headers).toMatchObject({ 'x-request-id': 'request-1234', traceparent: trace })
    const replaced = await sent({ 'X-Request-Id': 'x'.repeat(1024), Traceparent: '00-xyz-1-01' })
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(replaced.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
  })

  it('has the operator’s secret headers', async () => {
    const { headers } = await sent(
      { 'CF-Access-Client-Id': 'mine' },
      { CLIPZY_HEADERS: '{"CF-Access-Client-Id":"id","CF-Access-Client-Secret":"secret"}' },
    )
    expect(headers).toMatchObject({ 'cf-access-client-id': 'id', 'cf-access-client-secret': 'secret' })
  })

  it('has an assertion that its public keys prove', async () => {
    const { service, engine, key, jobId } = await openGate(undefined, { CLIPZY_ORIGIN: 'https://engine.example/base/' })
    const scoped = await makeKey({ user: key, scopes: 'engine:read' })
    await service.request(`/api/v1/jobs/${jobId}`, {
      headers: { Authorization: scoped.rawKey, 'X-Request-Id': 'request-1234' },
    })
    expect(engine.received[0]?.target).toBe(`/base/api/v1/jobs/${jobId}`)
    const published = await service.request('/api/v1/.well-known/jwks.json')
    expect(published.headers.get('Cache-Control')).toBe('public, max-age=300')
    const keys = createLocalJWKSet((await published.json()) satisfies JSONWebKeySet)
    const assertion = engine.received[0]?.headers['x-lynxgate-assertion'] ?? ''
    const { payload, protectedHeader } = await jwtVerify(assertion, keys, {
      issuer: 'lynxgate',
      audience: 'https://engine.example',
      algorithms: ['EdDSA'],
      currentDate: new Date(service.clock.nowMs),
    })
    const now = Math.floor(service.clock.nowMs / 1000)
    expect(payload).toMatchObject({
      sub: key.userId,
      scope: 'engine:read',
      request_id: 'request-1234',
      iat: now,
      exp: now + 60,
    })
    expect(protectedHeader.kid).toMatch(/^[\w-]{43}$/)
  })

  it('can still prove assertions of the key before, and the old key’s private half is never published', async () => {
    const oldPem = await newAssertionKeyPem()
    const before = startService({ ASSERTION_PRIVATE_KEY: oldPem }, { engine: recordingEngine().binding })
    const old = (await (await before.request('/api/v1/.well-known/jwks.json')).json()) as JSONWebKeySet
    const after = await startGate(recordingEngine(), { ASSERTION_PUBLIC_KEYS_OLD: JSON.stringify(old) })
    const keys = (await (await after.request('/api/v1/.well-known/jwks.json')).json()) as JSONWebKeySet
    expect(keys.keys).toHaveLength(2)
    expect(keys.keys[1]).toEqual(old.keys[0])
    expect(keys.keys.every((key) => !('d' in key))).toBe(true)
  })
})

describe('what the caller gets', () => {
  it('is the engine’s envelope byte for byte, and few of its headers', async () => {
    const body = '{ "success" : true,\n "data": {"big": 12345678901234567890, "é": "\\u00e9"} }'
    const { service, key, jobId } = await openGate(
      () =>
        new Response(body, {
          status: 202,
          headers: {
            'Content-Type': 'text/html',
            'Set-Cookie': 'a=1',
            Server: 'uvicorn',
            'X-Powered-By': 'x',
            'Access-Control-Allow-Origin': '*',
            'Access-Control-Allow-Credentials': 'true',
            'Cache-Control': 'public, max-age=60',
            'Retry-After': '7',
            'X-Lynxgate-User': 'x',
            Link: '<http://10.0.0.1>; rel="next"',
          },
        }),
    )
    const response = await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}/result`)
    expect(response.status).toBe(202)
    expect(await response.text()).toBe(body)
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'retry-after': '7',
      vary: 'Origin',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    })
  })

  it.each([404, 409, 413, 422, 429, 500, 503])('is the engine’s own %i envelope', async (status) => {
    const { service, key, jobId } = await openGate(() => failure(status, 'RESULT_NOT_READY'))
    const response = await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}/result`)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual(envelopeOf('No', 'for a reason', 'RESULT_NOT_READY'))
  })

  it.each<[string, () => Response, string]>([
    ['HTML', () => new Response('<html>welcome</html>'), 'answered 200 without an envelope'],
    ['plain text', () => new Response('ok'), 'answered 200 without an envelope'],
    ['nothing', () => new Response(null, { status: 204 }), 'answered 204 without an envelope'],
    ['another JSON', () => Response.json({ detail: 'x' }, { status: 422 }), 'answered 422 without an envelope'],
    [
      'JSON of more than 200 levels',
      () => new Response(`{"success":true,"data":${'['.repeat(200)}${']'.repeat(200)}}`),
      'answered 200 without an envelope',
    ],
    ['bytes that are no UTF-8', () => new Response(new Uint8Array([0xff])), 'answered 200 without an envelope'],
    ['a redirect', () => Response.redirect('https://evil.example/', 302), 'answered 302'],
    ['its own 401', () => failure(401, 'UNAUTHORIZED'), 'refused the gate with 401'],
    ['its own 403', () => failure(403, 'FORBIDDEN'), 'refused the gate with 403'],
    ['more than 8 MiB', () => success('x'.repeat(8 * 1024 * 1024)), 'answer_too_large'],
  ])('is 502 when the engine answers with %s', async (_case, script, reason) => {
    const { service, key, jobId, engine } = await openGate(script)
    const response = await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)
    expect(response.status).toBe(502)
    expect(await response.json()).toEqual(envelopeOf('Bad Gateway', 'Engine gave no usable answer', 'BAD_GATEWAY'))
    expect(engine.received).toHaveLength(1)
    expect(service.logs).toContainEqual(expect.objectContaining({ status: 502, reason: `engine: ${reason}` }))
  })

  it.each([520, 521, 525, 530])('is 503 when Cloudflare says %i in the engine’s place', async (status) => {
    const { service, key, jobId } = await openGate(() => new Response('error code', { status }))
    const response = await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(await response.json()).toEqual(
      envelopeOf('Service Unavailable', 'Engine is temporarily unavailable', 'SERVICE_UNAVAILABLE'),
    )
  })

  it('is 504 when no answer comes in time, after one attempt', async () => {
    const { service, key, jobId, engine } = await openGate(() => new Promise<Response>(() => undefined), {
      CLIPZY_TIMEOUT_SECONDS: '1',
    })
    const response = await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)
    expect(response.status).toBe(504)
    expect(await response.json()).toEqual(
      envelopeOf('Gateway Timeout', 'Engine did not answer in time', 'GATEWAY_TIMEOUT'),
    )
    expect(engine.received).toHaveLength(1)
  })

  it('is 503 without an engine, and still 404 and 401 where those are due', async () => {
    const service = startService()
    const { rawKey } = await makeKey()
    for (const path of ['/api/v1/health', '/api/v1/jobs', '/api/v1/jobs/job_1', '/api/v1/.well-known/jwks.json']) {
      const response = await call(service, rawKey, 'GET', path)
      expect(response.status).toBe(503)
      expect(response.headers.get('Retry-After')).toBe('60')
      expect(await response.json()).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } })
    }
    expect((await service.request('/api/v1/jobs')).status).toBe(401)
    expect((await service.request('/api/v1/nothing')).status).toBe(404)
  })
})

describe('a call to an unreachable engine', () => {
  const gone: EngineScript = () => {
    throw new Error('Network connection lost.')
  }

  it('happens twice for a GET and once for anything else', async () => {
    for (const [method, path, attempts] of [
      ['GET', '/jobs/{id}', 2],
      ['GET', '/jobs/{id}/result', 2],
      ['DELETE', '/jobs/{id}', 1],
      ['POST', '/jobs', 1],
      ['POST', '/videos/upload', 1],
    ] as const) {
      const { service, key, jobId, engine } = await openGate(gone)
      const isUpload = path === '/videos/upload'
      const response = await service.request(`/api/v1${path.replace('{id}', jobId)}`, {
        method,
        headers: { Authorization: key.rawKey, 'Content-Type': isUpload ? FORM_TYPE : 'application/json' },
        ...(method === 'POST' && { body: isUpload ? formOf(filmPart()) : '{}' }),
      })
      expect(response.status).toBe(503)
      expect(engine.received).toHaveLength(attempts)
      expect(service.logs.at(-1)).toMatchObject({ reason: 'engine: unreachable' })
    }
  })

  it('is answered by the second attempt of a GET when that one gets through', async () => {
    const { service, key, jobId, engine } = await openGate()
    engine.script = (received) => (engine.received.length === 1 ? gone(received) : defaultScript()(received))
    expect((await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)).status).toBe(200)
  })

  it('opens the circuit at the fifth in a row, until a probe gets through', async () => {
    const { service, key, jobId, engine } = await openGate(gone)
    const status = async () => (await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)).status
    for (let attempt = 0; attempt < 5; attempt++) expect(await status()).toBe(503)
    expect(engine.received).toHaveLength(10)

    const refused = await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('Retry-After')).toBe('5')
    expect(service.logs.at(-1)).toMatchObject({ reason: 'engine: circuit is open' })
    expect(engine.received).toHaveLength(10)

    service.clock.nowMs += 5000
    expect(await status()).toBe(503)
    expect(engine.received).toHaveLength(12)
    expect(await status()).toBe(503)
    expect(engine.received).toHaveLength(12)

    engine.script = defaultScript()
    service.clock.nowMs += 5000
    expect(await status()).toBe(200)
    expect(await status()).toBe(200)
  })

  it('is probed by a call that reaches the engine, and not by one that the gate refuses on the way', async () => {
    const { service, key, jobId, engine } = await openGate(gone)
    for (let attempt = 0; attempt < 5; attempt++) await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)
    engine.script = defaultScript()
    service.clock.nowMs += 5000
    const refused = await service.request('/api/v1/videos/upload', {
      method: 'POST',
      headers: { Authorization: key.rawKey, 'Content-Type': FORM_TYPE },
      body: 'no form',
    })
    expect(refused.status).toBe(422)
    expect((await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)).status).toBe(200)
  })

  it('does not open the circuit when the engine answers, however badly', async () => {
    const { service, key, jobId } = await openGate(() => new Response('<html>', { status: 500 }))
    for (let attempt = 0; attempt < 8; attempt++) {
      expect((await call(service, key.rawKey, 'GET', `/api/v1/jobs/${jobId}`)).status).toBe(502)
    }
  })
})

describe('a body', () => {
  it('of a job arrives written again, in ASCII, with a type of the gate’s own', async () => {
    const { service, key, engine } = await openGate()
    await service.request('/api/v1/jobs', {
      method: 'POST',
      headers: { Authorization: key.rawKey, 'Content-Type': 'application/json; charset="UTF-8"' },
      body: '{"video_id":"vid_new",  "config":{"n":1.50,"title":"Ä"}}',
    })
    expect(engine.received[0]?.body).toBe(String.raw`{"video_id":"vid_new","config":{"n":1.5,"title":"\u00c4"}}`)
    expect(engine.received[0]?.headers['content-type']).toBe('application/json')
  })

  it.each([
    ['{', 400, 'Invalid JSON body', 'BAD_REQUEST'],
    ['{"video_id":"a","video_id":"b"}', 422, 'video_id: is given more than once', 'VALIDATION_ERROR'],
    [`{"x":"${'x'.repeat(65_536)}"}`, 413, 'Request body is too large', 'PAYLOAD_TOO_LARGE'],
  ])('of a job that is %.30s is refused with %i', async (body, status, detail, code) => {
    const { service, key, engine } = await openGate()
    const response = await service.request('/api/v1/jobs', {
      method: 'POST',
      headers: { Authorization: key.rawKey, 'Content-Type': 'application/json' },
      body,
    })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { detail, code } })
    expect(engine.received).toEqual([])
  })

  it('of a job that is no JSON by its type is refused with 415', async () => {
    const { service, key, engine } = await openGate()
    const response = await service.request('/api/v1/jobs', {
      method: 'POST',
      headers: { Authorization: key.rawKey, 'Content-Type': 'text/plain' },
      body: '{}',
    })
    expect(response.status).toBe(415)
    expect(engine.received).toEqual([])
  })

  it('of an upload arrives as it was sent, up to the limit and not a byte further', async () => {
    const { service, key, engine } = await openGate(undefined, { CLIPZY_MAX_BODY_BYTES: '1000' })
    const frameBytes = formOf(filmPart('')).length
    const upload = async (size: number) =>
      await service.request('/api/v1/videos/upload', {
        method: 'POST',
        headers: {
          Authorization: key.rawKey,
          'Content-Type': 'Multipart/Form-Data;charset="utf-8"; boundary="b"',
          'Content-Length': String(size),
        },
        body: formOf(filmPart('x'.repeat(size - frameBytes))),
      })
    expect((await upload(1000)).status).toBe(200)
    expect(engine.received[0]).toMatchObject({ body: formOf(filmPart('x'.repeat(1000 - frameBytes))) })
    expect(engine.received[0]?.headers['content-type']).toBe('multipart/form-data; boundary=b')
    const refused = await upload(1001)
    expect(refused.status).toBe(413)
    expect(await refused.json()).toEqual(
      envelopeOf('Payload Too Large', 'Request body is too large', 'PAYLOAD_TOO_LARGE'),
    )
    expect(engine.received).toHaveLength(1)
  })

  it('of a form of any length arrives whole, whether or not its length is said', async () => {
    const { service, key, engine } = await openGate()
    for (const size of [0, 1, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 98_304, 300_000]) {
      const form = formOf(filmPart('x'.repeat(size)))
      const { readable, writable } = new IdentityTransformStream()
      const writer = writable.getWriter()
      void writer.write(new TextEncoder().encode(form)).then(async () => await writer.close())
      for (const body of [form, readable]) {
        const response = await service.request('/api/v1/videos/upload', {
          method: 'POST',
          headers: { Authorization: key.rawKey, 'Content-Type': FORM_TYPE },
          body,
        })
        expect(response.status).toBe(200)
        expect(engine.received.pop()?.body === form, `${size} bytes`).toBe(true)
      }
    }
  })

  it('of any other method is none: neither it nor its type reaches the engine', async () => {
    const { service, key, engine, jobId } = await openGate()
    await service.request(`/api/v1/jobs/${jobId}`, {
      method: 'DELETE',
      headers: { Authorization: key.rawKey, 'Content-Type': 'application/json; charset=utf-7' },
      body: '{"video_id":"vid_1"}',
    })
    expect(engine.received[0]).toMatchObject({ method: 'DELETE', body: '' })
    expect(engine.received[0]?.headers['content-type']).toBeUndefined()
  })
})

describe('CORS at the gate', () => {
  const LISTED = 'https://app.example.com'
  const loose: EngineScript = () =>
    success(null, { headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true' } })

  it.each([
    ['a listed origin', LISTED, LISTED],
    ['an unlisted one', 'https://evil.example', null],
    ['null', 'null', null],
  ])('is the gate’s own for %s, whatever the engine says', async (_case, origin, allowed) => {
    const { service, key, jobId } = await openGate(loose, { CORS_ORIGINS: LISTED })
    const headers = { Origin: origin, Authorization: key.rawKey }
    for (const path of [`/api/v1/jobs/${jobId}/result`, '/api/v1/jobs/unknown', '/api/v1/health', '/api/v1/nothing']) {
      const response = await service.request(path, { headers })
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(allowed)
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
      expect(response.headers.get('Vary')).toBe('Origin')
    }
  })

  it('answers a preflight without a credential and without the engine', async () => {
    const { service, engine } = await openGate(loose, { CORS_ORIGINS: LISTED })
    const response = await service.request('/api/v1/jobs', {
      method: 'OPTIONS',
      headers: {
        Origin: LISTED,
        'Access-Control-Request-Method': 'TRACE',
        'Access-Control-Request-Headers': 'X-Lynxgate-User',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Methods')).not.toContain('TRACE')
    expect(response.headers.get('Access-Control-Allow-Headers')).not.toContain('Lynxgate')
    expect(engine.received).toEqual([])
  })
})

describe('the configuration of an engine', () => {
  const problems = async (variables: Record<string, string>) => {
    try {
      startService({ ASSERTION_PRIVATE_KEY: await assertionKeyPem(), ...variables })
      return 'none'
    } catch (error) {
      return String(error)
    }
  }

  it('needs a key for assertions', async () => {
    expect(await problems({ CLIPZY_ORIGIN: 'https://engine.example', ASSERTION_PRIVATE_KEY: '' })).toContain(
      'ASSERTION_PRIVATE_KEY',
    )
  })

  it.each([
    ['CLIPZY_ORIGIN', 'engine.example'],
    ['CLIPZY_ORIGIN', 'ftp://engine.example'],
    ['CLIPZY_ORIGIN', 'https://user:pass@engine.example'],
    ['CLIPZY_ORIGIN', 'https://engine.example/?a=1'],
    ['CLIPZY_HEADERS', 'X-Secret: s'],
    ['CLIPZY_HEADERS', '{"X-Secret":1}'],
    ['CLIPZY_HEADERS', '{"X_Lynxgate_User":"somebody"}'],
    ['CLIPZY_HEADERS', '{"X-Secret":"a\\r\\nHost: b"}'],
    ['CLIPZY_TIMEOUT_SECONDS', 'soon'],
    ['CLIPZY_MAX_BODY_BYTES', '-20'],
    ['ASSERTION_PRIVATE_KEY', '-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----'],
    ['ASSERTION_PUBLIC_KEYS_OLD', '{"keys":[{"kty":"RSA"}]}'],
    ['ASSERTION_PUBLIC_KEYS_OLD', `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"${'A'.repeat(43)}","d":"secret"}]}`],
  ])('reports a wrong %s and never its value: %s', async (name, value) => {
    const reported = await problems({ CLIPZY_ORIGIN: 'https://engine.example', [name]: value })
    expect(reported).toContain(name)
    expect(reported).not.toContain(value.slice(0, 12))
  })
})
