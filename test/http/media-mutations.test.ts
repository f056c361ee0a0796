// No bent URL is served: a thousand of them here, ten thousand over HTTP in test/long.
import { expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { mutations } from '../support/media-mutations.ts'
import { EDGE_VARIABLES, numberedBytes, signMedia } from '../support/media.ts'
import { ORIGIN, startService } from '../support/service.ts'

it('serves none of 1,000 mutations of valid URLs, without any I/O', async () => {
  const service = startService(EDGE_VARIABLES)
  const now = Math.floor(service.clock.nowMs / 1000)
  const folder = `users/${crypto.randomUUID()}/hls/${crypto.randomUUID()}`
  const keys = ['seg-1.ts', 'seg-2.ts', 'sub/a b+ä.m4s', 'private.key'].map((name) => `${folder}/${name}`)
  for (const key of keys) await env.MEDIA.put(key, numberedBytes(100))
  const urls = keys
    .slice(0, 3)
    .flatMap((key) =>
      [now, now - 900, now - 86_400].map((signedAtSeconds) =>
        signMedia({ key, origin: ORIGIN, signedAtSeconds, expiresSeconds: 172_800 }),
      ),
    )
  for (const url of urls) expect((await service.request(url)).status).toBe(200)
  await service.settle()
  service.reset()

  const served: string[] = []
  for (const { kind, href, method } of mutations(urls, `${folder}/private.key`, 1000, 20_261_121)) {
    const headers = { 'Content-Length': '1' }
    const response = await service.request(href, method === 'PUT' ? { method, body: 'x', headers } : { method })
    // A URL cut down to the start page is answered, and with no object: the reads below tell.
    const isServed = response.status < 400 && new URL(href).pathname !== '/'
    if (isServed || response.status >= 500) served.push(`${kind}: ${method} ${href}`)
  }
  expect(served).toEqual([])
  expect(service.counts).toMatchObject({ r2Reads: 0, r2Writes: 0, d1Reads: 0, kvReads: 0 })
})
