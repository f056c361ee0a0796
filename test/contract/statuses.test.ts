// Every status that an operation declares is really answered by it: each is produced here, or it is said why it is not.
import { Webhook } from 'standardwebhooks'
import { beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../src/api/contract.ts'
import { splitRoute, type Operation } from '../../src/api/operation.ts'
import { refusalsOf } from '../../src/api/refusals.ts'
import { call, makeKey, newClerkUserId, randomKey, type TestKey } from '../support/callers.ts'
import { startClerk } from '../support/clerk.ts'
import { answered } from '../support/contract-check.ts'
import { env } from '../support/env.ts'
import { knownCaller } from '../support/known-caller.ts'
import { EDGE_VARIABLES, signMedia, type SignMedia } from '../support/media.ts'
import { registerSigner } from '../support/playback-tokens.ts'
import { callbackOf, newJobId, newVideoId, recordingEngine, startGate, success } from '../support/recording-engine.ts'
import { seedRevocations } from '../support/revocations.ts'
import { ORIGIN, startService, type Service } from '../support/service.ts'
import { HOOK, startHooked } from '../support/webhook-receiver.ts'
import { makeScanner } from '../support/scanner.ts'
import { makeVideo } from '../support/videos.ts'

const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const operations = Object.entries<Operation>(contract)
const isSecured = ({ access }: Operation): boolean => access !== 'public'

/** Statuses that no request brings about, with the reason. `*`: of every operation. */
const NOT_PRODUCED: Readonly<Record<string, string>> = {
  'uploadEngineVideo 400': 'takes a client that goes away while it sends: test/local/gate-raw-requests.test.ts has one',
  '* 500': 'only a defect does: test/http/error-format.test.ts holds what it says',
  'reportPlayerEvents 503': 'is a 429, after which players send again: test/http/player-events.test.ts',
  'showHome 503': 'asks nothing that could be away',
  'getOpenApi 503': 'asks nothing that could be away',
  'showConsole 503': 'asks nothing that could be away',
  'getConsolePart 503': 'asks nothing that could be away',
  'showReference 503': 'asks nothing that could be away',
  'getLlmsText 503': 'asks nothing that could be away',
  'deleteVideo 202': 'takes thousands of objects: test/http/videos.test.ts has them',
}

const declared = operations.flatMap(([id, operation]) =>
  [...new Set([...Object.keys(operation.answers).map(Number), ...refusalsOf(operation).keys()])].map(
    (status) => `${id} ${status}`,
  ),
)
const reasonFor = (pair: string): string | undefined => NOT_PRODUCED[pair] ?? NOT_PRODUCED[pair.replace(/^\w+/, '*')]

let seen: ReadonlySet<string>
beforeAll(async () => {
  answered.clear()
  for (const walk of [
    guards,
    inputs,
    absent,
    away,
    keys,
    storage,
    videos,
    playback,
    media,
    webhooks,
    engine,
    pages,
    multipart,
    viewings,
    webhookEndpoints,
    processing,
    leakedKeys,
  ]) {
    await walk()
  }
  seen = new Set(answered)
}, 300_000)

describe('each declared status', () => {
  it.each(declared.filter((pair) => reasonFor(pair) === undefined))('%s', (pair) => {
    expect([...seen]).toContain(pair)
  })

  it('is left out of the walk only where it cannot be produced', () => {
    expect(Object.keys(NOT_PRODUCED).filter((pair) => seen.has(pair))).toEqual([])
    expect(
      Object.keys(NOT_PRODUCED).filter((pair) => !declared.some((one) => reasonFor(one) && matches(pair, one))),
    ).toEqual([])
  })
})

function matches(pattern: string, pair: string): boolean {
  return pattern === pair || pattern === pair.replace(/^\w+/, '*')
}

/** Method and path, each parameter filled in with something well-formed that is not there. */
function address({ route }: Operation): [method: string, path: string] {
  const { method, path } = splitRoute(route)
  const filled = path
    .replace(/\{(share_hash|report)\}/, method === 'GET' ? 'a'.repeat(23) : '$&')
    .replace('{path}', 'a.m3u8')
    .replace('{key}', 'users/x/film.mp4')
    .replace(/\{\w+\}/g, () => crypto.randomUUID())
  return [method, filled]
}

async function gate(variables: Readonly<Record<string, string>> = {}): Promise<Service> {
  return await startGate(recordingEngine(), { CLERK_WEBHOOK_SECRET: WEBHOOK_SECRET, ...variables })
}

/** 401, 403, 429 and 503 of everything that is behind the guard. */
async function guards(): Promise<void> {
  const service = startService({}, { limiters: true })
  const scopes = [await makeKey({ scopes: 'keys:read' }), await makeKey({ scopes: 'videos:read' })]
  const tired = '203.0.113.77'
  /** Before each request: limiters count by the minutes of the real clock, and one may turn at any time. */
  const tire = async (): Promise<void> => {
    while ((await env.FAILURE_LIMITER?.limit({ key: tired }))?.success === true);
  }
  for (const [, operation] of operations.filter(([, one]) => isSecured(one))) {
    const [method, path] = address(operation)
    await service.request(path, { method })
    for (const { rawKey } of scopes) await call(service, rawKey, method, path)
    await tire()
    await service.request(path, {
      method,
      headers: { Authorization: randomKey(), 'CF-Connecting-IP': tired },
    })
    service.failing.add('DB')
    await call(service, randomKey(), method, path)
    service.failing.clear()
  }
  const clerk = await startClerk()
  const sessions = startService({ CLERK_ISSUER: clerk.issuer })
  const pending = await clerk.token(sessions.clock.nowMs, { sub: newClerkUserId(), sts: 'pending' })
  await call(sessions, `Bearer ${pending}`, 'GET', '/api/me')
}

/** 400, 413, 415 and 422 that the router itself finds. */
async function inputs(): Promise<void> {
  const service = await gate()
  const { rawKey } = await makeKey()
  for (const [, operation] of operations) {
    const [method, path] = address(operation)
    const send = async (type: string, body: string | undefined, query = ''): Promise<Response> =>
      await service.request(path + query, {
        method,
        headers: { Authorization: rawKey, ...(body !== undefined && { 'Content-Type': type }) },
        ...(body !== undefined && { body }),
      })
    if (operation.openQuery === undefined) await send('', undefined, '?nonsense=1')
    if (operation.body.kind === 'none') continue
    await send('application/json', '{')
    await send('text/plain', '{}')
    await send('application/json', `{"a":"${'x'.repeat(Math.max(operation.body.maxBytes, 64 * 1024))}"}`)
  }
}

/** 404 of ids that nothing has. */
async function absent(): Promise<void> {
  const { rawKey } = await makeKey()
  const service = await gate()
  for (const [, operation] of operations) {
    const [method, path] = address(operation)
    if (operation.body.kind === 'none') await call(service, rawKey, method, path)
  }
}

/** 503 of public operations. */
async function away(): Promise<void> {
  const service = await gate()
  for (const binding of ['DB', 'MEDIA', 'CACHE'] as const) service.failing.add(binding)
  for (const [, operation] of operations.filter(([, one]) => !isSecured(one))) {
    const [method, path] = address(operation)
    const asked =
      path === '/api/oembed' ? `url=${ORIGIN}/watch/${crypto.randomUUID()}` : `job_id=${crypto.randomUUID()}`
    const query = path === '/api/playback/direct' || path === '/api/oembed' ? `?${asked}` : ''
    await service.request(path + query, { method })
  }
}

async function leakedKeys(): Promise<void> {
  const scanner = await makeScanner()
  const keys = [scanner.published]
  const service = startService({}, { fetchUrl: async () => Response.json({ public_keys: keys }) })
  const away = startService({}, { fetchUrl: async () => new Response('', { status: 500 }) })
  for (const [one, body] of [
    [service, '[]'],
    [service, '{}'],
    [service, 'x'.repeat(300_000)],
    [away, '[]'],
  ] as const) {
    const headers = {
      'Github-Public-Key-Identifier': scanner.published.key_identifier,
      'Github-Public-Key-Signature': await scanner.sign(body),
    }
    await one.request('/api/leaked-keys', { method: 'POST', headers, body })
  }
}

async function processing(): Promise<void> {
  const variables = { USAGE_ENGINE_MINUTES: '1' }
  const service = await startGate(recordingEngine(), variables, { processing: true })
  const { rawKey, userId } = await makeKey()
  const { jobId } = await makeVideo({ userId, durationSeconds: 60 })
  const long = await makeVideo({ userId, durationSeconds: 61, fileName: 'long.mp4' })
  const theirs = await makeVideo()
  for (const id of [crypto.randomUUID(), theirs.jobId, long.jobId, jobId, jobId]) {
    await call(service, rawKey, 'POST', `/api/processing/${id}/start`, {})
    await call(service, rawKey, 'GET', `/api/processing/${id}/status`)
    await call(service, rawKey, 'POST', `/api/processing/${id}/cancel`)
  }
  await call(service, rawKey, 'POST', `/api/processing/${jobId}/start`)
  await call(service, rawKey, 'POST', `/api/processing/${jobId}/start`)
}

async function keys(): Promise<void> {
  const service = startService()
  const { rawKey, ...user } = await makeKey()
  const other = await makeKey()
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> =>
    await call(service, rawKey, method, path, body)
  await ask('GET', '/api/me')
  const { id } = await (await ask('POST', '/api/keys', { name: 'a' })).json<{ id: string }>()
  await ask('GET', '/api/keys')
  await ask('GET', '/api/audit')
  await ask('GET', `/api/keys/${id}/events`)
  await ask('GET', `/api/keys/${id}/usage`)
  await ask('PATCH', `/api/keys/${id}`, { name: 'b' })
  await ask('PATCH', `/api/keys/${crypto.randomUUID()}`, { name: 'b' })
  await ask('POST', `/api/keys/${crypto.randomUUID()}/rotate`, {})
  await ask('GET', `/api/keys/${other.keyId}/events`)
  await ask('GET', `/api/keys/${other.keyId}/usage`)
  await ask('POST', `/api/keys/${id}/rotate`, {})
  await ask('POST', `/api/keys/${id}/rotate`, {})
  await ask('DELETE', `/api/keys/${id}`)
  const expired = await makeKey({ user, expiresAtMs: 1, isActive: false })
  await ask('PATCH', `/api/keys/${expired.keyId}`, { is_active: true })
  await Promise.all(Array.from({ length: 100 }, async () => await makeKey({ user })))
  await ask('POST', '/api/keys', { name: 'one too many' })
}

async function webhookEndpoints(): Promise<void> {
  const { service } = startHooked()
  const { rawKey } = await makeKey()
  const other = (await makeKey()).rawKey
  const asker =
    (of: Service, key: string) =>
    async (method: string, path: string, body?: unknown): Promise<Response> =>
      await call(of, key, method, `/api/webhooks${path}`, body)
  const ask = asker(service, rawKey)
  const { id } = await (await ask('POST', '/endpoints', { url: HOOK })).json<{ id: string }>()
  await call(service, rawKey, 'POST', '/api/keys', { name: 'something to tell of' })
  const { deliveries } = await (
    await ask('GET', `/endpoints/${id}/deliveries`)
  ).json<{ deliveries: { id: string }[] }>()
  const deliveryId = deliveries[0]?.id ?? ''
  await ask('GET', `/endpoints/${id}/deliveries?cursor=_`)
  for (const request of [ask, asker(service, other)]) {
    for (const one of [id, crypto.randomUUID()]) {
      await request('GET', `/endpoints/${one}`)
      await request('PATCH', `/endpoints/${one}`, { description: 'x' })
      await request('POST', `/endpoints/${one}/rotate`)
      await request('POST', `/endpoints/${one}/test`)
      await request('GET', `/endpoints/${one}/deliveries`)
    }
    await request('POST', `/deliveries/${deliveryId}/redeliver`)
    for (const path of ['/endpoints', '/events', '/default-secret']) await request('GET', path)
    await request('POST', '/default-secret/rotate', {})
  }
  await asker(service, other)('DELETE', `/endpoints/${id}`)
  await ask('DELETE', `/endpoints/${id}`)
  await ask('POST', `/deliveries/${deliveryId}/redeliver`)
  for (let made = 0; made <= 20; made++) await ask('POST', '/endpoints', { url: HOOK })
}

async function storage(): Promise<void> {
  const service = startService()
  const { rawKey, userId } = await makeKey()
  const mine = `users/${userId}/film.mp4`
  const theirs = `users/${crypto.randomUUID()}/film.mp4`
  await env.MEDIA.put(mine, 'x')
  for (const key of [mine, theirs]) {
    await call(service, rawKey, 'POST', '/api/storage/upload-url', { key })
    await call(service, rawKey, 'POST', '/api/storage/upload-urls', { keys: [key] })
    await call(service, rawKey, 'POST', '/api/storage/download-url', { key })
    await call(service, rawKey, 'GET', `/api/storage/files?prefix=${key}`)
    await call(service, rawKey, 'POST', '/api/processing/register-upload', { file_path: key })
    await call(service, rawKey, 'DELETE', '/api/storage/files', { keys: [key] })
  }
  await call(service, rawKey, 'POST', '/api/processing/register-upload', { file_path: `users/${userId}/none.mp4` })
}

async function videos(): Promise<void> {
  const service = startService()
  const { rawKey, userId } = await makeKey()
  const mine = (await makeVideo({ userId })).jobId
  await env.MEDIA.put(`users/${userId}/reports/${mine}.json`, '{}')
  const theirs = (await makeVideo()).jobId
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> =>
    await call(service, rawKey, method, path, body)
  await ask('GET', '/api/videos')
  const project = await (await ask('POST', '/api/projects', { name: 'a' })).json<{ id: string }>()
  await ask('GET', '/api/projects')
  const { jobId: busy } = await makeVideo({ userId, status: 'processing', fileName: 'busy.mp4' })
  await ask('DELETE', `/api/videos/${busy}/segments`)
  await ask('GET', '/api/dashboard')
  const other = await makeKey()
  for (const [key, id] of [
    [rawKey, crypto.randomUUID()],
    [other.rawKey, project.id],
    [rawKey, project.id],
  ] as const) {
    await call(service, key, 'GET', `/api/projects/${id}`)
    await call(service, key, 'PATCH', `/api/projects/${id}`, { name: 'b' })
    await call(service, key, 'DELETE', `/api/projects/${id}`)
  }
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
     INSERT INTO projects (id, user_id, name, created_at, updated_at)
     SELECT lower(hex(randomblob(16))), ?, 'a', 0, 0 FROM n`,
  )
    .bind(userId)
    .run()
  await ask('POST', '/api/projects', { name: 'one too many' })
  let report = { id: '', share_hash: '' }
  const words = { text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nx\n' }
  const entry = `users/${userId}/hls/${mine}/index.m3u8`
  await env.MEDIA.put(entry, '#EXTM3U\n#EXTINF:6,\n0.ts\n')
  await ask('GET', `/api/videos/${mine}/subtitles`)
  await ask('PUT', `/api/videos/${mine}/subtitles/de`, words)
  await ask('DELETE', `/api/videos/${mine}/subtitles/de`)
  await env.MEDIA.put(entry, '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nvideo.m3u8\n')
  for (const jobId of [theirs, crypto.randomUUID(), mine]) {
    await ask('GET', `/api/videos/${jobId}`)
    await ask('PATCH', `/api/videos/${jobId}`, { name: 'x' })
    await ask('GET', `/api/videos/${jobId}/shared-reports`)
    await ask('GET', `/api/results/job/${jobId}`)
    await ask('GET', `/api/videos/${jobId}/subtitles`)
    await ask('PUT', `/api/videos/${jobId}/subtitles/de`, words)
    await ask('DELETE', `/api/videos/${jobId}/subtitles/de`)
    await ask('GET', `/api/videos/${jobId}/segments`)
    await ask('DELETE', `/api/videos/${jobId}/segments`)
    report = await (await ask('POST', '/api/shared-reports', { video_id: jobId })).json()
  }
  await ask('GET', '/api/shared-reports')
  await ask('GET', '/api/shared-reports?cursor=x')
  await ask('PATCH', `/api/videos/${mine}`, { status: 'completed' })
  await ask('POST', '/api/videos/bulk', { job_ids: [mine], playback: 'public' })
  await env.MEDIA.put(`users/${userId}/another.mp4`, 'x')
  const registered = await ask('POST', '/api/processing/register-upload', { file_path: `users/${userId}/another.mp4` })
  const { job_id: another } = await registered.json<{ job_id: string }>()
  await env.MEDIA.put(`users/${userId}/next.mp4`, 'x')
  const next = { file_path: `users/${userId}/next.mp4` }
  await ask('PUT', `/api/videos/${mine}/source`, next)
  await ask('PUT', `/api/videos/${another}/source`, next)
  await ask('PUT', `/api/videos/${theirs}/source`, next)
  await ask('PUT', `/api/videos/${mine}/source`, { file_path: `users/${userId}/none.mp4` })
  await service.request(`/api/shared-reports/${report.share_hash}`)
  await service.request(`/r/${report.share_hash}`)
  await call(service, (await makeKey()).rawKey, 'DELETE', `/api/shared-reports/${report.id}`)
  await ask('DELETE', `/api/shared-reports/${report.id}`)
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     INSERT INTO shared_reports (id, video_id, share_hash, created_at)
     SELECT lower(hex(randomblob(16))), ?, hex(randomblob(16)), 0 FROM n`,
  )
    .bind(mine)
    .run()
  await ask('POST', '/api/shared-reports', { video_id: mine })
  await ask('DELETE', `/api/videos/${theirs}`)
  await ask('DELETE', `/api/videos/${mine}`)
}

