// A gigabyte through /media, and the memory of the runtime that carries it.
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPresigner } from '../../src/core/sigv4/presigner.ts'
import { spawnLocalService, type OwnLocalService } from '../support/local-service.ts'
import { signMedia } from '../support/media.ts'
import { runtimeBytes } from '../support/process-memory.ts'

const MIB = 1024 * 1024
const FILM_BYTES = 1024 * MIB
const KEY = 'users/memory/film.mp4'
/** The bucket's simulator lives in the same process and is collected when it pleases. */
const ALLOWED_GROWTH = 48 * MIB
const now = Math.floor(Date.now() / 1000)

let service: OwnLocalService
let url = ''

/** A stream of that many bytes, made as they are asked for. */
function fill(length: number): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(MIB).fill(0x47)
  let left = length
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(left < MIB ? chunk.slice(0, left) : chunk)
      left -= Math.min(left, MIB)
      if (left === 0) controller.close()
    },
  })
}

interface Memory {
  readonly beforeBytes: number
  readonly peakBytes: number
}

/** The runtime's memory before the work and at its height, measured every few megabytes. */
async function watch(name: string, work: (measure: () => Promise<void>) => Promise<void>): Promise<Memory> {
  const id = service.processId ?? Number.NaN
  const beforeBytes = await runtimeBytes(id)
  let peakBytes = beforeBytes
  await work(async () => {
    peakBytes = Math.max(peakBytes, await runtimeBytes(id))
  })
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`
  console.info(`${name}: ${mib(beforeBytes)} before, ${mib(peakBytes)} at most`)
  return { beforeBytes, peakBytes }
}

function expectFlat({ beforeBytes, peakBytes }: Memory): void {
  expect(peakBytes - beforeBytes).toBeLessThan(ALLOWED_GROWTH)
}

async function drain(response: Response, measure: () => Promise<void>): Promise<number> {
  let length = 0
  let measuredAt = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length - measuredAt < 8 * MIB) continue
    measuredAt = length
    await measure()
  }
  return length
}

describe.skipIf(!existsSync('/proc/self/status'))('memory', () => {
  beforeAll(async () => {
    service = await spawnLocalService(['--delivery', 'edge'])
    const secret = await service.variable('EDGE_SIGNING_SECRET')
    url = signMedia({ key: KEY, origin: service.url, signedAtSeconds: now, secret })
    const s3 = createPresigner({
      accessKeyId: 'lynxgate-local',
      secretAccessKey: 'lynxgate-local-secret',
      region: 'auto',
    })
    const put = s3.presign({
      method: 'PUT',
      origin: service.url,
      path: `/cdn-cgi/local/r2/s3/lynxgate-media/${KEY}`,
      signedAtSeconds: now,
      expiresSeconds: 3600,
    })
    const body = {
      method: 'PUT',
      body: fill(FILM_BYTES),
      duplex: 'half',
      headers: { 'Content-Length': String(FILM_BYTES) },
    }
    const response = await fetch(put, body)
    expect(response.status).toBe(200)
    // What the upload left behind and what the first request loads is not what is measured.
    await service.restart()
    await (await fetch(url, { headers: { Range: 'bytes=0-99' } })).arrayBuffer()
  }, 600_000)
  afterAll(() => service.stop())

  it.each([
    ['whole', {}],
    ['as a <video> asks for it', { Range: 'bytes=0-' }],
  ])('stays flat while 1 GB streams %s', async (name, headers) => {
    const memory = await watch(name, async (measure) => {
      const response = await fetch(url, { headers })
      expect(await drain(response, measure)).toBe(FILM_BYTES)
    })
    expectFlat(memory)
  })

  it('stays flat while eight viewers stand still and a ninth reads all', async () => {
    const memory = await watch('nine viewers', async (measure) => {
      const waiting = await Promise.all(Array.from({ length: 8 }, () => fetch(url)))
      for (const response of waiting) expect(response.status).toBe(200)
      expect(await drain(await fetch(url), measure)).toBe(FILM_BYTES)
      for (const response of waiting) await response.body?.cancel()
    })
    expectFlat(memory)
  })
})
