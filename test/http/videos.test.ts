import { describe, expect, it } from 'vitest'
import { VIDEO_STATUSES } from '../../src/core/videos/status.ts'
import { makeKey, readColumn } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO, type KnownCaller } from '../support/known-caller.ts'
import { ORIGIN, startService } from '../support/service.ts'

interface Video {
  job_id: string
  name: string
  status: string
  created_at: string
  [field: string]: unknown
}

interface Registered {
  success: true
  job_id: string
  alreadyExists: boolean
}

const REGISTER = '/api/processing/register-upload'

async function upload(caller: KnownCaller, name = 'film.mp4', content = 'a film'): Promise<string> {
  await env.MEDIA.put(caller.folder + name, content)
  return caller.folder + name
}

async function register(caller: KnownCaller, name?: string, fields: object = {}): Promise<string> {
  const [status, body] = await caller.answer('POST', REGISTER, { file_path: await upload(caller, name), ...fields })
  expect(status).toBe(200)
  caller.service.reset()
  return (body as Registered).job_id
}

describe('POST /api/processing/register-upload', () => {
  it('makes a video of an object with one read of the bucket and one round trip to the database', async () => {
    const caller = await knownCaller()
    const path = await upload(caller)
    const [status, body] = await caller.answer('POST', REGISTER, {
      file_path: path,
      file_name: 'My film.mp4',
      file_size: 999,
      duration: 61.5,
    })
    expect([status, body]).toEqual([
      200,
      { success: true, job_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, alreadyExists: false },
    ])
    expect(caller.service.counts).toMatchObject({ ...NO_IO, r2Reads: 1, d1Writes: 1 })
    const { job_id: jobId } = body as Registered
    expect(await caller.answer('GET', `/api/videos/${jobId}`)).toEqual([
      200,
      {
        job_id: jobId,
        user_id: caller.key.userId,
        name: 'My film.mp4',
        description: '',
        status: 'uploaded',
        playback: 'public',
        duration: 61.5,
        file_size: 6,
        storage_path: path,
        project_id: null,
        thumbnail_url: `${ORIGIN}/api/playback/thumbnail/${jobId}`,
        stream_url: `${ORIGIN}/api/playback/stream/${jobId}`,
        created_at: '2026-11-21T12:07:00.000Z',
        updated_at: '2026-11-21T12:07:00.000Z',
      },
    ])
  })

  it('makes a video of an object whose parts are on their way, but of nobody else’s', async () => {
    const [caller, other] = [await knownCaller(), await knownCaller()]
    const key = `users/${caller.key.userId}/on its way.mp4`
    await caller.answer('POST', '/api/storage/multipart', { key, file_size: 700_000_000 })
    const [status, body] = await caller.answer('POST', REGISTER, { file_path: key })
    expect(status).toBe(200)
    const { job_id: jobId } = body as Registered
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[1]).toMatchObject({ file_size: 700_000_000 })
    const theirs = { file_path: `users/${other.key.userId}/on its way.mp4` }
    expect((await other.answer('POST', REGISTER, theirs))[0]).toBe(404)
  })

  it('takes an own job_id, and the file’s name when none is given', async () => {
    const caller = await knownCaller()
    const jobId = crypto.randomUUID()
    const file_path = await upload(caller, 'a film of mine.mov')
    const answer = await caller.answer('POST', REGISTER, { file_path, job_id: jobId.toUpperCase() })
    expect(answer).toEqual([200, { success: true, job_id: jobId, alreadyExists: false }])
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[1]).toMatchObject({
      name: 'a film of mine.mov',
      duration: null,
    })
  })

  it('F25: takes a duration of 0 for unknown, as PATCH does', async () => {
    const caller = await knownCaller()
    const file_path = await upload(caller)
    const [, registered] = await caller.answer('POST', REGISTER, { file_path, duration: 0 })
    const { job_id: jobId } = registered as Registered
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[1]).toMatchObject({ duration: null })
    const original = async (): Promise<string | null> =>
      (await caller.service.request(`/api/playback/direct?job_id=${jobId}`)).headers.get('Location')
    expect(await original()).toContain(`X-Amz-Expires=${12 * 3600 + 900}`)
    expect((await caller.answer('PATCH', `/api/videos/${jobId}`, { duration: 12 }))[1]).toMatchObject({ duration: 12 })
    expect(await original()).toContain(`X-Amz-Expires=${3600 + 900}`)
    expect((await caller.answer('PATCH', `/api/videos/${jobId}`, { duration: 0 }))[1]).toMatchObject({ duration: null })
    expect(await original()).toContain(`X-Amz-Expires=${12 * 3600 + 900}`)
  })

  it('says alreadyExists for the same path and for an own job_id, and changes nothing', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller, 'a.mp4', { file_name: 'first' })
    const exists = [200, { success: true, job_id: jobId, alreadyExists: true }]
    const a = `${caller.folder}a.mp4`
    const b = await upload(caller, 'b.mp4')
    expect(await caller.answer('POST', REGISTER, { file_path: 'a.mp4', file_name: 'second' })).toEqual(exists)
    expect(await caller.answer('POST', REGISTER, { file_path: a, job_id: jobId })).toEqual(exists)
    expect(await caller.answer('POST', REGISTER, { file_path: a, job_id: crypto.randomUUID() })).toEqual(exists)
    expect(await caller.answer('POST', REGISTER, { file_path: b, job_id: jobId })).toEqual(exists)
    const [, list] = await caller.answer('GET', '/api/videos')
    expect(list).toMatchObject([{ job_id: jobId, name: 'first', storage_path: a }])
  })

  it('makes one video of twenty requests at once, and tells all its id', async () => {
    const caller = await knownCaller()
    const file_path = await upload(caller)
    const answers = await Promise.all(Array.from({ length: 20 }, () => caller.answer('POST', REGISTER, { file_path })))
    const bodies = answers.map(([, body]) => body as Registered)
    expect(new Set(bodies.map(({ job_id }) => job_id)).size).toBe(1)
    expect(bodies.filter(({ alreadyExists }) => !alreadyExists)).toHaveLength(1)
    expect((await caller.answer('GET', '/api/videos'))[1]).toHaveLength(1)
  })

  it('is a 404 when the object is not there', async () => {
    const caller = await knownCaller()
    const answer = await caller.answer('POST', REGISTER, { file_path: 'nothing.mp4' })
    expect(answer).toEqual([404, { detail: 'Uploaded file not found' }])
    expect(caller.service.counts).toMatchObject({ ...NO_IO, r2Reads: 1, d1Reads: 1 })
  })

  it('refuses the job_id of another user', async () => {
    const other = await knownCaller()
    const caller = await knownCaller()
    const job_id = await register(other)
    const answer = await caller.answer('POST', REGISTER, { file_path: await upload(caller), job_id })
    expect(answer).toEqual([403, { detail: 'Video does not belong to this user' }])
    expect((await caller.answer('GET', '/api/videos'))[1]).toEqual([])
  })

  it.each([
    ['off', 'off', 404],
    ['on', 'public', 302],
    ['public', 'public', 302],
  ])('F7: registers with playback %s', async (written, playback, status) => {
    const caller = await knownCaller()
    const jobId = await register(caller, 'film.mp4', { playback: written })
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[1]).toMatchObject({ playback })
    expect((await caller.service.request(`/api/playback/direct?job_id=${jobId}`)).status).toBe(status)
    await register(caller, 'film.mp4', { playback: playback === 'off' ? 'public' : 'off' })
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[1]).toMatchObject({ playback })
  })

  it.each([
    [{}, 'file_path: is required'],
    [{ file_path: '..' }, 'file_path: must not hold a dot segment'],
    [{ file_path: 'a.mp4', job_id: 'x' }, 'job_id: must be a UUID'],
    [{ file_path: 'a.mp4', duration: -1 }, 'duration: must be a number of seconds from 0 to 864000'],
    [{ file_path: 'a.mp4', duration: '1' }, 'duration: must be number'],
    [{ file_path: 'a.mp4', file_name: '' }, 'file_name: must not be empty'],
    [{ file_path: 'a.mp4', file_size: -1 }, 'file_size: must be a whole number from 0 to 5000000000000'],
    [{ file_path: 'a.mp4', playback: 'secret' }, 'playback: must be ("public" | "private" | "off" | "on")'],
    [{ file_path: 'a.mp4', userId: 'x' }, 'userId: is not a known field'],
  ])('refuses %j', async (body, detail) => {
    const caller = await knownCaller()
    expect(await caller.answer('POST', REGISTER, body)).toEqual([422, { detail }])
    expect(caller.service.counts).toMatchObject(NO_IO)
  })
})