async function multipart(): Promise<void> {
  const service = startService(EDGE_VARIABLES)
  const { rawKey, userId } = await makeKey()
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> =>
    await call(service, rawKey, method, `/api/storage/multipart${path}`, body)
  const begun = await ask('POST', '', { key: 'film.mp4', file_size: 1 })
  const { key, upload_id } = await begun.json<{ key: string; upload_id: string }>()
  const complete = async (etag: string): Promise<Response> =>
    await ask('POST', '/complete', { key, upload_id, parts: [{ part_number: 1, etag }] })
  const sign = async (): Promise<Response> => await ask('POST', '/urls', { key, upload_id, part_numbers: [1] })
  const { urls } = await (await sign()).json<{ urls: { upload_url: string }[] }>()
  const sent = await service.request(urls[0]?.upload_url ?? '', {
    method: 'PUT',
    headers: { 'Content-Length': '1' },
    body: 'x',
  })
  await complete('"other"')
  await complete(sent.headers.get('ETag') ?? '')
  await complete('"other"')
  await sign()
  const query = `?${new URLSearchParams({ key, upload_id }).toString()}`
  await ask('GET', query)
  await ask('DELETE', query)
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
     INSERT INTO uploads (upload_id, user_id, key, file_size, part_size, part_count, created_at, expires_at)
     SELECT hex(randomblob(16)), ?, 'x', 1, 1, 1, 0, 9e15 FROM n`,
  )
    .bind(userId)
    .run()
  await ask('POST', '', { key: 'film.mp4', file_size: 1 })
}

/** Private films: their keys, tokens and viewings. */
async function viewings(): Promise<void> {
  const service = startService(EDGE_VARIABLES, { plays: true })
  const caller = await knownCaller({ service })
  const film = await makeVideo({ userId: caller.key.userId, playback: 'private' })
  await film.putStreamFile('index.m3u8', '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n#EXT-X-ENDLIST\n')
  await film.putStreamFile('bad.m3u8', '#EXTM3U\n#EXTINF:4,\n../../other/a.ts\n#EXT-X-ENDLIST\n')
  await film.putStreamFile('a.ts', new Uint8Array(188))
  const signer = await registerSigner(caller)
  for (const name of ['one', 'two']) {
    await caller.ask('POST', '/api/signing-keys', { name, public_jwk: { ...signer.publicJwk, kid: 'mine' } })
  }
  for (const jobId of [film.jobId, crypto.randomUUID()]) {
    await caller.ask('POST', '/api/playback/tokens', { job_id: jobId })
  }
  const stream = `/api/playback/stream/${film.jobId}`
  for (const path of [
    stream,
    `${stream}/index.m3u8`,
    `/watch/${film.jobId}`,
    `/embed/${film.jobId}`,
    `/api/playback/thumbnail/${film.jobId}`,
  ]) {
    await service.request(path)
  }
  await service.request(`/api/playback/direct?job_id=${film.jobId}`)
  await service.request(`/api/playback/thumbnail/${film.jobId}?token=a&token=b`)
  const token = await signer.sign({ sub: film.jobId })
  await service.request(`${stream}?token=${token}`)
  const begun = await service.request(`${stream}/index.m3u8?token=${token}`)
  const prefix = /^.*\/v\/[^/]+\//.exec(begun.headers.get('Location') ?? '')?.[0] ?? ''
  const read = async (path: string, headers: Record<string, string> = {}): Promise<Response> => {
    const response = await service.request(prefix + path, { headers })
    return new Response(await response.text(), response)
  }
  const etag = (await read('a.ts')).headers.get('ETag') ?? ''
  await read('a.ts', { Range: 'bytes=0-1' })
  await read('a.ts', { Range: 'bytes=999-' })
  await read('a.ts', { 'If-None-Match': etag })
  await read('a.ts', { 'If-Match': '"other"' })
  await read('none.ts')
  const say = async (address: string, report: string): Promise<Response> =>
    await service.request(`${address}events`, { method: 'POST', body: report })
  await say('/v/none/', 'e=t,sta=p')
  await say(prefix, 'x'.repeat(20_000))
  for (let times = 0; times <= 60; times += 1) await say(prefix, 'e=t,sta=p')
  await caller.ask('GET', '/api/analytics?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')
  await caller.ask('GET', '/api/analytics/plays?cursor=x')
  for (const path of ['', '?group_by=video', '/live', '/plays', '/plays?format=csv']) {
    await caller.ask('GET', `/api/analytics${path}`)
  }
  await caller.ask('GET', `/api/videos/${film.jobId}/analytics`)
  await caller.ask('GET', `/api/videos/${film.jobId}/analytics?from=2020-01-01T00:00:00Z`)
  await caller.ask('GET', `/api/videos/${film.jobId}/analytics/heat`)
  await read('bad.m3u8')
  service.failing.add('MEDIA')
  await read('b.ts')
  service.failing.clear()
  await caller.ask('DELETE', '/api/playback/sessions/none')
  await caller.ask('DELETE', '/api/playback/sessions/0123456789abcdef')
  await caller.ask('POST', '/api/playback/revocations', { viewer: 'someone' })
  await caller.ask('GET', '/api/playback/sessions')
  const busy = await knownCaller({ service })
  await seedRevocations(busy.key.userId, 10_000, service.clock.nowMs)
  await busy.ask('DELETE', '/api/playback/sessions/fedcba9876543210')
  await busy.ask('POST', '/api/playback/revocations', { viewer: 'someone' })
  await caller.ask('POST', '/api/playback/revocations', { signing_key_id: crypto.randomUUID() })
  await caller.ask('DELETE', `/api/signing-keys/${signer.keyId}`)
}

async function playback(): Promise<void> {
  const service = startService()
  const video = await makeVideo()
  await video.putStreamFile('index.m3u8', '#EXTM3U\n#EXTINF:4,\na.ts\n#EXT-X-ENDLIST\n')
  await video.putStreamFile('bad.m3u8', '#EXTM3U\n#EXTINF:4,\n../../other/a.ts\n#EXT-X-ENDLIST\n')
  const bad = await makeVideo()
  await bad.putStreamFile('index.m3u8', '#EXTM3U\n#EXTINF:4,\n../../other/a.ts\n#EXT-X-ENDLIST\n')
  await service.request(`/api/playback/thumbnail/${video.jobId}`)
  await service.request(`/api/playback/direct?job_id=${video.jobId}`)
  await service.request('/api/playback/direct')
  await service.request(`/api/playback/direct?job_id=${crypto.randomUUID()}`)
  for (const path of [video.jobId, `${video.jobId}/index.m3u8`]) {
    const first = await service.request(`/api/playback/stream/${path}`)
    await service.request(`/api/playback/stream/${path}`, {
      headers: { 'If-None-Match': first.headers.get('ETag') ?? '' },
    })
  }
  await service.request(`/api/playback/stream/${bad.jobId}`)
  await service.request(`/api/playback/stream/${video.jobId}/bad.m3u8`)
  await service.request(`/watch/${video.jobId}`)
  await service.request(`/embed/${video.jobId}`)
  const hidden = await makeVideo({ playback: 'private' })
  for (const [id, rest] of [
    [video.jobId, ''],
    [video.jobId, '&format=xml'],
    [video.jobId, '&maxwidth=0'],
    [hidden.jobId, ''],
    [crypto.randomUUID(), ''],
  ]) {
    await service.request(`/api/oembed?url=${ORIGIN}/watch/${id}${rest}`)
  }
}

async function media(): Promise<void> {
  const service = startService(EDGE_VARIABLES)
  const key = `users/${crypto.randomUUID()}/film.mp4`
  const object = await env.MEDIA.put(key, 'abc')
  const signedAtSeconds = Math.floor(service.clock.nowMs / 1000)
  const sign = (input: Partial<SignMedia> = {}): string => signMedia({ key, origin: ORIGIN, signedAtSeconds, ...input })
  const read = async (headers: Record<string, string>): Promise<unknown> =>
    await (await service.request(sign(), { headers })).text()
  await read({})
  await read({ Range: 'bytes=0-1' })
  await read({ Range: 'bytes=9-' })
  await read({ 'If-None-Match': object?.httpEtag ?? '' })
  await read({ 'If-Match': '"other"' })
  await service.request(`/media/${key}?X-Amz-Signature=no`)
  await service.request(sign({ key: `${key}.none` }))
  await put(service, sign({ method: 'PUT' }), { 'Content-Length': '1' })
  await put(service, sign({ method: 'PUT' }), {})
  await put(service, sign({ method: 'PUT' }), { 'Content-Length': '1', 'If-Match': '"other"' })
  await put(service, sign({ method: 'PUT' }), { 'Content-Length': String(5 * 1024 ** 3) })
  await put(service, `/media/${key}?X-Amz-Signature=no`, { 'Content-Length': '1' })
  await put(startService(), `/media/${key}`, { 'Content-Length': '1' })
  service.failing.add('MEDIA')
  await service.request(sign({ key: `users/${crypto.randomUUID()}/film.mp4` }))
  await put(service, sign({ method: 'PUT' }), { 'Content-Length': '1' })
}

async function put(service: Service, path: string, headers: Record<string, string>): Promise<void> {
  await service.request(path, { method: 'PUT', headers, body: 'x' })
}

async function webhooks(): Promise<void> {
  const service = await gate()
  const id = newClerkUserId()
  const deliver = async (event: object | string, to = service): Promise<void> => {
    const body = typeof event === 'string' ? event : JSON.stringify(event)
    const [name, at] = [`msg_${crypto.randomUUID()}`, new Date()]
    await to.request('/api/webhooks/clerk', {
      method: 'POST',
      body,
      headers: {
        'Content-Type': 'application/json',
        'svix-id': name,
        'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
        'svix-signature': new Webhook(WEBHOOK_SECRET).sign(name, at, body),
      },
    })
  }
  await deliver({ type: 'user.created', object: 'event', data: { id } })
  await deliver({ type: 'user.created', object: 'event', data: {} })
  await deliver('x'.repeat(1024 * 1024 + 1))
  await deliver({ type: 'user.created', object: 'event', data: { id } }, startService())
  service.failing.add('DB')
  await deliver({ type: 'user.created', object: 'event', data: { id: newClerkUserId() } })
}

async function engine(): Promise<void> {
  const fake = recordingEngine()
  const variables = { CLIPZY_TIMEOUT_SECONDS: '1', CLIPZY_MAX_BODY_BYTES: '1000' }
  const service = await startGate(fake, variables)
  const [mine, other] = [await makeKey(), await makeKey()]
  const ordinary = fake.script
  const told = async (): Promise<string> => {
    fake.script = ordinary
    await call(service, mine.rawKey, 'POST', '/api/v1/jobs', { video_id: newVideoId(), webhook_url: HOOK })
    return callbackOf(fake)
  }
  const callback = await told()
  const create = async (key: TestKey, videoId: string): Promise<Response> =>
    await call(service, key.rawKey, 'POST', '/api/v1/jobs', { video_id: videoId })
  const form = async (text: string): Promise<Response> =>
    await service.request('/api/v1/videos/upload', {
      method: 'POST',
      headers: { Authorization: mine.rawKey, 'Content-Type': 'multipart/form-data; boundary=b' },
      body: text,
    })
  const part = (name: string, value: string): string =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${name === 'file' ? '; filename="a.mp4"' : ''}\r\n\r\n${value}\r\n`
  const theirVideo = newVideoId()
  await create(other, theirVideo)
  const { data } = await (await create(mine, newVideoId())).json<{ data: { job_id: string } }>()
  const theirs = (await (await create(other, newVideoId())).json<{ data: { job_id: string } }>()).data.job_id
  await create(mine, theirVideo)
  fake.script = () => success({ video_id: theirVideo })
  await form(`${part('file', 'x')}--b--\r\n`)
  fake.script = ordinary
  await form(`${part('file', 'x')}--b--\r\n`)
  await form(`${part('template_video_id', theirVideo)}${part('file', 'x')}--b--\r\n`)
  await form(`${part('file', 'x'.repeat(2000))}--b--\r\n`)
  await service.request('/api/v1/health')
  await service.request('/api/v1/.well-known/jwks.json')
  await startService().request('/api/v1/.well-known/jwks.json')
  await call(service, mine.rawKey, 'GET', '/api/v1/jobs')
  for (const id of [data.job_id, theirs, newJobId()]) {
    await call(service, mine.rawKey, 'GET', `/api/v1/jobs/${id}`)
    await call(service, mine.rawKey, 'GET', `/api/v1/jobs/${id}/result`)
    await call(service, mine.rawKey, 'DELETE', `/api/v1/jobs/${id}`)
  }
  await service.request(callback, { method: 'POST' })
  const all = async (): Promise<void> => {
    await service.request(callback, { method: 'POST' })
    await service.request('/api/v1/health')
    await call(service, mine.rawKey, 'GET', `/api/v1/jobs/${data.job_id}`)
    await call(service, mine.rawKey, 'GET', `/api/v1/jobs/${data.job_id}/result`)
    await call(service, mine.rawKey, 'DELETE', `/api/v1/jobs/${data.job_id}`)
    await create(mine, newVideoId())
    await form(`${part('file', 'x')}--b--\r\n`)
  }
  await service.request(`${callback.slice(0, -4)}0000`, { method: 'POST' })
  const ended = await told()
  fake.script = () => success({ status: 'completed' })
  await service.request(ended, { method: 'POST' })
  fake.script = () => new Response('<html>')
  await all()
  fake.script = () => new Response(null, { status: 204 })
  await call(service, mine.rawKey, 'DELETE', `/api/v1/jobs/${data.job_id}`)
  fake.script = async () => await new Promise<Response>(() => undefined)
  const slow = [
    ['GET', '/api/v1/health'],
    ['GET', `/api/v1/jobs/${data.job_id}`],
    ['GET', `/api/v1/jobs/${data.job_id}/result`],
    ['DELETE', `/api/v1/jobs/${data.job_id}`],
    ['POST', callback],
  ] as const
  await Promise.all([
    ...slow.map(async ([method, path]) => await call(service, mine.rawKey, method, path)),
    create(mine, newVideoId()),
    form(`${part('file', 'x')}--b--\r\n`),
  ])
  // The circuit is open by now: 503.
  await all()
}

async function pages(): Promise<void> {
  const service = startService()
  await service.request('/')
  await service.request('/api/health')
  for (const path of ['/api/openapi.json', '/docs', '/llms.txt', '/console', '/console/videos'])
    await service.request(path)
  await startService({ CONSOLE: 'off' }).request('/console')
  const asset = await service.request('/console/assets/console.js')
  await service.request('/console/assets/console.js', { headers: { 'If-None-Match': asset.headers.get('ETag') ?? '' } })
  await service.request('/console/assets/none.js')
}
