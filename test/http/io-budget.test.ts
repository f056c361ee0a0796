// What each endpoint about videos, storage and shared reports costs, besides knowing the caller: the table in
// docs/videos.md, counted. A round trip to D1 counts once, a batch too.
import { describe, expect, it } from 'vitest'
import type { Counts } from '../support/counted-bindings.ts'
import { env } from '../support/env.ts'
import { knownCaller, NO_IO, type KnownCaller } from '../support/known-caller.ts'

interface Own extends KnownCaller {
  readonly jobId: string
  readonly reportId: string
  readonly projectId: string
  readonly hash: string
  readonly upload: { key: string; upload_id: string }
}

const ENTRY =
  '#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="x",LANGUAGE="de",URI="b.m4s"\n' +
  '#EXT-X-STREAM-INF:BANDWIDTH=1,SUBTITLES="s"\nb.m4s\n'

/** One video with a stream of two objects, thumbnail and analysis, and one shared report. */
async function ownEverything(): Promise<Own> {
  const caller = await knownCaller()
  const jobId = crypto.randomUUID()
  const names = [
    'film.mp4',
    'next.mp4',
    `hls/${jobId}/index.m3u8`,
    `hls/${jobId}/b.m4s`,
    `thumbnails/${jobId}.jpg`,
    `reports/${jobId}.json`,
  ]
  for (const name of names) await env.MEDIA.put(caller.folder + name, name.endsWith('m3u8') ? ENTRY : '{}')
  await caller.ask('POST', '/api/processing/register-upload', { file_path: 'film.mp4', job_id: jobId })
  const [, report] = await caller.answer('POST', '/api/shared-reports', { video_id: jobId })
  const [, project] = await caller.answer('POST', '/api/projects', { name: 'x' })
  const { id: projectId } = project as { id: string }
  const { id, share_hash: hash } = report as { id: string; share_hash: string }
  const [, begun] = await caller.answer('POST', '/api/storage/multipart', { key: 'open.mp4', file_size: 1 })
  const { key, upload_id } = begun as { key: string; upload_id: string }
  await caller.service.settle()
  caller.service.reset()
  return { ...caller, jobId, projectId, reportId: id, hash, upload: { key, upload_id } }
}

/** Hours in which nobody watched anything: single plays would be read too. */
const QUIET = '?from=2031-01-01T00:00:00Z&to=2031-01-02T00:00:00Z'