/** Rows put straight into D1, ten to a millisecond, so that pages end between equal times. */
async function insertVideos(userId: string, count: number, firstMs: number): Promise<void> {
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
     INSERT INTO videos (job_id, user_id, name, status, storage_path, created_at, updated_at)
     SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4) || '-' || substr(h, 17, 4)
         || '-' || substr(h, 21)), ?2, 'v' || i, CASE i % 4 WHEN 0 THEN 'failed' ELSE 'completed' END,
       'users/' || ?2 || '/' || h || '.mp4', ?3 + i / 10, 0
     FROM (SELECT i, hex(randomblob(16)) AS h FROM n)`,
  )
    .bind(count, userId, firstMs)
    .run()
}

/** Follows `Link: rel="next"` to the end. */
async function readAll(caller: KnownCaller, query: string, between: () => Promise<void> = async () => undefined) {
  const pages: Video[][] = []
  let next: string | undefined = `/api/videos${query}`
  while (next !== undefined) {
    const response = await caller.ask('GET', next)
    expect(response.status).toBe(200)
    pages.push(await response.json())
    next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('Link') ?? '')?.[1]
    await between()
  }
  return pages
}

describe('GET /api/videos', () => {
  it('gives each of 10,000 videos exactly once while others are added', async () => {
    const caller = await knownCaller()
    const { userId } = caller.key
    await insertVideos(userId, 10_000, 1_000_000)
    let added = 0
    const pages = await readAll(caller, '?limit=100', async () => {
      added += 1
      await insertVideos(userId, 3, 2_000_000 + added)
    })
    const ids = pages.flat().map((video) => video.job_id)
    expect(ids).toHaveLength(10_000)
    expect(new Set(ids).size).toBe(10_000)
    expect(pages).toHaveLength(100)
    const times = pages.flat().map((video) => video.created_at)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(await readColumn('SELECT count(*) FROM videos WHERE user_id = ?', userId)).toBe(10_300)
  }, 60_000)

  it('costs one read of the database a page', async () => {
    const caller = await knownCaller()
    await insertVideos(caller.key.userId, 30, 0)
    await caller.ask('GET', '/api/videos?limit=10')
    expect(caller.service.counts).toMatchObject({ ...NO_IO, d1Reads: 1 })
  })

  it('filters by status, page after page', async () => {
    const caller = await knownCaller()
    await insertVideos(caller.key.userId, 40, 0)
    const pages = await readAll(caller, '?status=failed&limit=4')
    expect(pages.map((page) => page.length)).toEqual([4, 4, 2])
    expect(pages.flat().every((video) => video.status === 'failed')).toBe(true)
  })

  it('shows 50 by default, and no next page when there is none', async () => {
    const caller = await knownCaller()
    await insertVideos(caller.key.userId, 50, 0)
    expect((await readAll(caller, '')).map((page) => page.length)).toEqual([50])
    await insertVideos(caller.key.userId, 1, 1000)
    expect((await readAll(caller, '')).map((page) => page.length)).toEqual([50, 1])
  })

  it.each([
    ['?limit=0', 'limit: must be a whole number from 1 to 100'],
    ['?limit=101', 'limit: must be a whole number from 1 to 100'],
    ['?limit=1e2', 'limit: must be a whole number from 1 to 100'],
    ['?cursor=x', 'cursor: is not a cursor of this list'],
    ['?cursor=', 'cursor: is not a cursor of this list'],
    ['?limit=1&limit=2', 'limit: is given more than once'],
  ])('refuses %s', async (query, detail) => {
    const caller = await knownCaller()
    expect(await caller.answer('GET', `/api/videos${query}`)).toEqual([422, { detail }])
  })

  it('sorts by time, name and length, either way, each video once in pages', async () => {
    const caller = await knownCaller()
    const films: readonly [string, number | null][] = [
      ['b', 30],
      ['A', null],
      ['ä', 9.5],
      ['a', 30],
      ['C', 0],
    ]
    await insertVideos(caller.key.userId, films.length, 0)
    const ids = (await readAll(caller, '?sort=created_at')).flat().map((video) => video.job_id)
    for (const [index, [name, seconds]] of films.entries()) {
      await env.DB.prepare('UPDATE videos SET name = ?, duration_seconds = ?, created_at = ? WHERE job_id = ?')
        .bind(name, seconds, index, ids[index] ?? '')
        .run()
    }
    const sorted = async (sort: string): Promise<string[]> => {
      const pages = await readAll(caller, `?sort=${sort}&limit=2`)
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
      return pages.flat().map((video) => films[ids.indexOf(video.job_id)]?.[0] ?? '')
    }
    expect((await sorted('created_at')).join('')).toBe('bAäaC')
    expect((await sorted('-created_at')).join('')).toBe('CaäAb')
    expect((await sorted('name')).map((name) => name.toLowerCase()).join('')).toBe('aabcä')
    expect(await sorted('-name')).toEqual((await sorted('name')).toReversed())
    expect((await sorted('duration')).slice(2)[0]).toBe('ä')
    expect(await sorted('-duration')).toEqual((await sorted('duration')).toReversed())
  })

  it('finds a text in names and descriptions, of any length, whatever it holds', async () => {
    const caller = await knownCaller()
    await insertVideos(caller.key.userId, 4, 0)
    const [first, second, third] = (await readAll(caller, '')).flat()
    const odd = `100% "_'\\ ${'long '.repeat(40)}`
    await caller.ask('PATCH', `/api/videos/${first?.job_id}`, { name: 'Summer in Rome' })
    await caller.ask('PATCH', `/api/videos/${second?.job_id}`, { name: 'x', description: 'a SUMMER night' })
    await caller.ask('PATCH', `/api/videos/${third?.job_id}`, { name: odd })
    const found = async (q: string, rest = ''): Promise<(string | undefined)[]> =>
      (await readAll(caller, `?q=${encodeURIComponent(q)}${rest}`)).flat().map((video) => video.job_id)
    expect(await found('summer', '&sort=name&limit=1')).toEqual([first?.job_id, second?.job_id])
    expect(await found(odd.trim())).toEqual([third?.job_id])
    for (const q of ['%', '_']) expect(await found(q)).toEqual([third?.job_id])
    expect(await found("' OR 1=1 --")).toEqual([])
    const other = await knownCaller({ service: caller.service })
    expect(await other.answer('GET', '/api/videos?q=summer')).toEqual([200, []])
  })

  it('takes a cursor for the order it was made in, and no other', async () => {
    const caller = await knownCaller()
    await insertVideos(caller.key.userId, 2, 0)
    for (const sort of ['-created_at', 'name', '-duration']) {
      const response = await caller.ask('GET', `/api/videos?limit=1&sort=${sort}`)
      const link = new URL(/<(.*)>/.exec(response.headers.get('Link') ?? '')?.[1] ?? '')
      link.searchParams.set('sort', 'created_at')
      expect(await caller.answer('GET', link.pathname + link.search)).toEqual([
        422,
        { detail: 'cursor: is not a cursor of this list' },
      ])
    }
    expect((await caller.answer('GET', '/api/videos?sort=size'))[0]).toBe(422)
    expect((await caller.answer('GET', '/api/videos?q='))[0]).toBe(422)
  })

  it('refuses a status there is not', async () => {
    const caller = await knownCaller()
    expect((await caller.answer('GET', '/api/videos?status=gone'))[0]).toBe(422)
  })
})

