// Two users, their keys, and every endpoint with everything the other one has: nothing is shown and nothing changes.
import { beforeAll, describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller, type KnownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES } from '../support/media.ts'
import { everything, makeVictim, WALK, type Victim } from '../support/ownership-walk.ts'
import { startService } from '../support/service.ts'

/** These name no object: a caller gets a list of his own, or makes something of his own. */
const NAMELESS = [
  'GET /api/videos',
  'GET /api/projects',
  'GET /api/shared-reports',
  'POST /api/projects',
  'GET /api/keys',
  'GET /api/audit',
  'GET /api/analytics',
  'GET /api/analytics/live',
  'GET /api/analytics/plays',
  'POST /api/keys',
  'GET /api/signing-keys',
  'POST /api/signing-keys',
  'GET /api/webhooks/endpoints',
  'POST /api/webhooks/endpoints',
  'GET /api/webhooks/events',
  'GET /api/webhooks/default-secret',
  'POST /api/webhooks/default-secret/rotate',
  // Asks a signature instead.
  'POST /api/webhooks/clerk',
  'GET /api/playback/sessions',
  // Ends nothing but viewings of the caller's own films: test/http/private-films.test.ts.
  'DELETE /api/playback/sessions/{sid}',
]

let victim: Victim
let attacker: KnownCaller

beforeAll(async () => {
  const service = startService(EDGE_VARIABLES)
  const owner = await knownCaller({ service })
  attacker = await knownCaller({ service })
  await env.MEDIA.put(`${attacker.folder}mine.mp4`, 'mine')
  victim = await makeVictim(owner)
})

describe('another user’s key', () => {
  it.each(WALK)('%s %s is refused (%#) and changes nothing', async (method, _, request, expected) => {
    const before = await everything(victim, attacker)
    const [path, body] = request(victim)
    expect(await attacker.answer(method, path, body)).toEqual(expected)
    await attacker.service.settle()
    expect(await everything(victim, attacker)).toBe(before)
    const mine = await victim.ask(method === 'GET' ? 'GET' : 'HEAD', method === 'GET' ? path : '/api/videos')
    expect(mine.status).toBe(200)
  })

  it('sees lists of its own only', async () => {
    expect(await attacker.answer('GET', '/api/videos')).toEqual([200, []])
    expect(await attacker.answer('GET', '/api/projects')).toEqual([200, []])
    expect(await attacker.answer('GET', `/api/videos?project_id=${victim.projectId}`)).toEqual([200, []])
    const [, files] = await attacker.answer('GET', '/api/storage/files')
    expect((files as { files: { key: string }[] }).files.map(({ key }) => key)).toEqual([`${attacker.folder}mine.mp4`])
  })

  it('walks every endpoint of its products that asks who is calling', async () => {
    const response = await attacker.ask('GET', '/api/openapi.json')
    const { paths } = await response.json<{ paths: Record<string, Record<string, unknown>> }>()
    const endpoints = Object.entries(paths)
      .filter(([path]) =>
        /^\/api\/(videos|projects|results|storage|processing|shared-reports|keys|signing-keys|webhooks)\b|^\/api\/playback\/(tokens|revocations|sessions)\b/.test(
          path,
        ),
      )
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
      .filter((endpoint) => endpoint !== 'GET /api/shared-reports/{report}' && !NAMELESS.includes(endpoint))
    expect(new Set(WALK.map(([method, path]) => `${method} ${path}`))).toEqual(new Set(endpoints))
  })
})

describe('a path of another user in another spelling', () => {
  const spellings = (v: Victim, a: KnownCaller): string[] => {
    const [theirs, mine] = [v.path, a.folder]
    const id = v.key.userId
    return [
      `/${theirs}`,
      `./${theirs}`,
      `//${theirs}`,
      theirs.toUpperCase(),
      theirs.replace('users/', 'users//'),
      theirs.replace('users/', 'Users/'),
      `${mine}../${id}/film.mp4`,
      `${mine}./../${id}/film.mp4`,
      `${mine}..\\${id}\\film.mp4`,
      `${mine}%2e%2e/${id}/film.mp4`,
      `${mine}%2E%2E%2F${id}%2Ffilm.mp4`,
      `${mine}..%2f${id}/film.mp4`,
      `${mine}..%5c${id}/film.mp4`,
      `${mine}%252e%252e%252f${id}/film.mp4`,
      `${mine}a/../../${id}/film.mp4`,
      `..%2f${id}%2ffilm.mp4`,
      `../${id}/film.mp4`,
      `..\\${id}\\film.mp4`,
      `${id}/film.mp4`,
      `${theirs}\0.mp4`,
      `${mine}\r\n../${id}/film.mp4`,
      `https://storage.example.com/media/${theirs}`,
      `media/${theirs}`,
      `/media/${theirs}`,
      `${theirs}?x=.mp4`,
      `${theirs}#.mp4`,
    ]
  }

  it.each([
    ['POST', '/api/storage/upload-url', (key: string) => ({ key })],
    ['POST', '/api/storage/upload-urls', (key: string) => ({ keys: [key] })],
    ['POST', '/api/storage/download-url', (key: string) => ({ file_path: key })],
    ['POST', '/api/processing/register-upload', (key: string) => ({ file_path: key })],
    ['DELETE', '/api/storage/files', (key: string) => ({ keys: ['mine.mp4', key] })],
  ])('%s %s refuses each', async (method, path, body) => {
    const before = await everything(victim, attacker)
    for (const spelling of spellings(victim, attacker)) {
      const [status, answer] = await attacker.answer(method, path, body(spelling))
      expect([403, 422], spelling).toContain(status)
      expect(Object.keys(answer as object)).toEqual(['detail'])
    }
    expect(await everything(victim, attacker)).toBe(before)
  })

  it('GET /api/storage/files lists nothing of his', async () => {
    for (const spelling of [...spellings(victim, attacker), 'users/', '..', '../', `users/${victim.key.userId}`]) {
      const query = new URLSearchParams({ prefix: spelling })
      const response = await attacker.ask('GET', `/api/storage/files?${query.toString()}`)
      expect([200, 403, 422], spelling).toContain(response.status)
      expect(await response.text(), spelling).not.toContain(`users/${victim.key.userId}/film`)
    }
  })
})
