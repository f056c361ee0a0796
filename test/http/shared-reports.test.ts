import { describe, expect, it } from 'vitest'
import { makeUser, makeKey, readColumn } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO, type KnownCaller } from '../support/known-caller.ts'
import { ORIGIN } from '../support/service.ts'

interface Shared {
  id: string
  share_hash: string
  view_count: number
  is_active: boolean
}

const NOT_FOUND = [404, { detail: 'Shared report not found' }]

async function ownVideo(caller: KnownCaller, name = 'film.mp4'): Promise<string> {
  await env.MEDIA.put(caller.folder + name, 'a film')
  const fields = { file_path: name, file_name: 'A film', duration: 24 }
  const [, body] = await caller.answer('POST', '/api/processing/register-upload', fields)
  caller.service.reset()
  return (body as { job_id: string }).job_id
}

async function share(caller: KnownCaller, videoId: string, fields: object = {}): Promise<Shared> {
  const [status, body] = await caller.answer('POST', '/api/shared-reports', { video_id: videoId, ...fields })
  expect(status).toBe(201)
  caller.service.reset()
  return body as Shared
}

/** As a stranger sees it. */
async function view(caller: KnownCaller, hash: string): Promise<[number, unknown]> {
  const response = await caller.service.request(`/api/shared-reports/${hash}`)
  return [response.status, await response.json()]
}

