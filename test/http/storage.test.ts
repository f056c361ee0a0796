import { describe, expect, it } from 'vitest'
import { call, makeKey, type TestKey } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO } from '../support/known-caller.ts'
import type { Service } from '../support/service.ts'

const known = knownCaller

async function post(service: Service, key: TestKey, path: string, body: unknown): Promise<[number, unknown]> {
  const response = await call(service, key.rawKey, 'POST', `/api/storage/${path}`, body)
  return [response.status, await response.json()]
}

describe('POST /api/storage/upload-url', () => {
  it('signs a PUT under a sanitised file name, without any I/O', async () => {
    const { service, key, folder } = await known()
    const response = await call(service, key.rawKey, 'POST', '/api/storage/upload-url', {
      file_name: '../My film.mp4',
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    const body = await response.json<{ upload_url: string }>()
    expect(body).toEqual({
      success: true,
      upload_url: expect.any(String) as string,
      file_path: `${folder}My_film.mp4`,
      user_id: key.userId,
      sanitized_filename: 'My_film.mp4',
      original_filename: '../My film.mp4',
      expires_at: '2026-11-21T13:07:00.000Z',
    })
    const url = new URL(body.upload_url)
    expect(url.origin + url.pathname).toBe(`https://storage.example.com/media/${folder}My_film.mp4`)
    expect(url.search).toMatch(/^\?X-Amz-.*&X-Amz-Signature=[0-9a-f]{64}$/)
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host')
    expect(url.searchParams.get('X-Amz-Expires')).toBe('3600')
    expect(url.searchParams.get('X-Amz-Date')).toBe('20261121T120700Z')
    expect(service.counts).toMatchObject(NO_IO)
  })

  it('signs type and length when they are given, for as long as asked', async () => {
    const { service, key } = await known()
    const [status, body] = await post(service, key, 'upload-url', {
      key: 'film.mp4',
      content_type: 'video/mp4',
      file_size: 4 * 1024 ** 3,
      expires_in: 300,
    })
    expect(status).toBe(200)
    const query = new URL((body as { upload_url: string }).upload_url).searchParams
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host')
    expect(query.get('X-Amz-Expires')).toBe('300')
    expect(body).toMatchObject({ expires_at: '2026-11-21T12:12:00.000Z' })
  })

  it('takes a key literally', async () => {
    const { service, key, folder } = await known()
    const path = `${folder}hls/ä b+c/seg-1.m4s`
    const [status, body] = await post(service, key, 'upload-url', { key: path })
    expect(status).toBe(200)
    expect(body).toMatchObject({ file_path: path, sanitized_filename: 'seg-1.m4s', original_filename: 'seg-1.m4s' })
    const { pathname } = new URL((body as { upload_url: string }).upload_url)
    expect(decodeURIComponent(pathname)).toBe(`/media/${path}`)
  })

  it.each([
    ['cmfv', 'video/mp4'],
    ['cmfa', 'audio/mp4'],
    ['cmft', 'application/mp4'],
    ['m4a', 'audio/mp4'],
    ['ac3', 'audio/ac3'],
    ['ec3', 'audio/eac3'],
    ['webvtt', 'text/vtt'],
    ['m3u', 'audio/x-mpegurl'],
    ['opus', 'audio/ogg'],
    ['flac', 'audio/flac'],
    ['ttml', 'application/ttml+xml'],
    ['gif', 'image/gif'],
    ['avif', 'image/avif'],
  ])('F29: signs an upload of what packagers write: .%s as %s', async (extension, contentType) => {
    const { service, key } = await known()
    const upload = { key: `a.${extension}`, content_type: contentType }
    expect((await post(service, key, 'upload-url', upload))[0]).toBe(200)
    expect((await post(service, key, 'upload-url', { ...upload, content_type: 'text/html' }))[0]).toBe(422)
  })

  it.each([
    [{}, 'file_name: give exactly one of file_name and key'],
    [{ file_name: 'a.mp4', key: 'a.mp4' }, 'file_name: give exactly one of file_name and key'],
    [{ file_name: 'a.exe' }, 'file_name: must end in the extension of a film'],
    [{ file_name: 'a.json' }, 'file_name: must end in the extension of a film'],
    [{ file_name: '' }, 'file_name: must not be empty'],
    [{ file_name: 1 }, 'file_name: must be string'],
    [{ key: 'a' }, 'key: must end in the extension of a film or of a part of a stream'],
    [{ key: '.mp4' }, 'key: must end in the extension of a film or of a part of a stream'],
    [{ key: 'a.html' }, 'key: must end in the extension of a film or of a part of a stream'],
    [{ key: '..' }, 'key: must not hold a dot segment'],
    [{ key: 'a\0.mp4' }, 'key: must not hold control characters'],
    [{ key: 'a\\b.mp4' }, 'key: must not hold a backslash'],
    [{ key: '%2e%2e%2fa.mp4' }, 'key: must not hold a percent-encoded dot, slash or backslash'],
    [{ key: `${'a'.repeat(1020)}.mp4` }, 'key: must be at most 1024 bytes of UTF-8 with the folder it is in'],
    [
      { key: 'a.mp4', content_type: 'text/html' },
      'content_type: must fit the extension, or be application/octet-stream',
    ],
    [
      { key: 'a.mp4', content_type: 'image/png' },
      'content_type: must fit the extension, or be application/octet-stream',
    ],
    [{ key: 'a.mp4', file_size: 4 * 1024 ** 3 + 1 }, 'file_size: must be a whole number from 1 to 4294967296'],
    [{ key: 'a.mp4', file_size: 0 }, 'file_size: must be a whole number from 1 to 4294967296'],
    [{ key: 'a.mp4', file_size: 1.5 }, 'file_size: must be a whole number from 1 to 4294967296'],
    [{ key: 'a.mp4', expires_in: 299 }, 'expires_in: must be a whole number from 300 to 7200'],
    [{ key: 'a.mp4', expires_in: 7201 }, 'expires_in: must be a whole number from 300 to 7200'],
    [{ key: 'a.mp4', user_id: 'x' }, 'user_id: is not a known field'],
  ])('refuses %j', async (body, detail) => {
    const { service, key } = await known()
    expect(await post(service, key, 'upload-url', body)).toEqual([422, { detail }])
  })
})

describe('POST /api/storage/upload-urls', () => {
  it('signs 500 uploads in one request, in order, with no database and no bucket', async () => {
    const { service, key, folder } = await known()
    const keys = Array.from({ length: 500 }, (_, index) => `${folder}hls/job/v${index % 3}/seg-${index}.m4s`)
    const [status, body] = await post(service, key, 'upload-urls', { keys })
    expect(status).toBe(200)
    const { urls } = body as { urls: { upload_url: string; file_path: string; expires_at: string }[] }
    expect(urls.map(({ file_path }) => file_path)).toEqual(keys)
    expect(urls.map(({ upload_url }) => new URL(upload_url).pathname)).toEqual(keys.map((path) => `/media/${path}`))
    expect(new Set(urls.map(({ upload_url }) => new URL(upload_url).searchParams.get('X-Amz-Signature'))).size).toBe(
      500,
    )
    expect(urls[499]?.expires_at).toBe('2026-11-21T13:07:00.000Z')
    expect(service.counts).toMatchObject(NO_IO)
  })

  it('signs a key as upload-url does', async () => {
    const { service, key } = await known()
    const terms = { content_type: 'video/mp4', file_size: 12, expires_in: 600 }
    const [, one] = await post(service, key, 'upload-url', { key: 'a.mp4', ...terms })
    const [, many] = await post(service, key, 'upload-urls', { keys: ['b.mp4', 'a.mp4'], ...terms })
    expect((many as { urls: { upload_url: string }[] }).urls[1]?.upload_url).toBe(
      (one as { upload_url: string }).upload_url,
    )
  })

  it('takes a megabyte of keys, which is what 500 of the longest are', async () => {
    const { service, key, folder } = await known()
    const long = (index: number) => `${folder}${String(index).padStart(970, 'k')}.m4s`
    const keys = Array.from({ length: 500 }, (_, index) => long(index))
    expect((await post(service, key, 'upload-urls', { keys }))[0]).toBe(200)
  })

  it.each([
    ['no keys', { keys: [] }, 'keys: must be 1 to 500 keys'],
    ['501 keys', { keys: Array.from({ length: 501 }, () => 'a.mp4') }, 'keys: must be 1 to 500 keys'],
    [
      'a type that is no media',
      { keys: ['a.mp4', 'b.exe'] },
      'keys.1: must end in the extension of a film or of a part of a stream',
    ],
    ['what is no text', { keys: ['a.mp4', 1] }, 'keys.1: must be string'],
    [
      'a content type that fits one of two',
      { keys: ['a.mp4', 'b.jpg'], content_type: 'video/mp4' },
      'content_type: must fit the extension, or be application/octet-stream',
    ],
  ])('refuses %s', async (_, body, detail) => {
    const { service, key } = await known()
    expect(await post(service, key, 'upload-urls', body)).toEqual([422, { detail }])
  })
})

describe('POST /api/storage/download-url', () => {
  it.each(['key', 'file_path'])('signs a GET of %s, without any I/O', async (field) => {
    const { service, key, folder } = await known()
    const [status, body] = await post(service, key, 'download-url', { [field]: `${folder}film.mp4` })
    expect(status).toBe(200)
    const { url, expires_at: expiresAt } = body as { url: string; expires_at: string }
    expect(new URL(url).pathname).toBe(`/media/${folder}film.mp4`)
    const query = new URL(url).searchParams
    expect(query.get('X-Amz-Date')).toBe('20261121T120000Z')
    expect(Date.parse(expiresAt)).toBe(Date.parse('2026-11-21T12:00:00Z') + Number(query.get('X-Amz-Expires')) * 1000)
    expect(service.counts).toMatchObject(NO_IO)
  })

  it.each([{}, { key: 'a', file_path: 'a' }])('wants exactly one of key and file_path: %j', async (body) => {
    const { service, key } = await known()
    expect(await post(service, key, 'download-url', body)).toEqual([
      422,
      { detail: 'key: give exactly one of key and file_path' },
    ])
  })
})

interface FileList {
  files: { key: string; size: number; uploaded_at: string; content_type: string | null }[]
  cursor: string | null
}

async function list(service: Service, key: TestKey, query: string): Promise<FileList> {
  const response = await call(service, key.rawKey, 'GET', `/api/storage/files${query}`)
  expect(response.status).toBe(200)
  return await response.json()
}

describe('GET /api/storage/files', () => {
  it('lists own objects with size, time and type in one read of the bucket', async () => {
    const { service, key, folder } = await known()
    await env.MEDIA.put(`${folder}b.mp4`, 'film', { httpMetadata: { contentType: 'video/mp4' } })
    await env.MEDIA.put(`${folder}a/untyped.key`, 'k')
    const page = await list(service, key, '')
    expect(page).toEqual({
      files: [
        {
          key: `${folder}a/untyped.key`,
          size: 1,
          uploaded_at: expect.stringMatching(/Z$/) as string,
          content_type: null,
        },
        {
          key: `${folder}b.mp4`,
          size: 4,
          uploaded_at: expect.stringMatching(/Z$/) as string,
          content_type: 'video/mp4',
        },
      ],
      cursor: null,
    })
    expect(service.counts).toMatchObject({ ...NO_IO, r2Reads: 1 })
  })

  it('takes a prefix relative to the folder or with it, which may end in the middle of a name', async () => {
    const { service, key, folder } = await known()
    for (const name of ['hls/1/a.ts', 'hls/2/a.ts', 'hlsx.mp4']) await env.MEDIA.put(folder + name, '')
    const keys = async (prefix: string) =>
      (await list(service, key, `?prefix=${encodeURIComponent(prefix)}`)).files.map((file) =>
        file.key.slice(folder.length),
      )
    expect(await keys('hls')).toEqual(['hls/1/a.ts', 'hls/2/a.ts', 'hlsx.mp4'])
    expect(await keys('hls/2')).toEqual(['hls/2/a.ts'])
    expect(await keys(`${folder}hls/`)).toEqual(['hls/1/a.ts', 'hls/2/a.ts'])
    expect(await keys(folder.slice(0, -1))).toHaveLength(3)
  })

  it('gives every object once in pages, whatever their names', async () => {
    const { service, key, folder } = await known()
    const names = ['a b.ts', 'a+b.ts', 'a%b.ts', 'ä.ts', '😀.ts', '\uff5e.ts', 'weird\\name.ts', 'z/1.ts', 'z/2.ts']
    for (const name of names) await env.MEDIA.put(folder + name, '')
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: FileList = await list(service, key, `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(page.files.length).toBeLessThanOrEqual(2)
      seen.push(...page.files.map((file) => file.key.slice(folder.length)))
      cursor = page.cursor
    }
    expect(seen.toSorted()).toEqual(names.toSorted())
  })

  it('fills a page, however few objects the bucket gives at once', async () => {
    const { service, key, folder } = await known()
    await Promise.all(Array.from({ length: 250 }, (_, index) => env.MEDIA.put(`${folder}${index}.ts`, '')))
    const page = await list(service, key, '?limit=240')
    expect(page.files).toHaveLength(240)
    expect(await list(service, key, `?cursor=${page.cursor ?? ''}`)).toMatchObject({
      files: { length: 10 },
      cursor: null,
    })
  }, 30_000)

  it('shows no other user’s objects, whatever the cursor says', async () => {
    const other = await makeKey()
    await env.MEDIA.put(`users/${other.userId}/secret.mp4`, '')
    const { service, key, folder } = await known()
    await env.MEDIA.put(`${folder}a.mp4`, '')
    const foreign = btoa(encodeURIComponent(`../${other.userId}/a`)).replace(/=+$/, '')
    const page = await list(service, key, `?cursor=${foreign}`)
    expect(page.files.every((file) => file.key.startsWith(folder))).toBe(true)
  })

  it.each([
    ['?limit=0', 'limit: must be a whole number from 1 to 1000'],
    ['?limit=1001', 'limit: must be a whole number from 1 to 1000'],
    ['?limit=x', 'limit: must be a whole number from 1 to 1000'],
    ['?cursor=!', 'cursor: is not a cursor of this list'],
    [`?cursor=${'YWFh'.repeat(400)}`, 'cursor: is not a cursor of this list'],
    ['?prefix=..', 'prefix: must not hold a dot segment'],
    ['?prefix=a//b', 'prefix: must not hold an empty segment'],
  ])('refuses %s', async (query, detail) => {
    const { service, key } = await known()
    const response = await call(service, key.rawKey, 'GET', `/api/storage/files${query}`)
    expect([response.status, await response.json()]).toEqual([422, { detail }])
    expect(service.counts).toMatchObject(NO_IO)
  })
})

describe('GET /api/storage/files?unregistered=true', () => {
  it('lists what belongs to no video of the caller, with one read of bucket and database a page', async () => {
    const { service, key, folder } = await known()
    const [jobId, nobody] = [crypto.randomUUID(), crypto.randomUUID()]
    await env.DB.prepare(
      "INSERT INTO videos (job_id, user_id, name, status, storage_path, created_at, updated_at) VALUES (?, ?, 'x', 'uploaded', ?, 0, 0)",
    )
      .bind(jobId, key.userId, `${folder}film.mp4`)
      .run()
    const registered = [
      'film.mp4',
      `hls/${jobId}/index.m3u8`,
      `hls/${jobId}/v/1.m4s`,
      `thumbnails/${jobId}.jpg`,
      `reports/${jobId}.json`,
    ]
    const unregistered = [
      'film2.mp4',
      `hls/${nobody}/index.m3u8`,
      `thumbnails/${nobody}.jpg`,
      `thumbnails/${jobId}.png`,
    ]
    for (const name of [...registered, ...unregistered]) await env.MEDIA.put(folder + name, '')
    const page = await list(service, key, '?unregistered=true')
    expect(page.files.map((file) => file.key.slice(folder.length)).toSorted()).toEqual(unregistered.toSorted())
    expect(page.cursor).toBeNull()
    expect(service.counts).toMatchObject({ ...NO_IO, r2Reads: 1, d1Reads: 1 })
  })

  it('gives each once in pages', async () => {
    const { service, key, folder } = await known()
    const names = Array.from({ length: 7 }, (_, index) => `f${index}.mp4`)
    for (const name of names) await env.MEDIA.put(folder + name, '')
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: FileList = await list(
        service,
        key,
        `?unregistered=true&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(...page.files.map((file) => file.key.slice(folder.length)))
      cursor = page.cursor
    }
    expect(seen).toEqual(names)
  })
})

describe('DELETE /api/storage/files', () => {
  const remove = async (service: Service, key: TestKey, keys: unknown): Promise<[number, unknown]> => {
    const response = await call(service, key.rawKey, 'DELETE', '/api/storage/files', { keys })
    return [response.status, await response.json()]
  }

  it('deletes a thousand keys with one call of the bucket', async () => {
    const { service, key, folder } = await known()
    await env.MEDIA.put(`${folder}k0.ts`, '')
    await env.MEDIA.put(`${folder}k999.ts`, '')
    const keys = Array.from({ length: 1000 }, (_, index) => `${folder}k${index}.ts`)
    expect(await remove(service, key, keys)).toEqual([200, { deleted: 1000 }])
    expect(service.counts).toMatchObject({ ...NO_IO, r2Writes: 1 })
    expect((await env.MEDIA.list({ prefix: folder })).objects).toEqual([])
  })

  it('counts a key once and takes files of any type', async () => {
    const { service, key, folder } = await known()
    expect(await remove(service, key, ['a.txt', `${folder}a.txt`, 'b'])).toEqual([200, { deleted: 2 }])
  })

  it.each([
    ['no keys', [], 'keys: must be 1 to 1000 keys'],
    ['1,001 keys', Array.from({ length: 1001 }, () => 'a'), 'keys: must be 1 to 1000 keys'],
    ['a malformed key', ['a.mp4', '..'], 'keys.1: must not hold a dot segment'],
  ])('refuses %s', async (_, keys, detail) => {
    const { service, key } = await known()
    expect(await remove(service, key, keys)).toEqual([422, { detail }])
    expect(service.counts).toMatchObject(NO_IO)
  })

  it('deletes nothing when one of the keys is another user’s', async () => {
    const { service, key, folder } = await known()
    await env.MEDIA.put(`${folder}mine.mp4`, '')
    const other = await makeKey()
    const answer = await remove(service, key, ['mine.mp4', `users/${other.userId}/film.mp4`])
    expect(answer).toEqual([403, { detail: 'Storage path does not belong to this user' }])
    expect(await env.MEDIA.head(`${folder}mine.mp4`)).not.toBeNull()
  })
})

describe('when the bucket is away', () => {
  it('a list is a 503', async () => {
    const { service, key } = await known()
    service.failing.add('MEDIA')
    const response = await call(service, key.rawKey, 'GET', '/api/storage/files')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ detail: 'Storage is temporarily unavailable' })
  })
})

describe('a larger body', () => {
  it('than 64 KiB is a 413 for one upload, and than 1 MiB for many', async () => {
    const { service, key } = await known()
    expect(await post(service, key, 'upload-url', { key: 'a'.repeat(70_000) })).toEqual([
      413,
      { detail: 'Request body is too large' },
    ])
    expect((await post(service, key, 'upload-urls', { keys: ['a'.repeat(1_048_576)] }))[0]).toBe(413)
  })
})