describe('GET /api/videos/{job_id}', () => {
  it('costs one read of the database', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    await caller.ask('GET', `/api/videos/${jobId.toUpperCase()}`)
    expect(caller.service.counts).toMatchObject({ ...NO_IO, d1Reads: 1 })
  })

  it('does not know what is no id, without any I/O', async () => {
    const caller = await knownCaller()
    expect(await caller.answer('GET', '/api/videos/none')).toEqual([404, { detail: 'Video not found' }])
    expect(caller.service.counts).toMatchObject(NO_IO)
  })
})

describe('PATCH /api/videos/{job_id}', () => {
  it('changes what is given with one round trip to the database', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    caller.service.clock.nowMs += 1000
    const change = { name: 'New', description: 'About', status: 'queued', duration: 12 }
    const [status, video] = await caller.answer('PATCH', `/api/videos/${jobId}`, change)
    expect(status).toBe(200)
    expect(video).toMatchObject({
      ...change,
      created_at: '2026-11-21T12:07:00.000Z',
      updated_at: '2026-11-21T12:07:01.000Z',
    })
    expect(caller.service.counts).toMatchObject({ ...NO_IO, d1Writes: 1 })
    expect((await caller.answer('PATCH', `/api/videos/${jobId}`, { duration: null }))[1]).toMatchObject({
      name: 'New',
      duration: null,
    })
  })

  for (const from of VIDEO_STATUSES) {
    it(`goes from ${from} only one step`, async () => {
      const caller = await knownCaller()
      const jobId = await register(caller)
      for (const to of VIDEO_STATUSES) {
        await env.DB.prepare('UPDATE videos SET status = ? WHERE job_id = ?').bind(from, jobId).run()
        const [status, body] = await caller.answer('PATCH', `/api/videos/${jobId}`, { status: to, name: `to ${to}` })
        const isStep =
          `uploaded>queued queued>processing processing>completed processing>failed completed>queued failed>queued`
            .split(' ')
            .includes(`${from}>${to}`)
        expect(status, `${from} → ${to}`).toBe(isStep || from === to ? 200 : 409)
        if (status === 409) {
          expect(body).toEqual({ detail: `Video cannot become ${to} from the status it has` })
          expect(await readColumn('SELECT status FROM videos WHERE job_id = ?', jobId)).toBe(from)
          expect(await readColumn('SELECT name FROM videos WHERE job_id = ?', jobId)).not.toBe(`to ${to}`)
        }
      }
    })
  }

  it('lets one of two different steps at once win', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    await env.DB.prepare("UPDATE videos SET status = 'processing' WHERE job_id = ?").bind(jobId).run()
    const answers = await Promise.all(
      ['completed', 'failed'].map((status) => caller.answer('PATCH', `/api/videos/${jobId}`, { status })),
    )
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200, 409]))
  })

  it('ends playback and starts it again, and leaves the video as it is', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    const play = async () => (await caller.service.request(`/api/playback/direct?job_id=${jobId}`)).status
    expect(await play()).toBe(302)
    expect((await caller.answer('PATCH', `/api/videos/${jobId}`, { playback: 'off' }))[0]).toBe(200)
    expect(await play()).toBe(404)
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[0]).toBe(200)
    expect((await caller.answer('PATCH', `/api/videos/${jobId}`, { playback: 'public' }))[0]).toBe(200)
    expect(await play()).toBe(302)
  })

  it('F7: shows in every answer whether the video can be played', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    const path = `/api/videos/${jobId}`
    const other = await register(caller, 'other.mp4')
    const listed = async () => {
      const [, videos] = await caller.answer('GET', '/api/videos')
      return Object.fromEntries((videos as Video[]).map((video) => [video.job_id, video['playback']]))
    }
    for (const [written, playback] of [
      ['off', 'off'],
      ['on', 'public'],
      ['off', 'off'],
      ['public', 'public'],
    ] as const) {
      expect(await caller.answer('PATCH', path, { playback: written })).toMatchObject([
        200,
        { job_id: jobId, playback },
      ])
      expect(await caller.answer('GET', path)).toMatchObject([200, { playback }])
      expect(await listed()).toEqual({ [jobId]: playback, [other]: 'public' })
    }
    expect((await caller.answer('PATCH', path, { name: 'x' }))[1]).toMatchObject({ playback: 'public' })
  })

  it('F7: describes the field wherever a video is described', async () => {
    const response = await startService().request('/api/openapi.json')
    const { paths, components } = await response.json<{
      paths: Record<string, Record<string, unknown>>
      components: { schemas: Record<string, unknown> }
    }>()
    expect(components.schemas['Video']).toMatchObject({
      properties: { playback: { enum: ['public', 'private', 'off'] } },
    })
    const answer = { $ref: '#/components/schemas/Video' }
    const shows = (schema: object) => ({ responses: { 200: { content: { 'application/json': { schema } } } } })
    const takes = { requestBody: { content: { 'application/json': { schema: { properties: { playback: {} } } } } } }
    expect(paths['/api/videos']).toMatchObject({ get: shows({ items: answer }) })
    expect(paths['/api/videos/{job_id}']).toMatchObject({ get: shows(answer), patch: { ...shows(answer), ...takes } })
    expect(paths[REGISTER]).toMatchObject({ post: takes })
  })

  it('F7: keeps a film that the release before switched off as it is', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    for (const [stored, playback] of [
      ['off', 'off'],
      ['on', 'public'],
    ]) {
      await env.DB.prepare('UPDATE videos SET playback = ? WHERE job_id = ?').bind(stored, jobId).run()
      expect((await caller.answer('GET', `/api/videos/${jobId}`))[1]).toMatchObject({ playback })
      await caller.answer('PATCH', `/api/videos/${jobId}`, { playback })
      expect(await readColumn('SELECT playback FROM videos WHERE job_id = ?', jobId)).toBe(stored)
    }
  })

  it.each([
    [{}, 'body: must name something to change'],
    [{ name: '' }, 'name: must not be empty'],
    [{ name: 'x'.repeat(256) }, 'name: must be at most 255 characters'],
    [{ name: '\ud800' }, 'name: must be well-formed text'],
    [{ description: 'x'.repeat(5001) }, 'description: must be at most 5000 characters'],
    [{ duration: 864_001 }, 'duration: must be a number of seconds from 0 to 864000'],
    [{ playback: 'secret' }, 'playback: must be ("public" | "private" | "off" | "on")'],
    [{ playback: '' }, 'playback: must be ("public" | "private" | "off" | "on")'],
    [{ storage_path: 'x' }, 'storage_path: is not a known field'],
    [{ user_id: 'x' }, 'user_id: is not a known field'],
  ])('refuses %#', async (body, detail) => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    expect(await caller.answer('PATCH', `/api/videos/${jobId}`, body)).toEqual([422, { detail }])
    expect(caller.service.counts).toMatchObject(NO_IO)
  })

  it('is a 404 for an unknown video', async () => {
    const caller = await knownCaller()
    const path = `/api/videos/${crypto.randomUUID()}`
    expect(await caller.answer('PATCH', path, { name: 'x' })).toEqual([404, { detail: 'Video not found' }])
  })
})

