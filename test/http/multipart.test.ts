// Uploads in parts, from beginning to end, over the real bucket and database: through this Worker, and at an S3 endpoint.
import { describe, expect, it } from 'vitest'
import { runDaily } from '../../src/background/daily.ts'
import { readColumn } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { knownCaller, type KnownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES, numberedBytes, signMedia } from '../support/media.ts'
import { ORIGIN, startService } from '../support/service.ts'

const MIB = 1024 ** 2
const PART = 64 * MIB
const DAY_MS = 86_400_000

interface Begun {
  upload_id: string
  key: string
  part_size: number
  part_count: number
  file_size: number
  expires_at: string
}

const edgeCaller = () => knownCaller({ service: startService(EDGE_VARIABLES) })

async function begin(caller: KnownCaller, fileSize: number, key = 'film.mp4'): Promise<Begun> {
  const [status, body] = await caller.answer('POST', '/api/storage/multipart', { key, file_size: fileSize })
  expect(status, JSON.stringify(body)).toBe(201)
  return body as Begun
}

const named = ({ key, upload_id }: Begun) => ({ key, upload_id })

async function urlsOf(caller: KnownCaller, upload: Begun, numbers: readonly number[]): Promise<string[]> {
  const asked = { ...named(upload), part_numbers: numbers }
  const [status, body] = await caller.answer('POST', '/api/storage/multipart/urls', asked)
  expect(status, JSON.stringify(body)).toBe(200)
  return (body as { urls: { upload_url: string }[] }).urls.map(({ upload_url }) => upload_url)
}

async function put(caller: KnownCaller, url: string, bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  const headers = { 'Content-Length': String(bytes.length) }
  return await caller.service.request(url, { method: 'PUT', body: bytes, headers })
}

/** So many bytes of one value, made as they are read. */
async function putMany(caller: KnownCaller, url: string, mebibytes: number, value: number): Promise<Response> {
  let left = mebibytes
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- === 0) controller.close()
      else controller.enqueue(new Uint8Array(MIB).fill(value))
    },
  })
  const headers = { 'Content-Length': String(mebibytes * MIB) }
  return await caller.service.request(url, { method: 'PUT', body, headers })
}

const complete = (caller: KnownCaller, upload: Begun, etags: readonly (string | null)[]) =>
  caller.answer('POST', '/api/storage/multipart/complete', {
    ...named(upload),
    parts: etags.map((etag, index) => ({ part_number: index + 1, etag })),
  })

const query = (upload: Begun) => new URLSearchParams(named(upload)).toString()

/** An upload of one part, which is there. */
async function beginWithPart(bytes = numberedBytes(1000)) {
  const caller = await edgeCaller()
  const upload = await begin(caller, bytes.length)
  const [url = ''] = await urlsOf(caller, upload, [1])
  const response = await put(caller, url, bytes)
  expect(response.status).toBe(200)
  return { caller, upload, url, bytes, etag: response.headers.get('ETag') ?? '' }
}

