// Hosts as no client of the fetch standard can send them: over HTTP, to workerd itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRaw } from '../support/raw-connection.ts'
import { JOB_ID, startWorkerdService, type WorkerdService } from '../support/workerd-service.ts'

// A list of assets is named by its whole address: players resolve it against nothing.
const FILM = '#EXTM3U\n#EXT-X-DATERANGE:ID="a",X-ASSET-LIST="a.json"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/v.m3u8\n'
const STREAM = `/api/playback/stream/${JOB_ID}`

let service: WorkerdService

beforeAll(async () => {
  const variables = { DELIVERY: 'edge', EDGE_SIGNING_SECRET: 'a secret of more than 32 characters' }
  service = await startWorkerdService({ playlist: FILM, variables })
})
afterAll(async () => {
  await service.stop()
})

async function get(path: string, host: string): Promise<string> {
  const { port } = service.address('lynxgate', '/')
  const { readUntil } = openRaw(Number(port), `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  // Until the other side closes.
  return await readUntil(/(?!)/)
}

describe('a Host header', () => {
  it.each(['lo{alhost', 'localhost~', 'localhos"', '*localhost', 'a b', 'localhost:99999', '[::1', '999.999.999.999'])(
    'that is none, %j, is a 400 wherever a URL would be made of it',
    async (host) => {
      for (const path of [
        STREAM,
        `/api/playback/direct?job_id=${JOB_ID}`,
        '/media/x.ts?X-Amz-Signature=0',
        '/api/me',
      ]) {
        const answer = await get(path, host)
        expect(answer, path).toMatch(/^HTTP\/1\.1 400 /)
        expect(answer, path).toContain('{"detail":"Host header is malformed"}')
      }
    },
  )

  it.each([
    ['LOCALHOST', 'http://localhost/v/'],
    ['localhost:80', 'http://localhost/v/'],
    ['Example.com:8787', 'http://example.com:8787/v/'],
    ['[::1]:8787', 'http://[::1]:8787/v/'],
  ])('%s is written as clients send it: %s', async (host, start) => {
    expect(await get(STREAM, host)).toContain(`X-ASSET-LIST="${start}`)
  })
})
