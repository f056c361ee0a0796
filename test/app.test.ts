// What holds for every response, whatever the route.
import { describe, expect, it } from 'vitest'
import { contract } from '../src/api/contract.ts'
import { splitRoute, type Operation } from '../src/api/operation.ts'
import { createMisconfiguredApp } from '../src/app.ts'
import { readConfig } from '../src/config/config.ts'
import { realWorld } from '../src/deps/world.ts'
import { makeKey } from './support/callers.ts'
import { ORIGIN, startService } from './support/service.ts'
import { makeVideo } from './support/videos.ts'

describe('an unknown path', () => {
  it('is a 404 in the LynxVizion error format', async () => {
    const response = await startService().request('/api/nowhere')
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Not Found' })
  })

  it('is a 404 in the Clipzy error format below /api/v1', async () => {
    const response = await startService().request('/api/v1/nowhere')
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      success: false,
      message: 'Not Found',
      error: { detail: 'Not Found', code: 'NOT_FOUND' },
    })
  })

  it('is a page with a way home for a browser outside the API', async () => {
    const response = await startService().request('/somewhere', { headers: { Accept: 'text/html,*/*;q=0.8' } })
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toContain('text/html')
    expect(await response.text()).toContain('href="/"')
  })

  it.each(['/%61pi/health', '/api//health', '//api/health', '/api/%68ealth', '/api/health%00', '/api/health;x'])(
    'is what %s is: a route answers its own spelling only',
    async (path) => {
      const response = await startService().request(ORIGIN + path)
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({ detail: 'Not Found' })
    },
  )
})

describe('a body that may be left out', () => {
  const optional = Object.entries<Operation>(contract).filter(([, { body }]) => body.kind === 'json' && body.isOptional)

  it.each(optional)('F11: may be no bytes in chunks and of any type: %s', async (_id, { route }) => {
    const { method, path } = splitRoute(route)
    const { rawKey } = await makeKey()
    for (const type of ['application/json', 'text/plain', '']) {
      const response = await startService().request(path.replace(/\{\w+\}/g, crypto.randomUUID()), {
        method,
        headers: { Authorization: rawKey, 'Content-Type': type },
        body: new ReadableStream({ start: (controller) => controller.close() }),
      })
      // Nothing is there under this id: what was sent is not what is wrong.
      expect(response.status).toBe(404)
    }
  })

  it('F11: is one of the contract', () => {
    expect(optional.map(([id]) => id)).toContain('rotateApiKey')
  })
})

describe('a known path with another method', () => {
  it('is a 405 that names the methods', async () => {
    const response = await startService().request('/api/health', { method: 'POST' })
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')).toBe('GET, HEAD')
    expect(await response.json()).toEqual({ detail: 'Method Not Allowed' })
  })

  it('is a 405 for a deep path too', async () => {
    const { jobId } = await makeVideo()
    const response = await startService().request(`/api/playback/stream/${jobId}/a/b.m3u8`, { method: 'DELETE' })
    expect(response.status).toBe(405)
  })
})

