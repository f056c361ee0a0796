// Untrusted JSON, wherever it is read: a shared report's analysis, documents of a stream, bodies, the
// engine's answers. It is bounded before anything is built of it, and what is passed on is the text that was looked at.
import { describe, expect, it } from 'vitest'
import { call, makeUser } from '../support/callers.ts'
import { JWKS_PATH, startClerk } from '../support/clerk.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO } from '../support/known-caller.ts'
import { startService, type Service } from '../support/service.ts'
import { makeVideo } from '../support/videos.ts'

const MAX_BYTES = 2 * 1024 * 1024

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

interface Shared {
  readonly service: Service
  readonly hash: string
}

async function shareAnalysis(content: string | Uint8Array | undefined): Promise<Shared> {
  const caller = await knownCaller()
  await env.MEDIA.put(`${caller.folder}film.mp4`, 'a film')
  const [, registered] = await caller.answer('POST', '/api/processing/register-upload', { file_path: 'film.mp4' })
  const { job_id: jobId } = registered as { job_id: string }
  if (content !== undefined) await env.MEDIA.put(`${caller.folder}reports/${jobId}.json`, content)
  const [, shared] = await caller.answer('POST', '/api/shared-reports', { video_id: jobId })
  return { service: caller.service, hash: (shared as { share_hash: string }).share_hash }
}

/** The text of the answer, and in it that of the report. */
async function readReport({ service, hash }: Shared): Promise<{ status: number; answer: string; report: string }> {
  const response = await service.request(`/api/shared-reports/${hash}`)
  const answer = await response.text()
  const [, report = ''] = /,"report":([\s\S]*),"created_at":"[^"]*"\}$/.exec(answer) ?? []
  expect(response.headers.get('Content-Type')).toBe('application/json')
  return { status: response.status, answer, report }
}

async function openPage({ service, hash }: Shared): Promise<{ status: number; text: string }> {
  const response = await service.request(`/r/${hash}`)
  return { status: response.status, text: await response.text() }
}

const CANNOT_BE_SHOWN = 'The report of this film cannot be shown.'

describe('the analysis of a shared report', () => {
  it.each([
    ['a whole number no double holds', '12345678901234567890'],
    ['a number beyond all doubles', '{"n":1e400}'],
    ['a negative zero', '[-0,-0.0,1.10,1E5]'],
    ['a name given twice', '{"a":1,"a":2,"b":{"a":[],"a":null}}'],
    ['escapes and spaces of its own', ' {\r\n\t"\\u0061\\/" : "\\ud83d\\ude00 \\ud800" }\n'],
    ['names of prototypes', '{"__proto__":{"x":1},"constructor":{"prototype":1}}'],
    ['200 levels', nested(200)],
    ['a bare word', 'null'],
    ['what looks like the end of the answer', '{"a":"},\\"created_at\\":\\"x\\"}"}'],
  ])('F3: is passed on as it is: %s', async (_, text) => {
    const { status, answer, report } = await readReport(await shareAnalysis(text))
    expect(status).toBe(200)
    expect(report).toBe(text)
    expect(Object.keys(JSON.parse(answer) as object)).toEqual(['share_hash', 'video', 'report', 'created_at'])
  })

  it('F3: is passed on without its byte order mark, which is no part of JSON', async () => {
    const { report } = await readReport(await shareAnalysis('\ufeff{"a":1}'))
    expect(report).toBe('{"a":1}')
  })

  it.each([
    ['201 levels', nested(201)],
    ['20,000 levels', nested(20_000)],
    ['2 MiB of brackets', nested(MAX_BYTES / 2)],
    ['2 MiB of brackets that never close', '['.repeat(MAX_BYTES)],
    ['201 levels of objects', `${'{"a":'.repeat(201)}1${'}'.repeat(201)}`],
    ['more than 2 MiB', `"${'x'.repeat(MAX_BYTES)}"`],
    ['no JSON', '{"a":'],
    ['two values', '{} {}'],
    ['an end of the answer of its own', '1},"created_at":"x"}'],
    ['nothing', ''],
  ])('F3: is null, and the page says that it cannot be shown: %s', async (_, text) => {
    const shared = await shareAnalysis(text)
    expect(await readReport(shared)).toMatchObject({ status: 200, report: 'null' })
    const page = await openPage(shared)
    expect(page.status).toBe(200)
    expect(page.text).toContain(CANNOT_BE_SHOWN)
  })

  it('F3: that is not there yet is null, and the page shows the film without one', async () => {
    const shared = await shareAnalysis(undefined)
    expect((await readReport(shared)).report).toBe('null')
    const page = await openPage(shared)
    expect(page.status).toBe(200)
    expect(page.text).not.toContain(CANNOT_BE_SHOWN)
    expect(page.text).not.toContain('id="report"')
  })

  it('F3: of 200 levels is a page too', async () => {
    const page = await openPage(await shareAnalysis(`{"summary":"Short.","deep":${nested(199)}}`))
    expect(page.status).toBe(200)
    expect(page.text).toContain('Short.')
  })

  it.each([
    ['objects and arrays', `[${'[],'.repeat(100_000)}0]`],
    ['members', `{${Array.from({ length: 100_001 }, (_, index) => `"${index}":0`).join(',')}}`],
  ])('F3: of more than 100,000 %s is passed on, and no page is made of it', async (_, text) => {
    const shared = await shareAnalysis(text)
    expect((await readReport(shared)).report).toBe(text)
    expect((await openPage(shared)).text).toContain(CANNOT_BE_SHOWN)
  })
})