describe('POST /api/shared-reports', () => {
  it('shares an own video with one round trip to the database', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    const answer = await caller.answer('POST', '/api/shared-reports', {
      video_id: videoId,
      expires_at: '2026-12-01T00:00:00Z',
    })
    expect(answer).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        video_id: videoId,
        share_hash: expect.stringMatching(/^[0-9A-Za-z]{22,}$/) as string,
        expires_at: '2026-12-01T00:00:00.000Z',
        is_active: true,
        view_count: 0,
        created_at: '2026-11-21T12:07:00.000Z',
      },
    ])
    expect(caller.service.counts).toMatchObject({ ...NO_IO, d1Writes: 1 })
  })

  it('makes another hash each time, which does not expire by default', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    const [a, b] = [await share(caller, videoId), await share(caller, videoId, { expires_at: null })]
    expect(a.share_hash).not.toBe(b.share_hash)
    caller.service.clock.nowMs += 100 * 365 * 86_400_000
    expect((await view(caller, a.share_hash))[0]).toBe(200)
  })

  it('keeps at most a thousand of one video', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
       INSERT INTO shared_reports (id, video_id, share_hash, created_at)
       SELECT lower(hex(randomblob(16))), ?, hex(randomblob(16)), 0 FROM n`,
    )
      .bind(videoId)
      .run()
    await share(caller, videoId)
    expect(await caller.answer('POST', '/api/shared-reports', { video_id: videoId })).toEqual([
      409,
      { detail: 'A video can have at most 1000 shared reports' },
    ])
  })

  it.each([
    [{}, 422, 'video_id: is required'],
    [{ video_id: 'x' }, 404, 'Video not found'],
    [{ video_id: '00000000-0000-4000-8000-000000000000' }, 404, 'Video not found'],
    [{ video_id: 'x', expires_at: 'tomorrow' }, 422, 'expires_at: must be a time such as 2027-01-31T00:00:00Z'],
    [{ video_id: 'x', expires_at: '2026-11-21T12:07:00Z' }, 422, 'expires_at: must be in the future'],
    [{ video_id: 'x', share_hash: 'x' }, 422, 'share_hash: is not a known field'],
  ])('refuses %j', async (body, status, detail) => {
    const caller = await knownCaller()
    expect(await caller.answer('POST', '/api/shared-reports', body)).toEqual([status, { detail }])
  })
})

describe('GET /api/shared-reports/{share_hash}', () => {
  it('shows everybody the video and its report, and neither owner nor path', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    const { share_hash: hash } = await share(caller, videoId)
    const report = { sections: [{ title: 'Opening', at: 1.5, note: '<script>' }], __proto__: null }
    await env.MEDIA.put(`${caller.folder}reports/${videoId}.json`, JSON.stringify(report))
    const response = await caller.service.request(`/api/shared-reports/${hash}`)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.json()).toEqual({
      share_hash: hash,
      video: {
        job_id: videoId,
        name: 'A film',
        description: '',
        status: 'uploaded',
        duration: 24,
        thumbnail_url: `${ORIGIN}/api/playback/thumbnail/${videoId}`,
        stream_url: `${ORIGIN}/api/playback/stream/${videoId}`,
      },
      report: { sections: report.sections },
      created_at: '2026-11-21T12:07:00.000Z',
    })
    await caller.service.settle()
    expect(caller.service.counts).toMatchObject({ ...NO_IO, d1Reads: 1, r2Reads: 1, d1Writes: 1 })
  })

  it.each([
    ['there is none', undefined],
    ['it is no JSON', '{"a":'],
    ['it is larger than 2 MiB', `"${'x'.repeat(2 * 1024 * 1024)}"`],
  ])('has no report when %s', async (_, content) => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    const { share_hash: hash } = await share(caller, videoId)
    if (content !== undefined) await env.MEDIA.put(`${caller.folder}reports/${videoId}.json`, content)
    expect(await view(caller, hash)).toMatchObject([200, { share_hash: hash, report: null }])
  })

  it('counts two hundred views at once exactly, after they were answered', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    const { share_hash: hash } = await share(caller, videoId)
    const counted = async () => await readColumn('SELECT view_count FROM shared_reports WHERE share_hash = ?', hash)
    expect((await view(caller, hash))[0]).toBe(200)
    expect(caller.service.counts.d1Writes).toBeLessThanOrEqual(1)
    await Promise.all(Array.from({ length: 199 }, () => view(caller, hash)))
    await caller.service.settle()
    expect(await counted()).toBe(200)
    const [, list] = await caller.answer('GET', `/api/videos/${videoId}/shared-reports`)
    expect(list).toMatchObject([{ view_count: 200 }])
  })

  it('answers although the view cannot be counted, and the log says so', async () => {
    const caller = await knownCaller()
    const { share_hash: hash } = await share(caller, await ownVideo(caller))
    await env.DB.exec(
      "CREATE TRIGGER no_update BEFORE UPDATE ON shared_reports BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )
    try {
      expect((await view(caller, hash))[0]).toBe(200)
      await caller.service.settle()
    } finally {
      await env.DB.exec('DROP TRIGGER no_update')
    }
    expect(caller.service.logs.at(-1)).toMatchObject({ level: 'warn', message: 'deferred work failed' })
    expect(JSON.stringify(caller.service.logs)).not.toContain(hash)
  })

  it('does not count HEAD, nor what is not found', async () => {
    const caller = await knownCaller()
    const { share_hash: hash } = await share(caller, await ownVideo(caller))
    const head = await caller.service.request(`/api/shared-reports/${hash}`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    await view(caller, 'a'.repeat(23))
    await caller.service.settle()
    expect(caller.service.counts).toMatchObject({ d1Writes: 0 })
  })

  it.each(['x', 'a'.repeat(22), 'a'.repeat(24), '%00', `${'a'.repeat(22)}'`, '00000000-0000-4000-8000-000000000000'])(
    'does not know %j, without any I/O',
    async (hash) => {
      const caller = await knownCaller()
      expect(await view(caller, hash)).toEqual(NOT_FOUND)
      expect(caller.service.counts).toMatchObject(NO_IO)
    },
  )

  it('tells unknown, expired and deleted apart from nothing', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    const unknown = await view(caller, 'a'.repeat(23))
    const expiring = await share(caller, videoId, { expires_at: '2026-11-21T13:00:00Z' })
    const deleted = await share(caller, videoId)
    caller.service.clock.nowMs = Date.parse('2026-11-21T12:59:59.999Z')
    expect((await view(caller, expiring.share_hash))[0]).toBe(200)
    caller.service.clock.nowMs += 1
    expect(await caller.answer('DELETE', `/api/shared-reports/${deleted.id}`)).toEqual([200, { ok: true }])
    for (const answer of [unknown, await view(caller, expiring.share_hash), await view(caller, deleted.share_hash)]) {
      expect(answer).toEqual(NOT_FOUND)
    }
  })

  it('ends with its video', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    const { share_hash: hash } = await share(caller, videoId)
    await caller.ask('DELETE', `/api/videos/${videoId}`)
    expect(await view(caller, hash)).toEqual(NOT_FOUND)
  })

  it('ends with its owner', async () => {
    const caller = await knownCaller()
    const { share_hash: hash } = await share(caller, await ownVideo(caller))
    await env.DB.prepare('UPDATE users SET deleted_at = 1 WHERE id = ?').bind(caller.key.userId).run()
    expect(await view(caller, hash)).toEqual(NOT_FOUND)
  })

  it('is a 503 when the database is away', async () => {
    const caller = await knownCaller()
    const { share_hash: hash } = await share(caller, await ownVideo(caller))
    caller.service.failing.add('DB')
    expect((await view(caller, hash))[0]).toBe(503)
  })
})