describe('X-Request-Id', () => {
  it('is kept when it is 8 to 64 harmless characters', async () => {
    const response = await startService().request('/api/health', { headers: { 'X-Request-Id': 'abc-DEF_123' } })
    expect(response.headers.get('X-Request-Id')).toBe('abc-DEF_123')
  })

  it.each(['short', 'x'.repeat(65), 'with space', 'a;b,c"d\'e'])('is replaced when it is %j', async (id) => {
    const response = await startService().request('/nowhere', { headers: { 'X-Request-Id': id } })
    expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('the log', () => {
  it('is one line a request that names the route and never the path', async () => {
    const service = startService()
    const { jobId } = await makeVideo()
    await service.request(`/api/playback/thumbnail/${jobId}?secret=1`)
    expect(service.logs).toHaveLength(1)
    expect(service.logs[0]).toMatchObject({
      level: 'info',
      message: 'request',
      surface: 'playback',
      method: 'GET',
      route: '/api/playback/thumbnail/{job_id}',
      status: 302,
    })
    expect(JSON.stringify(service.logs)).not.toContain(jobId)
  })

  it('names the class of a cause, and the body neither SQL nor values', async () => {
    const service = startService()
    service.failing.add('DB')
    const { jobId } = await makeVideo()
    const response = await service.request(`/api/playback/thumbnail/${jobId}`)
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(await response.json()).toEqual({ detail: 'Database is temporarily unavailable' })
    expect(service.logs[0]).toMatchObject({ level: 'error', status: 503, fault: 'unavailable' })
    const line = JSON.stringify(service.logs)
    expect(line).not.toMatch(/select/i)
    expect(line).not.toContain(jobId)
  })
})

describe('a wrong configuration', () => {
  const result = readConfig({
    DELIVERY: 's3',
    S3_BUCKET: 'media',
    CORS_ORIGINS: 'https://a.example.com/path',
    URL_TTL_SECONDS: 'x',
  })
  const problems = result.ok ? [] : result.problems

  it('is reported whole, by name and reason', () => {
    expect(problems).toEqual([
      { name: 'CLERK_ISSUER', reason: 'is required' },
      { name: 'CORS_ORIGINS', reason: expect.stringContaining('origins') },
      { name: 'S3_ENDPOINT', reason: 'is required: set it, or set R2_ACCOUNT_ID' },
      { name: 'R2_ACCESS_KEY_ID', reason: 'is required' },
      { name: 'R2_SECRET_ACCESS_KEY', reason: 'is required' },
      { name: 'URL_TTL_SECONDS', reason: 'must be a whole number from 60 to 604800' },
    ])
  })

  it.each([
    ['/api/videos', { detail: 'Server is misconfigured' }],
    [
      '/api/v1/jobs',
      {
        success: false,
        message: 'Internal Server Error',
        error: { detail: 'Server is misconfigured', code: 'INTERNAL_ERROR' },
      },
    ],
  ])('answers %s with a 500 in its error format', async (path, body) => {
    const app = createMisconfiguredApp(problems, { ...realWorld, log: () => undefined })
    const response = await app.request(path)
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual(body)
  })

  it('is told by health, without any value', async () => {
    const app = createMisconfiguredApp(problems, { ...realWorld, log: () => undefined })
    const response = await app.request('/api/health')
    expect(response.status).toBe(503)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ status: 'down', checks: { configuration: 'down' }, problems })
    expect(text).not.toContain('a.example.com')
  })
})

describe('GET /api/health', () => {
  it('is ok when everything answers', async () => {
    const response = await startService().request('/api/health')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      checks: { configuration: 'ok', database: 'ok', cache: 'ok', storage: 'ok' },
    })
  })

  it.each([
    ['DB', 503, 'down'],
    ['CACHE', 200, 'degraded'],
    ['MEDIA', 200, 'degraded'],
  ] as const)('with %s failing is %i %s', async (binding, status, word) => {
    const service = startService()
    service.failing.add(binding)
    const response = await service.request('/api/health')
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ status: word })
  })

  it('probes at most once in five seconds', async () => {
    const service = startService()
    await service.request('/api/health')
    await service.request('/api/health')
    expect(service.counts).toMatchObject({ d1Reads: 1, kvReads: 1, r2Reads: 1 })
    service.clock.nowMs += 5000
    await service.request('/api/health')
    expect(service.counts).toMatchObject({ d1Reads: 2, kvReads: 2, r2Reads: 2 })
  })
})

describe('GET /api/openapi.json', () => {
  it('F21: describes each number in a query as an integer with its bounds and a default among them', async () => {
    const response = await startService().request('/api/openapi.json')
    interface Parameter {
      readonly name: string
      readonly in: string
      readonly schema: { type?: unknown; minimum?: unknown; maximum?: unknown; default?: unknown }
    }
    const { paths } = await response.json<{ paths: Record<string, Record<string, { parameters?: Parameter[] }>> }>()
    const inQuery = Object.values(paths)
      .flatMap((methods) => Object.values(methods).flatMap(({ parameters = [] }) => parameters))
      .filter((parameter) => parameter.in === 'query')
    const numbers = inQuery.filter(({ name }) => /^(?:page|page_size|limit)$/.test(name))
    expect(numbers.length).toBeGreaterThanOrEqual(4)
    for (const { name, schema } of numbers) {
      expect(schema, name).toMatchObject({ type: 'integer', minimum: 1, maximum: expect.any(Number) })
    }
    for (const { name, schema } of inQuery) {
      if (schema.default !== undefined)
        expect(typeof schema.default, name).toBe(schema.type === 'integer' ? 'number' : 'string')
    }
    expect(paths['/api/v1/jobs']?.['get']?.parameters?.map(({ schema }) => schema)).toEqual([
      { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
      { type: 'integer', minimum: 1, maximum: 100, default: 10 },
    ])
  })

  it('describes every route that is there', async () => {
    const response = await startService().request('/api/openapi.json')
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=300')
    const document = (await response.json()) as { openapi: string; paths: Record<string, object>; servers: object[] }
    expect(document.openapi).toBe('3.1.0')
    expect(document.servers).toEqual([{ url: ORIGIN }])
    expect(document.paths['/api/playback/direct']).toMatchObject({
      get: {
        security: [],
        parameters: expect.arrayContaining([expect.objectContaining({ name: 'job_id', in: 'query' })]),
      },
    })
    expect(document.paths['/api/videos']).toMatchObject({
      get: {
        parameters: expect.arrayContaining([
          expect.objectContaining({ name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 100 } }),
        ]),
      },
    })
    expect(document.paths['/api/me']).toMatchObject({ get: { security: [{ session: [] }, { apiKey: [] }] } })
    expect(document.paths['/api/keys/{key_id}/rotate']).toMatchObject({
      post: {
        security: [{ session: [] }, { apiKey: ['keys:write'] }],
        requestBody: { required: false },
        parameters: [{ name: 'key_id', in: 'path' }],
      },
    })
  })
})