const BUDGET: readonly (readonly [string, string, (own: Own) => readonly [string, unknown?], Partial<Counts>])[] = [
  ['POST', '/api/storage/upload-url', () => ['/api/storage/upload-url', { key: 'a.mp4' }], {}],
  ['POST', '/api/storage/upload-urls', () => ['/api/storage/upload-urls', { keys: ['a.mp4', 'b.ts'] }], {}],
  ['POST', '/api/storage/download-url', () => ['/api/storage/download-url', { key: 'a.mp4' }], {}],
  [
    'POST',
    '/api/storage/multipart',
    () => ['/api/storage/multipart', { key: 'a.mp4', file_size: 1 }],
    { d1Writes: 1, r2Writes: 1 },
  ],
  [
    'POST',
    '/api/storage/multipart/urls',
    (own) => ['/api/storage/multipart/urls', { ...own.upload, part_numbers: [1] }],
    { d1Reads: 1 },
  ],
  ['GET', '/api/storage/multipart', () => ['/api/storage/multipart'], { d1Reads: 1 }],
  [
    'DELETE',
    '/api/storage/multipart',
    (own) => [`/api/storage/multipart?${new URLSearchParams(own.upload).toString()}`],
    { d1Reads: 1, d1Writes: 1, r2Writes: 1 },
  ],
  ['GET', '/api/storage/files', () => ['/api/storage/files'], { r2Reads: 1 }],
  ['GET', '…?unregistered=true', () => ['/api/storage/files?unregistered=true'], { r2Reads: 1, d1Reads: 1 }],
  ['DELETE', '/api/storage/files', () => ['/api/storage/files', { keys: ['a.mp4', 'b.ts'] }], { r2Writes: 1 }],
  [
    'POST',
    '/api/processing/register-upload',
    () => ['/api/processing/register-upload', { file_path: 'next.mp4' }],
    { r2Reads: 1, d1Writes: 1 },
  ],
  ['GET', '/api/videos', () => ['/api/videos'], { d1Reads: 1 }],
  ['GET', '/api/videos/{job_id}', (own) => [`/api/videos/${own.jobId}`], { d1Reads: 1 }],
  ['PATCH', '/api/videos/{job_id}', (own) => [`/api/videos/${own.jobId}`, { name: 'x' }], { d1Writes: 1 }],
  [
    'PUT',
    '/api/videos/{job_id}/source',
    (own) => [`/api/videos/${own.jobId}/source`, { file_path: 'film.mp4' }],
    { r2Reads: 1, d1Writes: 1 },
  ],
  [
    'POST',
    '/api/videos/bulk',
    (own) => ['/api/videos/bulk', { job_ids: [own.jobId, crypto.randomUUID()], playback: 'public' }],
    { d1Writes: 1 },
  ],
  ['DELETE', '/api/videos/{job_id}', (own) => [`/api/videos/${own.jobId}`], { d1Writes: 1 }],
  [
    'DELETE',
    '…?files=true',
    (own) => [`/api/videos/${own.jobId}?files=true`],
    { r2Reads: 4, r2Writes: 1, d1Writes: 2 },
  ],
  ['GET', '/api/results/job/{job_id}', (own) => [`/api/results/job/${own.jobId}`], { d1Reads: 1, r2Reads: 1 }],
  ['GET', '…/segments', (own) => [`/api/videos/${own.jobId}/segments`], { d1Reads: 1, r2Reads: 1 }],
  ['DELETE', '…/segments', (own) => [`/api/videos/${own.jobId}/segments`], { d1Writes: 1, r2Writes: 1 }],
  ['GET', '/api/audit', () => ['/api/audit'], { d1Reads: 2 }],
  ['GET', '/api/analytics', () => [`/api/analytics${QUIET}`], { d1Reads: 3 }],
  ['GET', '…/analytics', (own) => [`/api/videos/${own.jobId}/analytics${QUIET}`], { d1Reads: 4 }],
  ['GET', '/api/analytics/live', () => ['/api/analytics/live'], { d1Reads: 1 }],
  ['GET', '/api/analytics/plays', () => ['/api/analytics/plays'], { d1Reads: 1 }],
  [
    'GET',
    '/api/videos/{job_id}/subtitles',
    (own) => [`/api/videos/${own.jobId}/subtitles`],
    { d1Reads: 1, r2Reads: 1 },
  ],
  [
    'PUT',
    '/api/videos/{job_id}/subtitles/{language}',
    (own) => [`/api/videos/${own.jobId}/subtitles/de`, { text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nx\n' }],
    { d1Reads: 1, r2Reads: 1, r2Writes: 3 },
  ],
  [
    'DELETE',
    '/api/videos/{job_id}/subtitles/{language}',
    (own) => [`/api/videos/${own.jobId}/subtitles/de`],
    { d1Reads: 1, r2Reads: 1, r2Writes: 1 },
  ],
  ['GET', '/api/dashboard', () => ['/api/dashboard'], { d1Reads: 1 }],
  ['POST', '/api/projects', () => ['/api/projects', { name: 'x' }], { d1Writes: 1 }],
  ['GET', '/api/projects', () => ['/api/projects'], { d1Reads: 1 }],
  ['GET', '/api/projects/{project_id}', (own) => [`/api/projects/${own.projectId}`], { d1Reads: 1 }],
  ['PATCH', '/api/projects/{project_id}', (own) => [`/api/projects/${own.projectId}`, { name: 'y' }], { d1Writes: 1 }],
  ['DELETE', '/api/projects/{project_id}', (own) => [`/api/projects/${own.projectId}`], { d1Writes: 1 }],
  ['PATCH', '… {project_id}', (own) => [`/api/videos/${own.jobId}`, { project_id: own.projectId }], { d1Writes: 1 }],
  ['POST', '/api/shared-reports', (own) => ['/api/shared-reports', { video_id: own.jobId }], { d1Writes: 1 }],
  // The write is the view's count, after the answer.
  [
    'GET',
    '/api/shared-reports/{hash}',
    (own) => [`/api/shared-reports/${own.hash}`],
    { d1Reads: 1, r2Reads: 1, d1Writes: 1 },
  ],
  ['GET', '/api/videos/{job_id}/shared-reports', (own) => [`/api/videos/${own.jobId}/shared-reports`], { d1Reads: 1 }],
  ['GET', '/api/shared-reports', () => ['/api/shared-reports'], { d1Reads: 1 }],
  ['DELETE', '/api/shared-reports/{id}', (own) => [`/api/shared-reports/${own.reportId}`], { d1Writes: 1 }],
]

describe('the I/O budget', () => {
  it.each(BUDGET)('of %s %s', async (method, _, request, budget) => {
    const own = await ownEverything()
    const [path, body] = request(own)
    const response = await own.ask(method, path, body)
    expect(response.ok).toBe(true)
    await own.service.settle()
    expect(own.service.counts).toMatchObject({ ...NO_IO, ...budget })
  })
})