describe('GET /api/videos/{job_id}/shared-reports', () => {
  it('lists the reports of one video, newest first, with one read of the database', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    const old = await share(caller, videoId, { expires_at: '2026-11-21T12:07:02Z' })
    caller.service.clock.nowMs += 1000
    const recent = await share(caller, videoId)
    await share(caller, await ownVideo(caller, 'other.mp4'))
    const [status, list] = await caller.answer('GET', `/api/videos/${videoId}/shared-reports`)
    expect([status, list]).toEqual([200, [recent, old]])
    expect(caller.service.counts).toMatchObject({ ...NO_IO, d1Reads: 1 })
    caller.service.clock.nowMs += 1000
    const [, later] = await caller.answer('GET', `/api/videos/${videoId}/shared-reports`)
    expect((later as Shared[]).map(({ is_active }) => is_active)).toEqual([true, false])
  })

  it('does not know what is no video', async () => {
    const caller = await knownCaller()
    const answer = await caller.answer('GET', `/api/videos/${crypto.randomUUID()}/shared-reports`)
    expect(answer).toEqual([404, { detail: 'Video not found' }])
  })
})

describe('GET /api/shared-reports', () => {
  interface Page {
    shared_reports: (Shared & { video_name: string })[]
    cursor: string | null
  }
  const page = async (caller: KnownCaller, query = ''): Promise<Page> => {
    const [status, body] = await caller.answer('GET', `/api/shared-reports${query}`)
    expect(status).toBe(200)
    return body as Page
  }

  it('lists those of all own videos, newest first, page by page, and of nobody else', async () => {
    const caller = await knownCaller()
    const stranger = await knownCaller({ service: caller.service })
    await share(stranger, await ownVideo(stranger))
    const videos = [await ownVideo(caller), await ownVideo(caller, 'other.mp4')]
    const made: string[] = []
    for (const videoId of [...videos, ...videos, ...videos]) {
      made.unshift((await share(caller, videoId)).id)
      caller.service.clock.nowMs += 1
    }
    expect(await caller.answer('DELETE', `/api/shared-reports/${made[0] ?? ''}`)).toEqual([200, { ok: true }])
    const found: string[] = []
    let next = await page(caller, '?limit=2')
    for (;;) {
      found.push(...next.shared_reports.map(({ id }) => id))
      if (next.cursor === null) break
      next = await page(caller, `?limit=2&cursor=${next.cursor}`)
    }
    expect(found).toEqual(made.slice(1))
    const [first] = (await page(caller)).shared_reports
    expect(first).toMatchObject({ video_id: videos[0], video_name: 'A film', is_active: true, view_count: 0 })
  })

  it('says which have ended', async () => {
    const caller = await knownCaller()
    await share(caller, await ownVideo(caller), {
      expires_at: new Date(caller.service.clock.nowMs + 1000).toISOString(),
    })
    caller.service.clock.nowMs += 2000
    expect((await page(caller)).shared_reports).toMatchObject([{ is_active: false }])
  })

  it('knows the owner of one that an older version of the service made', async () => {
    const caller = await knownCaller()
    const videoId = await ownVideo(caller)
    await env.DB.prepare('INSERT INTO shared_reports (id, video_id, share_hash, created_at) VALUES (?, ?, ?, 0)')
      .bind(crypto.randomUUID(), videoId, crypto.randomUUID())
      .run()
    expect((await page(caller)).shared_reports).toMatchObject([{ video_id: videoId }])
  })

  it('needs the scope, and a cursor of its own', async () => {
    const caller = await knownCaller()
    expect(await caller.answer('GET', '/api/shared-reports?cursor=x')).toEqual([
      422,
      { detail: 'cursor: is not a cursor of this list' },
    ])
    const { rawKey } = await makeKey({ user: caller.key, scopes: 'videos:read' })
    const refused = await caller.service.request('/api/shared-reports', { headers: { Authorization: rawKey } })
    expect(refused.status).toBe(403)
  })
})

describe('DELETE /api/shared-reports/{id}', () => {
  it('ends a report with one round trip, at once in every isolate', async () => {
    const user = await makeUser()
    const caller = await knownCaller({ key: await makeKey({ user }) })
    const second = await knownCaller({ key: await makeKey({ user }) })
    const { id, share_hash: hash } = await share(caller, await ownVideo(caller))
    expect(await second.answer('DELETE', `/api/shared-reports/${id}`)).toEqual([200, { ok: true }])
    expect(second.service.counts).toMatchObject({ ...NO_IO, d1Writes: 1 })
    // Another isolate: nothing is cached anywhere, so it is gone there too.
    expect(await view(caller, hash)).toEqual(NOT_FOUND)
    expect(await caller.answer('DELETE', `/api/shared-reports/${id}`)).toEqual(NOT_FOUND)
  })

  it('does not know what is no id, without any I/O', async () => {
    const caller = await knownCaller()
    expect(await caller.answer('DELETE', '/api/shared-reports/x')).toEqual(NOT_FOUND)
    expect(caller.service.counts).toMatchObject(NO_IO)
  })

  it('has its place in Allow beside GET', async () => {
    const caller = await knownCaller()
    const response = await caller.ask('POST', '/api/shared-reports/x', {})
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')).toBe('GET, HEAD, DELETE')
  })
})