describe('an upload in parts through this Worker', () => {
  it('F37: takes what one request cannot, part by part in any order, and makes one object of it', async () => {
    const caller = await edgeCaller()
    const upload = await begin(caller, PART + 1000)
    expect(upload).toEqual({
      upload_id: expect.any(String) as string,
      key: `${caller.folder}film.mp4`,
      part_size: PART,
      part_count: 2,
      file_size: PART + 1000,
      expires_at: '2026-11-28T12:07:00.000Z',
    })
    const [first = '', second = ''] = await urlsOf(caller, upload, [1, 2])
    const end = await put(caller, second, numberedBytes(1000))
    const show = () => caller.answer('GET', `/api/storage/multipart?${query(upload)}`)
    const last = { part_number: 2, size: 1000, etag: end.headers.get('ETag') }
    expect(await show()).toMatchObject([200, { ...upload, created_at: '2026-11-21T12:07:00.000Z', parts: [last] }])
    const start = await putMany(caller, first, 64, 7)
    expect(await show()).toMatchObject([200, { parts: [{ part_number: 1, size: PART }, last] }])
    expect(await env.MEDIA.head(upload.key)).toBeNull()

    const [status, made] = await complete(caller, upload, [start.headers.get('ETag'), end.headers.get('ETag')])
    const object = await env.MEDIA.get(upload.key, { range: { offset: PART - 1, length: 3 } })
    expect([status, made]).toEqual([200, { key: upload.key, size: PART + 1000, etag: object?.httpEtag }])
    expect(new Uint8Array((await object?.arrayBuffer()) ?? [])).toEqual(new Uint8Array([7, ...numberedBytes(2)]))
    expect(object?.httpMetadata?.contentType).toBe('video/mp4')
    expect(await show()).toEqual([404, { detail: 'Upload not found' }])
    expect(await complete(caller, upload, ['"x"', '"y"'])).toEqual([404, { detail: 'Upload not found' }])
    expect(await readColumn('SELECT count(*) FROM upload_parts WHERE upload_id = ?', upload.upload_id)).toBe(0)
  })

  it('counts the latest of a part that is sent again', async () => {
    const { caller, upload, url, etag } = await beginWithPart()
    const again = await put(caller, url, new Uint8Array(1000))
    expect(await complete(caller, upload, [etag])).toEqual([
      409,
      { detail: 'Upload is incomplete: a part is not there, or has another ETag' },
    ])
    expect((await complete(caller, upload, [again.headers.get('ETag')]))[0]).toBe(200)
    expect(new Uint8Array((await (await env.MEDIA.get(upload.key))?.arrayBuffer()) ?? [])).toEqual(new Uint8Array(1000))
  })

  it('replaces an object at once where it was just served', async () => {
    const { caller, upload, etag, bytes } = await beginWithPart()
    await env.MEDIA.put(upload.key, 'before')
    const signedAtSeconds = Math.floor(caller.service.clock.nowMs / 1000)
    const url = signMedia({ key: upload.key, origin: ORIGIN, signedAtSeconds })
    expect(await (await caller.service.request(url)).text()).toBe('before')
    await caller.service.settle()
    expect((await complete(caller, upload, [etag]))[0]).toBe(200)
    expect(new Uint8Array(await (await caller.service.request(url)).arrayBuffer())).toEqual(bytes)
  })

  it.each([
    ['another part', (url: URL) => url.searchParams.set('partNumber', '2')],
    ['part 0', (url: URL) => url.searchParams.set('partNumber', '0')],
    ['part 01', (url: URL) => url.searchParams.set('partNumber', '01')],
    ['part -1', (url: URL) => url.searchParams.set('partNumber', '-1')],
    ['part 10001', (url: URL) => url.searchParams.set('partNumber', '10001')],
    ['part 1e1', (url: URL) => url.searchParams.set('partNumber', '1e1')],
    ['two numbers', (url: URL) => url.searchParams.append('partNumber', '2')],
    ['no number', (url: URL) => url.searchParams.delete('partNumber')],
    ['no upload', (url: URL) => url.searchParams.delete('uploadId')],
    ['another upload', (url: URL) => url.searchParams.set('uploadId', 'other')],
    ['an empty upload', (url: URL) => url.searchParams.set('uploadId', '')],
    ['another key', (url: URL) => (url.pathname = url.pathname.replace('film', 'other'))],
  ])('refuses a URL that was changed to %s', async (_, change) => {
    const { caller, url, bytes } = await beginWithPart()
    const changed = new URL(url)
    change(changed)
    const response = await put(caller, changed.href, bytes)
    expect([response.status, await response.json()]).toEqual([403, { detail: 'Presigned URL is invalid' }])
  })

  it.each([999, 1001])('refuses %d bytes for a part of 1000', async (length) => {
    const { caller, url } = await beginWithPart()
    expect((await put(caller, url, numberedBytes(length))).status).toBe(403)
  })

  it('gives nothing to those who read with the URL of a part, however it was signed', async () => {
    const { caller, upload, url, etag } = await beginWithPart()
    await complete(caller, upload, [etag])
    expect((await caller.service.request(url)).status).toBe(403)
    const signedAtSeconds = Math.floor(caller.service.clock.nowMs / 1000)
    const part = { partNumber: '1', uploadId: upload.upload_id }
    const read = signMedia({ key: upload.key, origin: ORIGIN, signedAtSeconds, query: part })
    expect((await caller.service.request(read)).status).toBe(403)
  })

  it('takes no part after its end, and ends as often as asked', async () => {
    const { caller, upload, url, bytes, etag } = await beginWithPart()
    for (let times = 0; times < 2; times++) {
      expect(await caller.answer('DELETE', `/api/storage/multipart?${query(upload)}`)).toEqual([200, { ok: true }])
    }
    const late = await put(caller, url, bytes)
    expect([late.status, await late.json()]).toEqual([404, { detail: 'Upload not found' }])
    expect((await complete(caller, upload, [etag]))[0]).toBe(404)
    expect(await env.MEDIA.head(upload.key)).toBeNull()
  })
})

