// Query parameters that a route does not know: a misspelt one must not change what is done. The walk takes the routes
// from the API's own description, so that a new one is in it.
import { describe, expect, it } from 'vitest'
import { readColumn } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO } from '../support/known-caller.ts'
import { startService } from '../support/service.ts'

const ID = '7d1c1c1e-5a07-4c1e-9d0c-0b8f4b9e7a11'
const DETAIL = 'unheard_of: is not a known parameter'
const ENVELOPE = {
  success: false,
  message: 'Unprocessable Entity',
  error: { detail: DETAIL, code: 'VALIDATION_ERROR' },
}

/** Players, probes and links add parameters to these: what each answers about an id that belongs to nothing. */
const OPEN: Readonly<Record<string, number>> = {
  'GET /': 200,
  'GET /api/health': 200,
  'GET /api/oembed': 422,
  'GET /api/playback/direct': 404,
  'GET /api/playback/stream/{job_id}': 404,
  'GET /api/playback/stream/{job_id}/{path}': 404,
  'GET /api/playback/thumbnail/{job_id}': 404,
  'GET /api/v1/health': 503,
  'GET /console': 200,
  'GET /console/{path}': 200,
  'GET /docs': 200,
  'GET /embed/{job_id}': 404,
  'GET /media/{key}': 404,
  'GET /r/{share_hash}': 404,
  'GET /watch/{job_id}': 404,
  'GET /v/{session}/{path}': 403,
  'POST /v/{session}/events': 410,
  'PUT /media/{key}': 411,
}

const service = startService({ CLERK_WEBHOOK_SECRET: `whsec_${btoa('a secret of a webhook')}` })

async function endpoints(): Promise<readonly (readonly [string, string])[]> {
  const response = await service.request('/api/openapi.json')
  const { paths } = await response.json<{ paths: Record<string, Record<string, unknown>> }>()
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'head')
      .map((method) => [method.toUpperCase(), path] as const),
  )
}

/** A body that is in order, so that nothing but the query can be wrong. */
function bodyOf(method: string, path: string): Record<string, unknown> | undefined {
  if (method === 'PATCH') return { name: 'another' }
  if (method === 'DELETE') return path === '/api/storage/files' ? { keys: ['a.mp4'] } : undefined
  return method === 'POST' ? {} : undefined
}

describe('an unknown query parameter', () => {
  it('F14: is a 422 in the path’s error format on every route, but where others add parameters', async () => {
    const caller = await knownCaller({ service })
    const answers: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const [method, path] of await endpoints()) {
      const name = `${method} ${path}`
      const address = `${path.replaceAll(/\{\w+\}/g, ID)}?unheard_of=1${path.endsWith('/direct') ? `&job_id=${ID}` : ''}`
      service.reset()
      const response = await caller.ask(method, address, bodyOf(method, path))
      const isOpen = name in OPEN
      answers[name] = isOpen ? response.status : [response.status, await response.json(), { ...service.counts }]
      expected[name] = isOpen
        ? OPEN[name]
        : [422, path.startsWith('/api/v1/') ? ENVELOPE : { detail: DETAIL }, { ...NO_IO, limits: 0, streams: 0 }]
    }
    expect(answers).toEqual(expected)
    expect(Object.keys(answers)).toEqual(expect.arrayContaining([...Object.keys(OPEN), 'POST /api/webhooks/clerk']))
  })

  it('F14: of DELETE, misspelt, deletes nothing', async () => {
    const caller = await knownCaller({ service })
    await env.MEDIA.put(`${caller.folder}film.mp4`, 'a film')
    await caller.ask('POST', '/api/processing/register-upload', { file_path: 'film.mp4' })
    const find = 'SELECT job_id FROM videos WHERE user_id = ?'
    const jobId = String(await readColumn(find, caller.key.userId))
    expect(await caller.answer('DELETE', `/api/videos/${jobId}?file=true`)).toEqual([
      422,
      { detail: 'file: is not a known parameter' },
    ])
    expect(await readColumn(find, caller.key.userId)).toBe(jobId)
    expect(await caller.answer('DELETE', `/api/videos/${jobId}?%66iles=true`)).toEqual([
      200,
      { ok: true, deleted: 1, remaining: 0 },
    ])
  })

  it.each([
    ['/api/videos?search=cat', 'search'],
    ['/api/videos?order=name&limit=10', 'order'],
    ['/api/videos?limit=10&project=1', 'project'],
    ['/api/videos?Limit=10', 'Limit'],
    ['/api/videos?limit%20=10', 'limit '],
    ['/api/videos?__proto__=1', '__proto__'],
    ['/api/videos?toString=1', 'toString'],
    ['/api/videos?=1', 'query'],
    ['/api/videos?%0d%0aX-Injected:1=1', '??X-Injected:1'],
    ['/api/keys?is_active=true', 'is_active'],
    ['/api/storage/files?recursive=1', 'recursive'],
    ['/api/me?callback=f', 'callback'],
  ])('F14: is named: %s', async (path, name) => {
    const caller = await knownCaller({ service })
    expect(await caller.answer('GET', path)).toEqual([422, { detail: `${name}: is not a known parameter` }])
  })

  it.each(['/api/videos?', '/api/videos?&&', '/api/me?'])('F14: is in none of %s', async (path) => {
    const caller = await knownCaller({ service })
    expect((await caller.ask('GET', path)).status).toBe(200)
  })

  it('F14: comes after the question who is calling', async () => {
    expect((await service.request('/api/videos?search=cat')).status).toBe(401)
  })

  it('F14: may come more than once where others add parameters, and a known one may not', async () => {
    const direct = `/api/playback/direct?job_id=${ID}`
    expect((await service.request(`${direct}&CMCD=1&CMCD=2`)).status).toBe(404)
    expect((await service.request(`${direct}&job_id=${ID}`)).status).toBe(422)
  })
})

describe('the API’s description', () => {
  it('F14: says of each operation that takes other parameters that it does', async () => {
    const response = await service.request('/api/openapi.json')
    const { paths } = await response.json<{ paths: Record<string, Record<string, { description?: string }>> }>()
    for (const name of Object.keys(OPEN)) {
      const [method = '', path = ''] = name.split(' ')
      expect(paths[path]?.[method.toLowerCase()]?.description, name).toMatch(/parameter/i)
    }
  })
})
