// Everything that a workspace can have, and every endpoint with all of it: asked by someone else.
import { expect } from 'vitest'
import { env } from './env.ts'
import type { KnownCaller } from './known-caller.ts'

export interface Victim extends KnownCaller {
  readonly jobId: string
  readonly reportId: string
  readonly path: string
  readonly signingKeyId: string
  readonly projectId: string
  readonly endpointId: string
  readonly deliveryId: string
  readonly upload: { readonly key: string; readonly id: string }
}

const part = ({ upload }: Victim) => ({ key: upload.key, upload_id: upload.id })
const partQuery = (v: Victim) => new URLSearchParams(part(v)).toString()

const hook = ({ endpointId }: Victim) => `/api/webhooks/endpoints/${endpointId}`

export const VIDEO = [403, { detail: 'Video does not belong to this user' }] as const
/** Of many at once: each is answered by itself. */
const THEIR_RESULT = [
  200,
  {
    results: [{ job_id: expect.any(String) as string, status: 403, detail: 'Video does not belong to this user' }],
  },
] as const
const ENTRY = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo.m3u8\n'
const REPORT = [403, { detail: 'Shared report does not belong to this user' }] as const
export const KEY = [403, { detail: 'API key does not belong to this user' }] as const
const PROJECT = [403, { detail: 'Project does not belong to this user' }] as const
const SIGNING_KEY = [403, { detail: 'Signing key does not belong to this user' }] as const
const ENDPOINT = [403, { detail: 'Webhook endpoint does not belong to this user' }] as const
const PATH = [403, { detail: 'Storage path does not belong to this user' }] as const