describe('POST /api/storage/multipart', () => {
  it('mends a file name, and keeps the type it is told', async () => {
    const caller = await edgeCaller()
    const terms = { file_name: '../My film.mp4', content_type: 'application/octet-stream', file_size: 4 }
    const [status, body] = await caller.answer('POST', '/api/storage/multipart', terms)
    expect([status, body]).toMatchObject([201, { key: `${caller.folder}My_film.mp4`, part_count: 1 }])
    const upload = body as Begun
    const [url = ''] = await urlsOf(caller, upload, [1])
    const etag = (await put(caller, url, numberedBytes(4))).headers.get('ETag')
    await complete(caller, upload, [etag])
    expect((await env.MEDIA.head(upload.key))?.httpMetadata?.contentType).toBe('application/octet-stream')
  })

  it.each([
    [{ file_size: 1 }, 'file_name: give exactly one of file_name and key'],
    [{ key: 'a.mp4', file_name: 'a.mp4', file_size: 1 }, 'file_name: give exactly one of file_name and key'],
    [{ key: 'a.mp4' }, 'file_size: is required'],
    [{ key: 'a.mp4', file_size: 0 }, 'file_size: must be a whole number from 1 to 5000000000000'],
    [{ key: 'a.mp4', file_size: 5e12 + 1 }, 'file_size: must be a whole number from 1 to 5000000000000'],
    [
      { key: 'a.mp4', file_size: 950e9 + 1 },
      'file_size: must be at most 950000000000 while no S3 endpoint is configured',
    ],
    [{ key: 'a.html', file_size: 1 }, 'key: must end in the extension of a film or of a part of a stream'],
    [{ key: '../a.mp4', file_size: 1 }, 'Storage path does not belong to this user'],
    [
      { key: 'a.mp4', content_type: 'text/html', file_size: 1 },
      'content_type: must fit the extension, or be application/octet-stream',
    ],
  ])('refuses %j', async (body, detail) => {
    const caller = await edgeCaller()
    const [status, answer] = await caller.answer('POST', '/api/storage/multipart', body)
    expect([[403, 422].includes(status), answer]).toEqual([true, { detail }])
    expect(await caller.answer('GET', '/api/storage/multipart')).toEqual([200, { uploads: [], cursor: null }])
  })

  it('wants storage:write, and storage:read to look', async () => {
    const reader = await knownCaller({ scopes: 'storage:read' })
    expect((await reader.answer('POST', '/api/storage/multipart', { key: 'a.mp4', file_size: 1 }))[0]).toBe(403)
    expect((await reader.answer('DELETE', '/api/storage/multipart?key=a.mp4&upload_id=x'))[0]).toBe(403)
    expect((await reader.answer('GET', '/api/storage/multipart'))[0]).toBe(200)
    const writer = await knownCaller({ scopes: 'storage:write' })
    expect((await writer.answer('GET', '/api/storage/multipart'))[0]).toBe(403)
  })
})

describe('POST /api/storage/multipart/urls', () => {
  it.each([
    [[], 'part_numbers: must be 1 to 500 part numbers'],
    [Array.from({ length: 501 }, () => 1), 'part_numbers: must be 1 to 500 part numbers'],
    [[0], 'part_numbers.0: must be a whole number from 1 to 10000'],
    [[-1], 'part_numbers.0: must be a whole number from 1 to 10000'],
    [[1.5], 'part_numbers.0: must be a whole number from 1 to 10000'],
    [[10_001], 'part_numbers.0: must be a whole number from 1 to 10000'],
    [['1'], 'part_numbers.0: must be number'],
    [[1, 2], 'part_numbers.1: must be at most 1'],
  ])('refuses %j of an upload of one part', async (numbers, detail) => {
    const caller = await edgeCaller()
    const upload = await begin(caller, 1000)
    const asked = { ...named(upload), part_numbers: numbers }
    expect(await caller.answer('POST', '/api/storage/multipart/urls', asked)).toEqual([422, { detail }])
  })

  it('signs 500 parts of a terabyte with one read', async () => {
    const caller = await edgeCaller()
    const upload = await begin(caller, 900e9)
    caller.service.reset()
    const urls = await urlsOf(
      caller,
      upload,
      Array.from({ length: 500 }, (_, index) => index + 1),
    )
    expect(new Set(urls).size).toBe(500)
    expect(caller.service.counts).toMatchObject({ d1Reads: 1, d1Writes: 0, r2Reads: 0, r2Writes: 0 })
  })
})