describe('DELETE /api/videos/{job_id}', () => {
  it('removes the record and its shared reports, and no object', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    await caller.ask('POST', '/api/shared-reports', { video_id: jobId })
    caller.service.reset()
    expect(await caller.answer('DELETE', `/api/videos/${jobId}`)).toEqual([200, { ok: true }])
    expect(caller.service.counts).toMatchObject({ ...NO_IO, d1Writes: 1 })
    expect(await readColumn('SELECT count(*) FROM shared_reports WHERE video_id = ?', jobId)).toBe(0)
    expect(await env.MEDIA.head(`${caller.folder}film.mp4`)).not.toBeNull()
    expect(await caller.answer('DELETE', `/api/videos/${jobId}`)).toEqual([404, { detail: 'Video not found' }])
  })
})

describe('DELETE /api/videos/{job_id}?files=true', () => {
  it('removes every object of the video and none beside', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    const other = await register(caller, 'film2.mp4')
    const { folder } = caller
    const gone = [`hls/${jobId}/index.m3u8`, `hls/${jobId}/v/1.m4s`, `thumbnails/${jobId}.jpg`, `reports/${jobId}.json`]
    const kept = [`hls/${other}/index.m3u8`, `thumbnails/${other}.jpg`, 'film.mp4.m3u8', 'film2.mp4']
    for (const name of [...gone, ...kept]) await env.MEDIA.put(folder + name, '')
    expect(await caller.answer('DELETE', `/api/videos/${jobId}?files=true`)).toEqual([
      200,
      { ok: true, deleted: 5, remaining: 0 },
    ])
    const left = (await env.MEDIA.list({ prefix: folder })).objects.map(({ key }) => key.slice(folder.length))
    expect(left.toSorted()).toEqual(kept.toSorted())
    // One list, three questions whether there is more beside it, one deletion; closing and removing the record.
    expect(caller.service.counts).toMatchObject({ ...NO_IO, r2Reads: 4, r2Writes: 1, d1Writes: 2 })
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[0]).toBe(404)
  })

  it('counts what was there: a video without a stream has one object', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    const answer = await caller.answer('DELETE', `/api/videos/${jobId}?files=true`)
    expect(answer).toEqual([200, { ok: true, deleted: 1, remaining: 0 }])
  })

  it('deletes a source that lies inside the stream’s folder once', async () => {
    const caller = await knownCaller()
    const jobId = crypto.randomUUID()
    await register(caller, `hls/${jobId}/source.mp4`, { job_id: jobId })
    const answer = await caller.answer('DELETE', `/api/videos/${jobId}?files=true`)
    expect(answer).toEqual([200, { ok: true, deleted: 1, remaining: 0 }])
  })

  it('does a bounded part of very many, ends playback at once, and goes on where it stopped', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    const stream = `${caller.folder}hls/${jobId}/`
    await putMany(stream, 5985 + 17)
    const first = await caller.answer('DELETE', `/api/videos/${jobId}?files=true`)
    expect(first).toEqual([202, { ok: true, deleted: 4985, remaining: 1018 }])
    const { r2Reads, r2Writes } = caller.service.counts
    expect(r2Writes).toBe(5)
    expect(r2Reads).toBeLessThanOrEqual(20)
    expect((await caller.service.request(`/api/playback/direct?job_id=${jobId}`)).status).toBe(404)
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[0]).toBe(200)
    const second = await caller.answer('DELETE', `/api/videos/${jobId}?files=true`)
    expect(second).toEqual([200, { ok: true, deleted: 1018, remaining: 0 }])
    expect((await env.MEDIA.list({ prefix: caller.folder })).objects).toEqual([])
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[0]).toBe(404)
  }, 120_000)

  it('goes on after the bucket was away in the middle', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    caller.service.failing.add('MEDIA')
    expect((await caller.answer('DELETE', `/api/videos/${jobId}?files=true`))[0]).toBe(503)
    caller.service.failing.clear()
    expect((await caller.answer('DELETE', `/api/videos/${jobId}?files=true`))[0]).toBe(200)
  })

  it('leaves no record behind when two ask at once', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller)
    const path = `/api/videos/${jobId}?files=true`
    const answers = await Promise.all([caller.answer('DELETE', path), caller.answer('DELETE', path)])
    for (const [status] of answers) expect([200, 404]).toContain(status)
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[0]).toBe(404)
  })
})