/** Endpoint, what is sent about the victim's object, and the whole answer. */
export const WALK: readonly (readonly [
  string,
  string,
  (v: Victim) => readonly [string, unknown?],
  readonly unknown[],
])[] = [
  ['GET', '/api/videos/{job_id}', (v) => [`/api/videos/${v.jobId}`], VIDEO],
  ['PATCH', '/api/videos/{job_id}', (v) => [`/api/videos/${v.jobId}`, { name: 'stolen' }], VIDEO],
  ['PATCH', '/api/videos/{job_id}', (v) => [`/api/videos/${v.jobId}`, { status: 'completed' }], VIDEO],
  ['PATCH', '/api/videos/{job_id}', (v) => [`/api/videos/${v.jobId}`, { playback: 'off' }], VIDEO],
  ['PUT', '/api/videos/{job_id}/source', (v) => [`/api/videos/${v.jobId}/source`, { file_path: 'mine.mp4' }], VIDEO],
  ['PUT', '/api/videos/{job_id}/source', (v) => [`/api/videos/${v.jobId}/source`, { file_path: v.path }], PATH],
  ['POST', '/api/videos/bulk', (v) => ['/api/videos/bulk', { job_ids: [v.jobId], playback: 'off' }], THEIR_RESULT],
  ['POST', '/api/videos/bulk', (v) => ['/api/videos/bulk', { job_ids: [v.jobId], delete: true }], THEIR_RESULT],
  ['POST', '/api/processing/{job_id}/start', (v) => [`/api/processing/${v.jobId}/start`, {}], VIDEO],
  ['GET', '/api/processing/{job_id}/status', (v) => [`/api/processing/${v.jobId}/status`], VIDEO],
  ['POST', '/api/processing/{job_id}/cancel', (v) => [`/api/processing/${v.jobId}/cancel`], VIDEO],
  ['DELETE', '/api/videos/{job_id}', (v) => [`/api/videos/${v.jobId}`], VIDEO],
  ['DELETE', '/api/videos/{job_id}', (v) => [`/api/videos/${v.jobId}?files=true`], VIDEO],
  ['GET', '/api/results/job/{job_id}', (v) => [`/api/results/job/${v.jobId}`], VIDEO],
  ['GET', '/api/videos/{job_id}/subtitles', (v) => [`/api/videos/${v.jobId}/subtitles`], VIDEO],
  [
    'PUT',
    '/api/videos/{job_id}/subtitles/{language}',
    (v) => [`/api/videos/${v.jobId}/subtitles/de`, { text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nx\n' }],
    VIDEO,
  ],
  ['DELETE', '/api/videos/{job_id}/subtitles/{language}', (v) => [`/api/videos/${v.jobId}/subtitles/de`], VIDEO],
  ['GET', '/api/videos/{job_id}/segments', (v) => [`/api/videos/${v.jobId}/segments`], VIDEO],
  ['DELETE', '/api/videos/{job_id}/segments', (v) => [`/api/videos/${v.jobId}/segments`], VIDEO],
  ['GET', '/api/videos/{job_id}/analytics', (v) => [`/api/videos/${v.jobId}/analytics`], VIDEO],
  ['GET', '/api/videos/{job_id}/analytics/heat', (v) => [`/api/videos/${v.jobId}/analytics/heat`], VIDEO],
  ['GET', '/api/projects/{project_id}', (v) => [`/api/projects/${v.projectId}`], PROJECT],
  ['PATCH', '/api/projects/{project_id}', (v) => [`/api/projects/${v.projectId}`, { name: 'stolen' }], PROJECT],
  ['DELETE', '/api/projects/{project_id}', (v) => [`/api/projects/${v.projectId}`], PROJECT],
  ['PATCH', '/api/videos/{job_id}', (v) => [`/api/videos/${v.jobId}`, { project_id: v.projectId }], VIDEO],
  ['GET', '/api/videos/{job_id}/shared-reports', (v) => [`/api/videos/${v.jobId}/shared-reports`], VIDEO],
  ['POST', '/api/shared-reports', (v) => ['/api/shared-reports', { video_id: v.jobId }], VIDEO],
  ['DELETE', '/api/shared-reports/{report}', (v) => [`/api/shared-reports/${v.reportId}`], REPORT],
  ['POST', '/api/processing/register-upload', (v) => ['/api/processing/register-upload', { file_path: v.path }], PATH],
  [
    'POST',
    '/api/processing/register-upload',
    (v) => ['/api/processing/register-upload', { file_path: 'mine.mp4', job_id: v.jobId }],
    VIDEO,
  ],
  ['POST', '/api/storage/upload-url', (v) => ['/api/storage/upload-url', { key: v.path }], PATH],
  ['POST', '/api/storage/upload-urls', (v) => ['/api/storage/upload-urls', { keys: ['mine.mp4', v.path] }], PATH],
  ['POST', '/api/storage/download-url', (v) => ['/api/storage/download-url', { key: v.path }], PATH],
  ['POST', '/api/storage/download-url', (v) => ['/api/storage/download-url', { file_path: v.path }], PATH],
  ['GET', '/api/storage/files', (v) => [`/api/storage/files?prefix=${v.folder}`], PATH],
  ['GET', '/api/storage/files', (v) => [`/api/storage/files?unregistered=true&prefix=${v.folder}hls/`], PATH],
  ['DELETE', '/api/storage/files', (v) => ['/api/storage/files', { keys: ['mine.mp4', v.path] }], PATH],
  ['POST', '/api/storage/multipart', (v) => ['/api/storage/multipart', { key: v.path, file_size: 1 }], PATH],
  [
    'POST',
    '/api/storage/multipart/urls',
    (v) => ['/api/storage/multipart/urls', { ...part(v), part_numbers: [1] }],
    PATH,
  ],
  [
    'POST',
    '/api/storage/multipart/complete',
    (v) => ['/api/storage/multipart/complete', { ...part(v), parts: [{ part_number: 1, etag: '"x"' }] }],
    PATH,
  ],
  ['GET', '/api/storage/multipart', (v) => [`/api/storage/multipart?${partQuery(v)}`], PATH],
  ['DELETE', '/api/storage/multipart', (v) => [`/api/storage/multipart?${partQuery(v)}`], PATH],
  ['POST', '/api/playback/tokens', (v) => ['/api/playback/tokens', { job_id: v.jobId }], VIDEO],
  ['DELETE', '/api/signing-keys/{key_id}', (v) => [`/api/signing-keys/${v.signingKeyId}`], SIGNING_KEY],
  [
    'POST',
    '/api/playback/revocations',
    (v) => ['/api/playback/revocations', { signing_key_id: v.signingKeyId }],
    [404, { detail: 'Signing key not found' }],
  ],
  ['GET', '/api/webhooks/endpoints/{endpoint_id}', (v) => [hook(v)], ENDPOINT],
  ['PATCH', '/api/webhooks/endpoints/{endpoint_id}', (v) => [hook(v), { is_active: false }], ENDPOINT],
  ['DELETE', '/api/webhooks/endpoints/{endpoint_id}', (v) => [hook(v)], ENDPOINT],
  ['POST', '/api/webhooks/endpoints/{endpoint_id}/rotate', (v) => [`${hook(v)}/rotate`], ENDPOINT],
  ['POST', '/api/webhooks/endpoints/{endpoint_id}/test', (v) => [`${hook(v)}/test`], ENDPOINT],
  ['GET', '/api/webhooks/endpoints/{endpoint_id}/deliveries', (v) => [`${hook(v)}/deliveries`], ENDPOINT],
  [
    'POST',
    '/api/webhooks/deliveries/{delivery_id}/redeliver',
    (v) => [`/api/webhooks/deliveries/${v.deliveryId}/redeliver`],
    [403, { detail: 'Delivery does not belong to this user' }],
  ],
  ['PATCH', '/api/keys/{key_id}', (v) => [`/api/keys/${v.key.keyId}`, { is_active: false }], KEY],
  ['DELETE', '/api/keys/{key_id}', (v) => [`/api/keys/${v.key.keyId}`], KEY],
  ['POST', '/api/keys/{key_id}/rotate', (v) => [`/api/keys/${v.key.keyId}/rotate`, {}], KEY],
  ['GET', '/api/keys/{key_id}/usage', (v) => [`/api/keys/${v.key.keyId}/usage`], KEY],
  ['GET', '/api/keys/{key_id}/events', (v) => [`/api/keys/${v.key.keyId}/events`], KEY],
]

/** A caller with one of everything. */
export async function makeVictim(owner: KnownCaller): Promise<Victim> {
  await env.MEDIA.put(`${owner.folder}film.mp4`, 'a film')
  const [, video] = await owner.answer('POST', '/api/processing/register-upload', { file_path: 'film.mp4' })
  const { job_id: jobId } = video as { job_id: string }
  for (const name of [`hls/${jobId}/index.m3u8`, `thumbnails/${jobId}.jpg`, `reports/${jobId}.json`, 'loose.mp4']) {
    await env.MEDIA.put(owner.folder + name, name.endsWith('m3u8') ? ENTRY : '{}')
  }
  const [, report] = await owner.answer('POST', '/api/shared-reports', { video_id: jobId })
  const [, project] = await owner.answer('POST', '/api/projects', { name: 'A project' })
  const { id: projectId } = project as { id: string }
  await owner.answer('PATCH', `/api/videos/${jobId}`, { project_id: projectId })
  const [, signingKey] = await owner.answer('POST', '/api/signing-keys', { name: 'a key' })
  const [, endpoint] = await owner.answer('POST', '/api/webhooks/endpoints', { url: 'https://hooks.customer.dev/' })
  const { id: endpointId } = endpoint as { id: string }
  await owner.answer('PATCH', `/api/videos/${jobId}`, { name: 'told of' })
  const [, sent] = await owner.answer('GET', `/api/webhooks/endpoints/${endpointId}/deliveries`)
  const [delivery] = (sent as { deliveries: { id: string }[] }).deliveries
  await env.DB.prepare(
    'INSERT INTO processing_runs (id, job_id, user_id, attempt, status, engine_minutes, created_at, moved_at)' +
      " VALUES (?, ?, ?, 1, 'completed', 1, 0, 0)",
  )
    .bind(`${jobId}-1`, jobId, owner.key.userId)
    .run()
  const begun = await owner.answer('POST', '/api/storage/multipart', { file_name: 'large.mp4', file_size: 10 })
  const upload = begun[1] as { key: string; upload_id: string }
  return {
    ...owner,
    jobId,
    reportId: (report as { id: string }).id,
    path: `${owner.folder}film.mp4`,
    projectId,
    endpointId,
    deliveryId: delivery?.id ?? '',
    signingKeyId: (signingKey as { id: string }).id,
    upload: { key: upload.key, id: upload.upload_id },
  }
}

/** Everything there is, and their objects, but for when their keys were used. */
export async function everything(...callers: readonly KnownCaller[]): Promise<string> {
  const tables = [
    'users',
    'videos',
    'projects',
    'processing_runs',
    'shared_reports',
    'key_events',
    'playback_keys',
    'playback_revocations',
    'events',
    'event_deliveries',
    'webhook_endpoints',
  ]
  const statements = tables.map((table) => env.DB.prepare(`SELECT * FROM ${table} ORDER BY 1`))
  const keys = env.DB.prepare('SELECT id, name, is_active, expires_at, rotated_at, deleted_at FROM api_keys ORDER BY 1')
  const rows = (await env.DB.batch([...statements, keys])).map(({ results }) => results)
  const objects = []
  for (const { folder } of callers) {
    for (const { key, etag, uploaded } of (await env.MEDIA.list({ prefix: folder })).objects) {
      objects.push([key, etag, uploaded])
    }
  }
  return JSON.stringify([rows, objects])
}