describe('POST /api/storage/multipart/complete', () => {
  it('refuses what is not the whole, and stays open', async () => {
    const { caller, upload, etag } = await beginWithPart()
    const one = { part_number: 1, etag }
    const wrong: [object[], string][] = [
      [[], 'part 1 is missing'],
      [[one, one], 'part 1 is given twice'],
      [[one, { part_number: 2, etag }], 'part 2 is beyond the last one, 1'],
      [[{ part_number: 1, etag: '"0123456789abcdef0123456789abcdef"' }], 'a part is not there, or has another ETag'],
    ]
    for (const [parts, problem] of wrong) {
      const asked = { ...named(upload), parts }
      expect(await caller.answer('POST', '/api/storage/multipart/complete', asked)).toEqual([
        409,
        { detail: `Upload is incomplete: ${problem}` },
      ])
    }
    expect((await complete(caller, upload, [etag.slice(1, -1)]))[0]).toBe(200)
  })

  it('refuses a part that never came', async () => {
    const caller = await edgeCaller()
    const upload = await begin(caller, 1000)
    expect((await complete(caller, upload, ['"x"']))[0]).toBe(409)
    expect((await caller.answer('GET', `/api/storage/multipart?${query(upload)}`))[0]).toBe(200)
  })

  it.each(['', '"', '""', 'a b', '"a"b"', '"a', 'a\n', 'ä', 'x'.repeat(1025)])(
    'refuses %j, which is no ETag',
    async (etag) => {
      const caller = await edgeCaller()
      const upload = await begin(caller, 1000)
      expect(await complete(caller, upload, [etag])).toEqual([
        422,
        { detail: 'parts.0.etag: must be the ETag of the part' },
      ])
    },
  )

  it('takes ten thousand parts in one request', async () => {
    const caller = await edgeCaller()
    const upload = await begin(caller, 950e9)
    const etags = Array.from({ length: 9999 }, () => `"${'e'.repeat(300)}"`)
    expect(await complete(caller, upload, etags)).toEqual([
      409,
      { detail: 'Upload is incomplete: part 10000 is missing' },
    ])
  })
})

describe('another user’s upload', () => {
  it('is out of reach under their key and under one’s own', async () => {
    const { caller, upload, etag } = await beginWithPart()
    const other = await knownCaller({ service: caller.service })
    const theirs = named(upload)
    const own = { key: 'film.mp4', upload_id: upload.upload_id }
    const parts = [{ part_number: 1, etag }]
    const foreign = [403, { detail: 'Storage path does not belong to this user' }]
    const missing = [404, { detail: 'Upload not found' }]
    for (const [place, refusal] of [
      [theirs, foreign],
      [own, missing],
    ] as const) {
      const asked = new URLSearchParams(place).toString()
      expect(await other.answer('GET', `/api/storage/multipart?${asked}`)).toEqual(refusal)
      expect(await other.answer('POST', '/api/storage/multipart/urls', { ...place, part_numbers: [1] })).toEqual(
        refusal,
      )
      expect(await other.answer('POST', '/api/storage/multipart/complete', { ...place, parts })).toEqual(refusal)
    }
    expect(await other.answer('DELETE', `/api/storage/multipart?${query(upload)}`)).toEqual(foreign)
    expect(await other.answer('DELETE', `/api/storage/multipart?${new URLSearchParams(own).toString()}`)).toEqual([
      200,
      { ok: true },
    ])
    expect(await other.answer('GET', '/api/storage/multipart')).toEqual([200, { uploads: [], cursor: null }])
    expect((await complete(caller, upload, [etag]))[0]).toBe(200)
  })
})