describe('scopes', () => {
  it.each([
    ['GET', '/api/videos', undefined, 'videos:read'],
    ['GET', '/api/videos/x', undefined, 'videos:read'],
    ['PATCH', '/api/videos/x', { name: 'x' }, 'videos:write'],
    ['DELETE', '/api/videos/x', undefined, 'videos:write'],
    ['POST', REGISTER, { file_path: 'a.mp4' }, 'videos:write'],
    ['POST', '/api/storage/upload-url', { key: 'a.mp4' }, 'storage:write'],
    ['POST', '/api/storage/upload-urls', { keys: ['a.mp4'] }, 'storage:write'],
    ['POST', '/api/storage/download-url', { key: 'a.mp4' }, 'storage:read'],
    ['GET', '/api/storage/files', undefined, 'storage:read'],
    ['DELETE', '/api/storage/files', { keys: ['a.mp4'] }, 'storage:write'],
    ['POST', '/api/shared-reports', { video_id: 'x' }, 'reports:write'],
    ['GET', '/api/videos/x/shared-reports', undefined, 'reports:read'],
    ['DELETE', '/api/shared-reports/x', undefined, 'reports:write'],
  ])('%s %s with %j asks for %s', async (method, path, body, scope) => {
    const others = ['videos', 'storage', 'reports'].flatMap((noun) => [`${noun}:read`, `${noun}:write`])
    const without = await knownCaller({
      key: await makeKey({ scopes: others.filter((word) => word !== scope).join(' ') }),
    })
    expect(await without.answer(method, path, body)).toEqual([403, { detail: `API key lacks the scope ${scope}` }])
    expect(without.service.counts).toMatchObject(NO_IO)
    const withIt = await knownCaller({ key: await makeKey({ scopes: scope }) })
    expect((await withIt.ask(method, path, body)).status).not.toBe(403)
  })
})