describe('a document of a stream', () => {
  it.each([
    ['of 20,000 levels', nested(20_000)],
    ['of 2 MiB of brackets', nested(MAX_BYTES / 2)],
    ['that lists assets and goes 201 levels deep', `{"ASSETS":[{"URI":"a.m3u8","X":${nested(198)}}]}`],
    ['that steers and goes 201 levels deep', `{"VERSION":1,"PATHWAY-PRIORITY":["a"],"X":${nested(200)}}`],
    ['that holds chapters and goes 201 levels deep', `[{"start-time":0,"X":${nested(199)}}]`],
  ])('F3: %s is not there', async (_, text) => {
    const video = await makeVideo()
    await video.putStreamFile('data.json', text)
    const response = await startService().request(`/api/playback/stream/${video.jobId}/data.json`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ detail: 'Stream not found' })
  })

  it('F3: of 200 levels is passed on as it is', async () => {
    const video = await makeVideo()
    const text = `{"n":[-0,1e400],"n":${nested(199)}}`
    await video.putStreamFile('data.json', text)
    const response = await startService().request(`/api/playback/stream/${video.jobId}/data.json`)
    expect(await response.text()).toBe(text)
  })

  it('F3: that lists assets keeps everything but its addresses, 200 levels deep', async () => {
    const video = await makeVideo()
    const text = `{"ASSETS":[{"URI":"a.m3u8","DURATION":1.10,"X":${nested(197)}}],"n":-0,"n":1e400}`
    await video.putStreamFile('ads.json', text)
    const response = await startService().request(`/api/playback/stream/${video.jobId}/ads.json`)
    const path = `/api/playback/stream/${video.jobId}/a.m3u8`
    expect(await response.text()).toBe(text.replace('a.m3u8', `https://api.example.com${path}`))
  })
})

describe('a body', () => {
  it('F3: of more than 200 levels is refused before anything is built of it', async () => {
    const caller = await knownCaller()
    const ask = async (text: string) => {
      const response = await caller.service.request('/api/storage/upload-urls', {
        method: 'POST',
        headers: { Authorization: caller.key.rawKey, 'Content-Type': 'application/json' },
        body: text,
      })
      return [response.status, await response.json()]
    }
    const tooDeep = [422, { detail: 'body: must not be nested deeper than 200 levels' }]
    expect(await ask(nested(201))).toEqual(tooDeep)
    expect(await ask('['.repeat(1024 * 1024))).toEqual(tooDeep)
    expect(await ask(`{"keys":${nested(200)}}`)).toEqual(tooDeep)
    expect(await ask(`{"keys":[${nested(198)}]}`)).toEqual([422, { detail: 'keys.0: must be string' }])
    expect(await ask('{"keys":[}')).toEqual([400, { detail: 'Invalid JSON body' }])
    expect(caller.service.counts).toMatchObject(NO_IO)
  })
})

describe('an issuer’s answer', () => {
  it('F3: of more than 200 levels is no key set', async () => {
    const clerk = await startClerk()
    await clerk.answer(JWKS_PATH, { body: `{"keys":[],"x":${nested(30_000)}}` })
    const service = startService({ CLERK_ISSUER: clerk.issuer })
    const { clerkUserId } = await makeUser()
    const token = await clerk.token(service.clock.nowMs, { sub: clerkUserId })
    expect((await call(service, `Bearer ${token}`, 'GET', '/api/me')).status).toBe(503)
    expect(service.logs).toContainEqual(expect.objectContaining({ reason: 'no key set' }))
  })
})