describe('GET /api/storage/multipart', () => {
  it('lists open uploads newest first, in pages, and those of one key', async () => {
    const caller = await edgeCaller()
    const begun: Begun[] = []
    for (const key of ['a.mp4', 'b.mp4', 'a.mp4']) {
      begun.unshift(await begin(caller, 1000, key))
      caller.service.clock.nowMs += 1000
    }
    const list = async (search: string) => {
      const [status, body] = await caller.answer('GET', `/api/storage/multipart?${search}`)
      expect(status).toBe(200)
      const { uploads, cursor } = body as { uploads: Begun[]; cursor: string | null }
      return { ids: uploads.map(({ upload_id }) => upload_id), cursor }
    }
    const ids = begun.map(({ upload_id }) => upload_id)
    expect(await list('')).toEqual({ ids, cursor: null })
    const page = await list('limit=2')
    expect(page.ids).toEqual(ids.slice(0, 2))
    expect(await list(`limit=2&cursor=${page.cursor}`)).toEqual({ ids: ids.slice(2), cursor: null })
    expect((await list('key=a.mp4')).ids).toEqual([ids[0], ids[2]])
  })

  it.each([
    ['upload_id=x', 422, 'key: is required with upload_id'],
    ['key=a.mp4&upload_id=x', 404, 'Upload not found'],
    ['cursor=!', 422, 'cursor: is not a cursor of this list'],
    ['cursor=YWFh', 422, 'cursor: is not a cursor of this list'],
    ['limit=101', 422, 'limit: must be a whole number from 1 to 100'],
    ['key=../x', 403, 'Storage path does not belong to this user'],
  ])('answers %s with %d', async (search, status, detail) => {
    const caller = await edgeCaller()
    expect(await caller.answer('GET', `/api/storage/multipart?${search}`)).toEqual([status, { detail }])
  })
})

describe('after seven days', () => {
  it('an unfinished upload is gone for its owner, and the daily run ends it in the bucket', async () => {
    const { caller, upload, etag, bytes } = await beginWithPart()
    const { service } = caller
    service.clock.nowMs += 7 * DAY_MS - 1000
    expect((await caller.answer('GET', `/api/storage/multipart?${query(upload)}`))[0]).toBe(200)
    await runDaily(service.deps)
    expect((await caller.answer('GET', `/api/storage/multipart?${query(upload)}`))[0]).toBe(200)
    service.clock.nowMs += 1000
    expect((await complete(caller, upload, [etag]))[0]).toBe(404)
    expect(await caller.answer('GET', '/api/storage/multipart')).toEqual([200, { uploads: [], cursor: null }])

    service.failing.add('MEDIA')
    await runDaily(service.deps)
    expect(await readColumn('SELECT key FROM uploads WHERE upload_id = ?', upload.upload_id)).toBe(upload.key)
    expect(service.logs).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'an unfinished upload could not be ended' }),
    )
    service.failing.delete('MEDIA')
    await runDaily(service.deps)
    expect(await readColumn('SELECT key FROM uploads WHERE upload_id = ?', upload.upload_id)).toBeUndefined()
    expect(await readColumn('SELECT count(*) FROM upload_parts WHERE upload_id = ?', upload.upload_id)).toBe(0)
    const { uploadId, key } = { uploadId: upload.upload_id, key: upload.key }
    await expect(env.MEDIA.resumeMultipartUpload(key, uploadId).uploadPart(1, bytes)).rejects.toThrow('(10024)')
  })
})

describe('an upload in parts at an S3 endpoint', () => {
  it('signs parts for it, with their exact length, and says when it does not list them', async () => {
    const caller = await knownCaller()
    const upload = await begin(caller, 5e12)
    expect(upload).toMatchObject({ part_size: 477 * MIB, part_count: 9997 })
    const [first = '', last = ''] = await urlsOf(caller, upload, [1, 9997])
    const url = new URL(first)
    expect(url.origin + url.pathname).toBe(`https://storage.example.com/media/${upload.key}`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      partNumber: '1',
      uploadId: upload.upload_id,
      'X-Amz-Expires': '7200',
      'X-Amz-SignedHeaders': 'content-length;host',
    })
    expect(new URL(last).searchParams.get('partNumber')).toBe('9997')
    const [status, shown] = await caller.answer('GET', `/api/storage/multipart?${query(upload)}`)
    expect([status, shown]).toMatchObject([200, { upload_id: upload.upload_id, parts: null }])
    expect(caller.service.fetched.map((address) => new URL(address).origin)).toEqual(['https://storage.example.com'])
  })
})