async function putMany(prefix: string, count: number): Promise<void> {
  for (let start = 0; start < count; start += 100) {
    const names = Array.from(
      { length: Math.min(100, count - start) },
      (_, index) => `${prefix}seg-${start + index}.m4s`,
    )
    await Promise.all(names.map((name) => env.MEDIA.put(name, '')))
  }
}

describe('POST /api/videos/bulk', () => {
  const BULK = '/api/videos/bulk'

  it('changes what is the caller’s, says of the rest why not, and in the order of the ids', async () => {
    const [caller, other] = [await knownCaller(), await knownCaller()]
    const [first, second, theirs] = [
      await register(caller, 'a.mp4'),
      await register(caller, 'b.mp4'),
      await register(other),
    ]
    const job_ids = [second, theirs, 'no id', first.toUpperCase()]
    expect(await caller.answer('POST', BULK, { job_ids, playback: 'off' })).toEqual([
      200,
      {
        results: [
          { job_id: second, status: 200 },
          { job_id: theirs, status: 403, detail: 'Video does not belong to this user' },
          { job_id: 'no id', status: 404, detail: 'Video not found' },
          { job_id: first.toUpperCase(), status: 200 },
        ],
      },
    ])
    expect(caller.service.counts).toMatchObject({ ...NO_IO, d1Writes: 1 })
    const states = await Promise.all([
      caller.answer('GET', `/api/videos/${first}`),
      other.answer('GET', `/api/videos/${theirs}`),
    ])
    expect(states).toMatchObject([
      [200, { playback: 'off' }],
      [200, { playback: 'public' }],
    ])
  })

  it('deletes records, with their shared reports, and leaves the objects', async () => {
    const caller = await knownCaller()
    const jobId = await register(caller, 'gone.mp4')
    await caller.answer('POST', '/api/shared-reports', { video_id: jobId })
    expect((await caller.answer('POST', BULK, { job_ids: [jobId], delete: true }))[1]).toEqual({
      results: [{ job_id: jobId, status: 200 }],
    })
    expect((await caller.answer('GET', `/api/videos/${jobId}`))[0]).toBe(404)
    expect(await env.MEDIA.head(`${caller.folder}gone.mp4`)).not.toBeNull()
  })
})

describe('PUT /api/videos/{job_id}/source', () => {
  it('puts another film under the same id, and never one that is another video', async () => {
    const caller = await knownCaller()
    const [jobId, taken] = [await register(caller, 'old.mp4'), await register(caller, 'taken.mp4')]
    const path = await upload(caller, 'new.mp4')
    const source = `/api/videos/${jobId}/source`
    expect(await caller.answer('PUT', source, { file_path: path, duration: 7 })).toMatchObject([
      200,
      { job_id: jobId, storage_path: path, duration: 7, file_size: 6 },
    ])
    expect(await caller.answer('PUT', source, { file_path: `${caller.folder}taken.mp4` })).toEqual([
      409,
      { detail: 'Another video has this file_path' },
    ])
    expect((await caller.answer('PUT', `/api/videos/${taken}/source`, { file_path: 'none.mp4' }))[0]).toBe(404)
    expect(await caller.answer('GET', `/api/videos/${jobId}`)).toMatchObject([200, { storage_path: path }])
  })
})
