// Two processes of the service over one database and one bucket, and a film that plays through both while it is ended.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatApiKey } from '../../src/core/auth/api-key.ts'
import { JOB_ID, startWorkerdService, type WorkerdService } from '../support/workerd-service.ts'

const ENTRY = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/v.m3u8\n'
const BOUND_MS = 10_000
/** What a request and its read take on a busy machine. */
const SLACK_MS = 1000

describe('two processes over one database', () => {
  const rawKey = formatApiKey(randomBytes(32))
  const variables = { DELIVERY: 'edge', EDGE_SIGNING_SECRET: 'a secret of more than 32 characters' }
  let stores = ''
  let told: WorkerdService
  let other: WorkerdService

  beforeAll(async () => {
    stores = await mkdtemp(join(tmpdir(), 'lynxgate-two-'))
    told = await startWorkerdService({ rawKey, variables, stores, playlist: ENTRY })
    other = await startWorkerdService({ variables, stores, isSeeded: true })
    await told.putStreamFile('low/v.m3u8', '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nseg-1.ts\n#EXT-X-ENDLIST\n')
    await told.putStreamFile('low/seg-1.ts', 'x'.repeat(188))
    await ask('PATCH', `/api/videos/${JOB_ID}`, { playback: 'private' })
  })
  afterAll(async () => {
    await Promise.all([told.stop(), other.stop()])
    await rm(stores, { recursive: true, force: true })
  })

  async function ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(told.address('lynxgate', path), {
      method,
      headers: { Authorization: rawKey, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }

  async function begin(): Promise<string> {
    const { token } = await ask('POST', '/api/playback/tokens', { job_id: JOB_ID, viewer: 'ada' })
    const entry = await fetch(
      told.address('lynxgate', `/api/playback/stream/${JOB_ID}/index.m3u8?token=${String(token)}`),
    )
    return `${/\/v\/[\w-]{82}\//.exec(await entry.text())?.[0] ?? ''}low/seg-1.ts`
  }

  const statusAt = async (service: WorkerdService, path: string): Promise<number> => {
    const response = await fetch(service.address('lynxgate', path))
    await response.arrayBuffer()
    return response.status
  }

  it.each(['viewer', 'job_id'] as const)(
    'end a viewing by %s at once where it was told, and within ten seconds elsewhere',
    async (by) => {
      const path = await begin()
      // In mid-film in both: what the other one knows of ended viewings is fresh.
      for (const service of [told, other, told, other]) expect(await statusAt(service, path)).toBe(200)
      await ask('POST', '/api/playback/revocations', { [by]: by === 'viewer' ? 'ada' : JOB_ID })
      const endedAtMs = Date.now()
      expect(await statusAt(told, path)).toBe(403)
      let servedAtMs = endedAtMs
      for (;;) {
        const askedAtMs = Date.now()
        if ((await statusAt(other, path)) === 403) break
        servedAtMs = askedAtMs
        if (askedAtMs - endedAtMs > 2 * BOUND_MS) break
      }
      console.log(`ended by ${by}: the other process served it for ${servedAtMs - endedAtMs} ms more`)
      expect(servedAtMs - endedAtMs).toBeLessThan(BOUND_MS + SLACK_MS)
      expect(await statusAt(other, path)).toBe(403)
    },
  )
})
