// The conformance table through the real app on real R2: every case cold, straight from the bucket, and warm,
// from the cache.
import { describe, expect, it } from 'vitest'
import { parseRange } from '../../src/core/http/range.ts'
import { env } from '../support/env.ts'
import {
  CONFORMANCE,
  describeCase,
  expectAnswer,
  expectSize,
  headersFor,
  type ConformanceCase,
} from '../support/media-conformance.ts'
import { EDGE_VARIABLES, numberedBytes, signMedia } from '../support/media.ts'
import { ORIGIN, startService, type Service } from '../support/service.ts'

/** A refusal, a range cut to the object's end, or one that If-Range takes away. */
function givesLess({ size, method, headers, expected }: ConformanceCase): boolean {
  if (expected.status >= 400) return true
  const range = parseRange(headers['Range'])
  if (method === 'HEAD' || range === undefined || expected.status === 304) return false
  return expected.status === 200 || (range.kind === 'from' && (range.last ?? 0) >= size)
}

describe('/media', () => {
  it('has a table of at least sixty different cases', () => {
    expect(new Set(CONFORMANCE.map(describeCase)).size).toBe(CONFORMANCE.length)
    expect(CONFORMANCE.length).toBeGreaterThanOrEqual(60)
  })

  it.each(CONFORMANCE.map((row) => [describeCase(row), row] as const))('%s', async (_name, row) => {
    const key = `users/${crypto.randomUUID()}/film.mp4`
    await env.MEDIA.put(key, numberedBytes(row.size))
    const object = await env.MEDIA.head(key)
    const known = { etag: object?.httpEtag ?? '', lastModified: object?.uploaded.toUTCString() ?? '' }
    const init = { method: row.method, headers: headersFor(row, known) }
    const ask = (service: Service, request: RequestInit): Promise<Response> => {
      const signedAtSeconds = Math.floor(service.clock.nowMs / 1000)
      return service.request(signMedia({ key, origin: ORIGIN, signedAtSeconds }), request)
    }
    const cold = await ask(startService(EDGE_VARIABLES), init)
    await expectAnswer(cold, row, row.expected, known)
    expectSize(cold, row)

    const warm = startService(EDGE_VARIABLES)
    await (await ask(warm, {})).arrayBuffer()
    await warm.settle()
    warm.reset()
    await expectAnswer(await ask(warm, init), row, row.expected, known)
    // Nothing is worth caching of an empty object, and what gives less than was asked for asks the bucket first.
    if (row.size > 0) expect(warm.counts.r2Reads).toBeLessThanOrEqual(givesLess(row) ? 2 : 0)
  })
})
