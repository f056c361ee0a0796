// What /media promises besides the conformance table: whom it refuses, what it says of an object, and uploads.
import { describe, expect, it } from 'vitest'
import { MAX_UPLOAD_BYTES } from '../../src/domain/delivery/signing-target.ts'
import { env } from '../support/env.ts'
import { EDGE_VARIABLES, PREVIOUS_SECRET, numberedBytes, signMedia, type SignMedia } from '../support/media.ts'
import { ORIGIN, VARIABLES, startService } from '../support/service.ts'

const CONTENT = numberedBytes(1000)
const PLAYER = { headers: { Origin: 'https://player.example.org' } }

async function place(name = 'film.mp4', options: R2PutOptions = {}, content = CONTENT) {
  const key = `users/${crypto.randomUUID()}/${name}`
  const object = await env.MEDIA.put(key, content, options)
  const service = startService(EDGE_VARIABLES)
  const signedAtSeconds = Math.floor(service.clock.nowMs / 1000)
  const sign = (input: Partial<SignMedia> = {}): string => signMedia({ key, origin: ORIGIN, signedAtSeconds, ...input })
  return { key, object, service, sign, signedAtSeconds }
}

describe('GET /media/{key}', () => {
  it('serves what the URL was signed for, and says all that players need', async () => {
    const { service, sign, object } = await place()
    const response = await service.request(sign(), PLAYER)
    expect(response.status).toBe(200)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(CONTENT)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('Content-Range, Accept-Ranges, ETag'),
      'cache-control': 'private, max-age=3600',
      'content-length': '1000',
      'content-type': 'video/mp4',
      'cross-origin-resource-policy': 'cross-origin',
      etag: object.httpEtag,
      'last-modified': object.uploaded.toUTCString(),
      vary: 'Origin',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it('answers HEAD on a GET signature and on its own', async () => {
    const { service, sign } = await place()
    for (const method of ['GET', 'HEAD'] as const) {
      const response = await service.request(sign({ method }), { method: 'HEAD' })
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Length')).toBe('1000')
      expect(await response.text()).toBe('')
    }
    expect((await service.request(sign({ method: 'HEAD' }))).status).toBe(403)
  })

  it.each([
    ['page.html', 'text/html', 'application/octet-stream'],
    ['picture.svg', 'image/svg+xml', 'application/octet-stream'],
    ['film.mp4', 'text/html', 'video/mp4'],
    ['seg.ts', undefined, 'video/mp2t'],
    ['words.vtt', 'text/vtt; charset=utf-8', 'text/vtt'],
    ['audio.m4s', 'audio/mp4', 'audio/mp4'],
  ])('sends %s, stored as %s, as %s', async (name, contentType, expected) => {
    const { service, sign } = await place(name, contentType === undefined ? {} : { httpMetadata: { contentType } })
    for (const init of [{}, { headers: { Range: 'bytes=0-1' } }, { method: 'HEAD' }]) {
      const response = await service.request(sign(), init)
      expect(response.headers.get('Content-Type')).toBe(expected)
      await response.arrayBuffer()
    }
  })

  it.each([
    ['audio.m4a', undefined, 'audio/mp4'],
    ['words.ttml', undefined, 'application/ttml+xml'],
    ['video.cmfv', 'application/octet-stream', 'video/mp4'],
    ['sound.opus', 'audio/opus', 'audio/opus'],
    ['page.html', 'application/xml', 'application/octet-stream'],
  ])('F29: sends %s, stored as %s, as %s', async (name, contentType, expected) => {
    const { service, sign } = await place(name, contentType === undefined ? {} : { httpMetadata: { contentType } })
    const response = await service.request(sign(), { method: 'HEAD' })
    expect(response.headers.get('Content-Type')).toBe(expected)
  })

  it('F29: sends TTML, which is XML, so that no browser runs a script in it', async () => {
    const { service, sign } = await place('words.ttml')
    const response = await service.request(sign())
    expect(response.headers.get('Content-Security-Policy')).toBe("sandbox; default-src 'none'")
    await response.arrayBuffer()
  })

  it.each(["a b+c%ä漢😀/x!'()*.ts", 'a//b.ts', '100%25.ts', '~-_.ts', '?#&=.ts', 'x;y=1,2.ts'])(
    'serves a key of any letters: %s',
    async (name) => {
      const { service, sign } = await place(name)
      const response = await service.request(sign())
      expect(response.status).toBe(200)
      await response.arrayBuffer()
    },
  )

  it('names a download as it was signed', async () => {
    const { service, sign } = await place()
    const disposition = `attachment; filename="f_lm.mp4"; filename*=UTF-8''f%C3%AFlm.mp4`
    const response = await service.request(sign({ query: { 'response-content-disposition': disposition } }))
    expect(response.headers.get('Content-Disposition')).toBe(disposition)
    await response.arrayBuffer()
  })

  it('lets a browser keep it no longer than the signature lives', async () => {
    const { service, sign } = await place()
    const url = sign({ expiresSeconds: 1000 })
    service.clock.nowMs += 400_000
    const response = await service.request(url)
    expect(response.headers.get('Cache-Control')).toBe('private, max-age=600')
    await response.arrayBuffer()
  })

  it('does not know an object that is not there', async () => {
    const { service, sign } = await place()
    const response = await service.request(sign({ key: 'users/nobody/none.mp4' }), PLAYER)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Media not found' })
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
  })

  it('says 503 when storage is away', async () => {
    const { service, sign } = await place()
    service.failing.add('MEDIA')
    const response = await service.request(sign())
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(await response.json()).toEqual({ detail: 'Storage is temporarily unavailable' })
  })

  it('writes neither key nor signature to the log', async () => {
    const { service, sign, key } = await place()
    const url = new URL(sign())
    await (await service.request(url.href)).arrayBuffer()
    expect(service.logs).toHaveLength(1)
    expect(service.logs[0]).toMatchObject({ route: '/media/{key}', status: 200, surface: 'playback' })
    const line = JSON.stringify(service.logs)
    expect(line).not.toContain(key)
    expect(line).not.toContain(url.searchParams.get('X-Amz-Signature'))
  })
})

describe('a refusal', () => {
  it.each([
    ['no signature', (url: URL) => url.origin + url.pathname, 'Presigned URL is invalid'],
    ['an expired signature', (url: URL) => url.href, 'Presigned URL has expired'],
    ['a signature of the day after tomorrow', (url: URL) => url.href, 'Presigned URL is not valid yet'],
    ['another host', (url: URL) => url.href.replace(ORIGIN, 'https://other.example.com'), 'Presigned URL is invalid'],
    ['another object', (url: URL) => url.href.replace('film.mp4', 'film.mp5'), 'Presigned URL is invalid'],
    ['a longer life', (url: URL) => url.href.replace('=3600', '=7200'), 'Presigned URL is invalid'],
    ['one more parameter', (url: URL) => `${url.href}&x=1`, 'Presigned URL is invalid'],
    ['a parameter twice', (url: URL) => `${url.href}&X-Amz-Expires=3600`, 'Presigned URL is invalid'],
    ['a credential in the query of no use', (url: URL) => `${url.href}&token=a`, 'Presigned URL is invalid'],
  ])('for %s is a 403 that players can read, before any I/O', async (name, change, detail) => {
    const { service, sign, signedAtSeconds } = await place()
    const shift = name.startsWith('an expired') ? -3600 : name.startsWith('a signature of') ? 172_800 : 0
    const url = change(new URL(sign({ signedAtSeconds: signedAtSeconds + shift })))
    const response = await service.request(url, PLAYER)
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual({ detail })
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(Object.values(service.counts).every((count) => count === 0)).toBe(true)
  })

  it('meets a URL of the S3 credentials', async () => {
    const { service, sign } = await place()
    const response = await service.request(sign({ secret: VARIABLES['R2_SECRET_ACCESS_KEY'] ?? '' }))
    expect(response.status).toBe(403)
  })

  it('is a 405 for another method, and a 404 without a key', async () => {
    const { service, sign } = await place()
    const response = await service.request(sign(), { method: 'POST', body: 'x' })
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')).toBe('GET, HEAD, PUT')
    for (const path of ['/media', '/media/']) expect((await service.request(path)).status).toBe(404)
  })

  it('answers the preflight of a player that asks for ranges', async () => {
    const { service, sign } = await place()
    const response = await service.request(sign(), {
      method: 'OPTIONS',
      headers: { ...PLAYER.headers, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'range' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(response.headers.get('Access-Control-Allow-Headers')).toContain('Range')
  })
})

describe('rotation', () => {
  it('serves URLs of the previous secret until it is taken away', async () => {
    const { sign } = await place()
    const url = sign({ secret: PREVIOUS_SECRET })
    const during = startService({ ...EDGE_VARIABLES, EDGE_SIGNING_SECRET_PREVIOUS: PREVIOUS_SECRET })
    const response = await during.request(url)
    expect(response.status).toBe(200)
    await response.arrayBuffer()
    expect((await startService(EDGE_VARIABLES).request(url)).status).toBe(403)
  })
})

describe('without an edge secret', () => {
  it('there is no media at all', async () => {
    const { sign } = await place()
    const response = await startService().request(sign())
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Not Found' })
  })
})

describe('PUT /media/{key}', () => {
  const BODY = numberedBytes(5000)

  async function signPut(headers: Record<string, string> = {}, name = 'new.mp4') {
    const service = startService(EDGE_VARIABLES)
    const key = `users/${crypto.randomUUID()}/${name}`
    const signedAtSeconds = Math.floor(service.clock.nowMs / 1000)
    const url = signMedia({ key, origin: ORIGIN, signedAtSeconds, method: 'PUT', headers })
    const put = (sent: Record<string, string>, body: BodyInit = BODY): Promise<Response> =>
      service.request(url, { method: 'PUT', body, headers: sent })
    return { service, key, url, put, signedAtSeconds }
  }

  const PINNED = { 'content-length': '5000', 'content-type': 'video/mp4' }

  it('stores the bytes under the signed key, length and type', async () => {
    const { put, key } = await signPut(PINNED)
    const response = await put(PINNED)
    expect(response.status).toBe(200)
    const object = await env.MEDIA.get(key)
    expect(new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(BODY)
    expect(object?.httpMetadata?.contentType).toBe('video/mp4')
    expect(response.headers.get('ETag')).toBe(object?.httpEtag)
  })

  it('is seen by the very next read, although the old version was in the cache', async () => {
    const { service, url, key, signedAtSeconds } = await signPut()
    const read = async (): Promise<number> =>
      (await (await service.request(signMedia({ key, origin: ORIGIN, signedAtSeconds }))).arrayBuffer()).byteLength
    await service.request(url, { method: 'PUT', body: BODY, headers: { 'Content-Length': '5000' } })
    expect(await read()).toBe(5000)
    await service.settle()
    await service.request(url, { method: 'PUT', body: BODY.slice(0, 10), headers: { 'Content-Length': '10' } })
    expect(await read()).toBe(10)
  })

  it('wants a length', async () => {
    const { put, service } = await signPut()
    const response = await put({ 'Content-Type': 'video/mp4' }, new Blob([BODY]).stream() as ReadableStream<Uint8Array>)
    expect(response.status).toBe(411)
    expect(await response.json()).toEqual({ detail: 'Content-Length is required' })
    expect(service.counts.r2Writes).toBe(0)
  })

  it.each([
    ['another length', { 'content-length': '4999', 'content-type': 'video/mp4' }],
    ['another type', { 'content-length': '5000', 'content-type': 'text/html' }],
    ['no type', { 'content-length': '5000' }],
  ])('refuses %s than was signed', async (_name, sent) => {
    const { put, key, service } = await signPut(PINNED)
    const response = await put(sent, BODY)
    expect(response.status).toBe(403)
    expect(service.counts.r2Writes).toBe(0)
    expect(await env.MEDIA.head(key)).toBeNull()
  })

  it('refuses another key, a GET signature, and a PUT signature for reading', async () => {
    const { service, url, key, signedAtSeconds } = await signPut()
    const init = { method: 'PUT', body: BODY, headers: { 'Content-Length': '5000' } }
    expect((await service.request(url.replace('new.mp4', 'other.mp4'), init)).status).toBe(403)
    expect((await service.request(signMedia({ key, origin: ORIGIN, signedAtSeconds }), init)).status).toBe(403)
    expect((await service.request(url)).status).toBe(403)
    expect(service.counts).toMatchObject({ r2Reads: 0, r2Writes: 0 })
  })

  it.each(['100000001', '5000000000', '1e3', '-1', '5000, 5000'])('refuses %s bytes', async (length) => {
    const { put, service } = await signPut()
    const response = await put({ 'Content-Length': length })
    expect(response.status).toBe(413)
    expect(await response.json()).toEqual({ detail: 'Request body is too large' })
    expect(service.counts.r2Writes).toBe(0)
  })

  it('takes 100 MB at most', () => {
    expect(MAX_UPLOAD_BYTES).toBe(100_000_000)
  })

  it.each([
    ['fewer', 6000],
    ['more', 4000],
  ])('stores nothing when %s bytes come than were said', async (_name, length) => {
    const { put, key } = await signPut()
    const response = await put({ 'Content-Length': String(length) })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await env.MEDIA.head(key)).toBeNull()
  })

  it('stores an empty object', async () => {
    const { put, key } = await signPut()
    expect((await put({ 'Content-Length': '0' }, '')).status).toBe(200)
    expect((await env.MEDIA.head(key))?.size).toBe(0)
  })

  it('does not overwrite when it is told not to', async () => {
    const { put, key } = await signPut()
    const once = { 'Content-Length': '5000', 'If-None-Match': '*' }
    expect((await put(once)).status).toBe(200)
    const again = await put({ ...once, 'Content-Length': '1' }, 'x')
    expect(again.status).toBe(412)
    expect((await env.MEDIA.head(key))?.size).toBe(5000)
  })

  it('never stores a type that runs in a browser', async () => {
    const { put, key } = await signPut({}, 'page.html')
    await put({ 'Content-Length': '5000', 'Content-Type': 'text/html' })
    expect((await env.MEDIA.head(key))?.httpMetadata?.contentType).toBe('application/octet-stream')
  })
})
