// What the cache in front of R2 saves and what it may not do, counted on the real bindings.
import { describe, expect, it } from 'vitest'
import { makeKey } from '../../support/callers.ts'
import { env } from '../../support/env.ts'
import { EDGE_VARIABLES, numberedBytes, signMedia } from '../../support/media.ts'
import { ORIGIN, startService, type Service } from '../../support/service.ts'

const CONTENT = numberedBytes(20_000)

async function place(content: Uint8Array<ArrayBuffer> = CONTENT) {
  const key = `users/${crypto.randomUUID()}/hls/${crypto.randomUUID()}/seg-1.ts`
  await env.MEDIA.put(key, content)
  const service = startService(EDGE_VARIABLES)
  const url = signMedia({ key, origin: ORIGIN, signedAtSeconds: Math.floor(service.clock.nowMs / 1000) })
  return { key, service, url }
}

/** The bytes, once everything that was put off is done too. */
async function read(service: Service, url: string, headers: Record<string, string> = {}): Promise<Uint8Array> {
  service.reset()
  const response = await service.request(url, { headers })
  const bytes = new Uint8Array(await response.arrayBuffer())
  await service.settle()
  expect(response.status).toBeLessThan(300)
  return bytes
}

describe('a warm segment', () => {
  it('costs no R2 read, whole or in ranges; a cold one costs two', async () => {
    const { service, url } = await place()
    expect(await read(service, url)).toEqual(CONTENT)
    expect(service.counts.r2Reads).toBe(2)
    expect(await read(service, url)).toEqual(CONTENT)
    expect(service.counts.r2Reads).toBe(0)
    expect(await read(service, url, { Range: 'bytes=1000-1999' })).toEqual(CONTENT.slice(1000, 2000))
    expect(await read(service, url, { Range: 'bytes=-5' })).toEqual(CONTENT.slice(-5))
    expect(service.counts.r2Reads).toBe(0)
  })

  it('is warm after a range too', async () => {
    const { service, url } = await place()
    expect(await read(service, url, { Range: 'bytes=5-9' })).toEqual(CONTENT.slice(5, 10))
    expect(await read(service, url)).toEqual(CONTENT)
    expect(service.counts.r2Reads).toBe(0)
  })

  it('is warm for another isolate of the same place', async () => {
    const { service, url } = await place()
    await read(service, url)
    const other = startService(EDGE_VARIABLES)
    expect(await read(other, url)).toEqual(CONTENT)
    expect(other.counts.r2Reads).toBe(0)
  })

  it('answers HEAD and 304 without a read', async () => {
    const { service, url } = await place()
    await read(service, url)
    service.reset()
    const head = await service.request(url, { method: 'HEAD' })
    const etag = head.headers.get('ETag') ?? ''
    expect((await service.request(url, { headers: { 'If-None-Match': etag } })).status).toBe(304)
    expect(service.counts.r2Reads).toBe(0)
  })

  it('costs one read a minute to be sure of its version', async () => {
    const { service, url } = await place()
    await read(service, url)
    service.clock.nowMs += 60_000
    expect(await read(service, url)).toEqual(CONTENT)
    expect(service.counts.r2Reads).toBe(1)
  })

  it('is not served without a signature, although it is cached', async () => {
    const { service, url, key } = await place()
    await read(service, url)
    const etag = (await env.MEDIA.head(key))?.httpEtag ?? ''
    service.reset()
    for (const query of ['', '?info', `?bytes=${encodeURIComponent(etag)}`]) {
      expect((await service.request(`/media/${key}${query}`)).status).toBe(403)
    }
    expect(service.counts.r2Reads).toBe(0)
  })
})

describe('a cold object', () => {
  it('costs one read for HEAD, and one for conditions', async () => {
    const { service, url } = await place()
    await service.request(url, { method: 'HEAD' })
    expect(service.counts.r2Reads).toBe(1)
    const { service: another, url: second } = await place()
    expect((await another.request(second, { headers: { 'If-None-Match': '*' } })).status).toBe(304)
    expect(another.counts.r2Reads).toBe(1)
  })

  it('is filled into the cache once, however many ask at a time', async () => {
    const { service, url } = await place()
    const readers = Array.from({ length: 4 }, async () => (await service.request(url)).arrayBuffer())
    for (const bytes of await Promise.all(readers)) expect(new Uint8Array(bytes)).toEqual(CONTENT)
    await service.settle()
    expect(service.counts.r2Reads).toBe(4 + 1)
  })

  it('of many megabytes is read in the range that was asked for and not cached', async () => {
    const film = numberedBytes(33 * 1024 * 1024)
    const { service, url } = await place(film)
    for (const start of [0, 20_000_000, 0]) {
      expect(await read(service, url, { Range: `bytes=${start}-${start + 99}` })).toEqual(
        film.slice(start, start + 100),
      )
      expect(service.counts.r2Reads).toBe(1)
    }
  })
})

describe('a deleted object', () => {
  it('is gone after a minute at the latest, cached bytes or not', async () => {
    const { service, url, key } = await place()
    await read(service, url)
    await env.MEDIA.delete(key)
    service.clock.nowMs += 59_999
    expect(await read(service, url)).toEqual(CONTENT)
    service.clock.nowMs += 1
    expect((await service.request(url)).status).toBe(404)
    const other = startService(EDGE_VARIABLES)
    other.clock.nowMs = service.clock.nowMs
    expect((await other.request(url)).status).toBe(404)
  })

  it('is gone at once where it was deleted through the API', async () => {
    const { userId, rawKey } = await makeKey()
    const key = `users/${userId}/film.mp4`
    await env.MEDIA.put(key, CONTENT)
    const service = startService(EDGE_VARIABLES)
    const url = signMedia({ key, origin: ORIGIN, signedAtSeconds: Math.floor(service.clock.nowMs / 1000) })
    await read(service, url)
    const headers = { Authorization: rawKey, 'Content-Type': 'application/json' }
    const deletion = { method: 'DELETE', headers, body: JSON.stringify({ keys: [key] }) }
    expect((await service.request('/api/storage/files', deletion)).status).toBe(200)
    expect((await service.request(url)).status).toBe(404)
  })

  it('whose bytes are not cached is gone at once', async () => {
    const { service, url, key } = await place()
    await service.request(url, { method: 'HEAD' })
    await env.MEDIA.delete(key)
    expect((await service.request(url)).status).toBe(404)
  })
})

describe('a replaced object', () => {
  const NEWER = numberedBytes(300).reverse()

  it('is the new one after a minute, and never a mixture of both', async () => {
    const { service, url, key } = await place()
    await read(service, url)
    await env.MEDIA.put(key, NEWER)
    expect(await read(service, url)).toEqual(CONTENT)
    service.clock.nowMs += 60_000
    expect(await read(service, url)).toEqual(NEWER)
    expect(await read(service, url, { Range: 'bytes=10-19' })).toEqual(NEWER.slice(10, 20))
  })

  it('is noticed while it is opened: the answer speaks of what is sent', async () => {
    const { service, url, key } = await place()
    await service.request(url, { method: 'HEAD' })
    await env.MEDIA.put(key, NEWER)
    const response = await service.request(url, { headers: { Range: 'bytes=290-400' } })
    expect(response.status).toBe(206)
    expect(response.headers.get('Content-Range')).toBe('bytes 290-299/300')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(NEWER.slice(290))
  })
})

describe('an object that grew or was replaced while its old version is remembered', () => {
  const GROWN = numberedBytes(30_000)

  /** Served once, so that its version is remembered here, and then replaced without a word to this Worker. */
  async function grown(newer: Uint8Array<ArrayBuffer> = GROWN) {
    const placed = await place(GROWN.slice(0, 20_000))
    await read(placed.service, placed.url)
    const older = (await env.MEDIA.head(placed.key))?.httpEtag ?? ''
    await env.MEDIA.put(placed.key, newer)
    const newest = (await env.MEDIA.head(placed.key))?.httpEtag ?? ''
    placed.service.reset()
    const ask = (headers: Record<string, string>, method = 'GET', service: Service = placed.service) =>
      service.request(placed.url, { method, headers })
    return { ...placed, ask, older, newest }
  }

  it.each([
    ['begins behind the old end', 'bytes=20000-24999', 20_000, 25_000],
    ['has no end', 'bytes=20000-', 20_000, 30_000],
    ['reaches over the old end', 'bytes=19000-20999', 19_000, 21_000],
  ])('F28: sends a range that %s', async (_name, Range, start, end) => {
    const { ask, service } = await grown()
    const response = await ask({ Range })
    expect(response.status).toBe(206)
    expect(response.headers.get('Content-Range')).toBe(`bytes ${start}-${end - 1}/30000`)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(GROWN.slice(start, end))
    expect(service.counts.r2Reads).toBe(1)
  })

  it('F28: does so in an isolate that found the old version in the cache of the data centre', async () => {
    const { ask } = await grown()
    const other = startService(EDGE_VARIABLES)
    const response = await ask({ Range: 'bytes=20000-24999' }, 'GET', other)
    expect(response.status).toBe(206)
    await response.arrayBuffer()
  })

  it('F28: remembers what it was told, for the requests after it', async () => {
    const { ask, service } = await grown()
    await (await ask({ Range: 'bytes=20000-24999' })).arrayBuffer()
    await service.settle()
    service.reset()
    const again = await ask({ Range: 'bytes=20000-24999' })
    expect(again.status).toBe(206)
    await again.arrayBuffer()
    expect(service.counts.r2Reads).toBe(0)
  })

  it.each(['GET', 'HEAD'])('F28: holds If-Match of %s against the current version', async (method) => {
    const { ask, newest } = await grown()
    const response = await ask({ 'If-Match': newest }, method)
    expect(response.status).toBe(200)
    expect(response.headers.get('ETag')).toBe(newest)
    await response.arrayBuffer()
    expect((await (await grown()).ask({ 'If-Match': '"none of them"' }, method)).status).toBe(412)
  })

  it('F28: goes on with a download of the new version, which If-Range names', async () => {
    const { ask, newest } = await grown()
    const response = await ask({ Range: 'bytes=100-199', 'If-Range': newest })
    expect(response.status).toBe(206)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(GROWN.slice(100, 200))
  })

  it('F28: refuses a range behind the end of what is there now, and says how much that is', async () => {
    const { ask } = await grown()
    const response = await ask({ Range: 'bytes=30000-' })
    expect(response.status).toBe(416)
    expect(response.headers.get('Content-Range')).toBe('bytes */30000')
    const shrunk = await grown(GROWN.slice(0, 100))
    expect((await shrunk.ask({ Range: 'bytes=20000-' })).headers.get('Content-Range')).toBe('bytes */100')
  })

  it('F28: is gone when it was deleted', async () => {
    const { ask, key } = await grown()
    await env.MEDIA.delete(key)
    expect((await ask({ Range: 'bytes=20000-' })).status).toBe(404)
  })
})
