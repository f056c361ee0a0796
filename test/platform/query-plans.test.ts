// Every statement that is recorded here finds its rows by an index: none reads a table to the end, and none
// sorts. SQLite itself is asked how it would run what drizzle really wrote.
import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1'
import { describe, expect, it } from 'vitest'
import { hashApiKey } from '../../src/core/auth/api-key.ts'
import { readJobSnapshot } from '../../src/core/engine/envelope.ts'
import { parseEngineId, type EngineId } from '../../src/core/engine/ids.ts'
import type { ObjectKey } from '../../src/core/storage/object-key.ts'
import { parseUserId, type UserId } from '../../src/core/auth/principal.ts'
import { d1ClerkDeliveries } from '../../src/platform/d1/clerk-webhooks.ts'
import { d1EngineCallbacks } from '../../src/platform/d1/engine-callbacks.ts'
import { d1KeyLookup, d1KeyReader } from '../../src/platform/d1/keys.ts'
import { d1Users } from '../../src/platform/d1/users.ts'
import { VIDEO_SORTS } from '../../src/core/videos/sort.ts'
import { newHeatSums } from '../../src/core/analytics/heat-sums.ts'
import { newSums } from '../../src/core/analytics/sums.ts'
import { d1PlayHistory } from '../../src/platform/d1/play-history.ts'
import { d1PlayRollup } from '../../src/platform/d1/play-rollup.ts'
import { d1Plays } from '../../src/platform/d1/plays.ts'
import { d1PlaybackRevocations } from '../../src/platform/d1/playback-revocations.ts'
import { d1Dashboard } from '../../src/platform/d1/dashboard.ts'
import { d1Projects } from '../../src/platform/d1/projects.ts'
import { ALL_EVENTS } from '../../src/core/events/event-type.ts'
import { formatWebhookSecret } from '../../src/core/events/webhook-signature.ts'
import { d1DeliveryQueue } from '../../src/platform/d1/event-deliveries.ts'
import { d1DeliveryLog, d1EventLog } from '../../src/platform/d1/event-log.ts'
import { d1KeyExpiryNotices } from '../../src/platform/d1/key-expiry.ts'
import { d1WebhookEndpoints, d1WebhookSecrets } from '../../src/platform/d1/webhook-endpoints.ts'
import { d1Registrations } from '../../src/platform/d1/registrations.ts'
import { d1SharedReports } from '../../src/platform/d1/shared-reports.ts'
import { d1Uploads } from '../../src/platform/d1/uploads.ts'
import { d1VideoStore } from '../../src/platform/d1/videos.ts'
import { makeKey } from '../support/callers.ts'
import { env } from '../support/env.ts'
import { expectIndexed } from '../support/query-plans.ts'
import { personOf } from '../support/person.ts'
import { quietOutbox } from '../support/outbox.ts'
import { seedRevocations } from '../support/revocations.ts'
import { makeVideo } from '../support/videos.ts'

/** What the stores prepare, while they work as ever. */
function recordingDb(): { db: DrizzleD1Database; statements: Set<string> } {
  const statements = new Set<string>()
  const recorder = new Proxy(env.DB, {
    get(target, name) {
      if (name === 'prepare') {
        return (sql: string) => {
          statements.add(sql)
          return target.prepare(sql)
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { db: drizzle(recorder), statements }
}

describe('the query plans', () => {
  it('search by index and never scan or sort', async () => {
    const { db, statements } = recordingDb()
    const video = await makeVideo()
    const userId = parseUserId(video.userId) as UserId
    const actor = personOf(userId)
    const videos = d1VideoStore(db, quietOutbox(db))
    const reports = d1SharedReports(db, quietOutbox(db))
    const page = {
      status: undefined,
      text: undefined,
      sort: '-created_at',
      after: undefined,
      limit: 10,
      projectId: undefined,
    } as const
    const after = { value: 5, jobId: video.jobId }
    const projects = d1Projects(db)
    const projectId = crypto.randomUUID()
    const unchanged = {
      projectId: undefined,
      name: undefined,
      description: undefined,
      durationSeconds: undefined,
      playback: undefined,
    }
    const report = {
      id: crypto.randomUUID(),
      videoId: video.jobId,
      shareHash: crypto.randomUUID(),
      expiresAtMs: undefined,
      createdAtMs: 1,
    }
    const other = [crypto.randomUUID(), video.jobId]
    await videos.setPlayback(actor, other, 'public', 2)
    await videos.removeMany(actor, [crypto.randomUUID()], 1)
    const source = { storagePath: `users/${userId}/y.mp4` as ObjectKey, fileSizeBytes: 1, durationSeconds: undefined }
    await videos.replaceSource(userId, video.jobId, source, 2)
    await videos.register({
      jobId: crypto.randomUUID(),
      userId,
      madeBy: null,
      name: 'x',
      durationSeconds: undefined,
      fileSizeBytes: 1,
      playback: 'public',
      projectId,
      storagePath: `users/${userId}/x.mp4` as ObjectKey,
      createdAtMs: 1,
    })
    for (const sort of VIDEO_SORTS) {
      for (const status of [undefined, 'queued'] as const) {
        await videos.list(userId, { ...page, sort, status })
        await videos.list(userId, { ...page, sort, status, after, text: 'film' })
        await videos.list(userId, { ...page, sort, status, after, projectId })
      }
    }
    await videos.find(video.jobId)
    await videos.change(actor, video.jobId, { ...unchanged, status: 'queued' }, 1)
    await videos.change(actor, video.jobId, { ...unchanged, status: undefined, projectId }, 1)
    await projects.create(userId, { id: projectId, name: 'x', description: '', createdAtMs: 1 }, 10)
    await projects.list(userId)
    await projects.change(userId, projectId, { name: 'y', description: undefined }, 1)
    await projects.find(userId, projectId)
    await projects.remove(userId, projectId)
    await d1Dashboard(db).read(userId, { newest: 5, nowMs: 1 })
    await reports.create(userId, report, 10)
    await reports.listByVideo(userId, video.jobId)
    await reports.findLive(report.shareHash, 1)
    await reports.addView(report.id)
    await reports.remove(userId, report.id, 1)
    await d1Registrations(db).among(userId, { paths: [video.storagePath], jobIds: [video.jobId] })
    const uploads = d1Uploads(db)
    const key = `users/${userId}/x.mp4` as ObjectKey
    const uploadId = crypto.randomUUID()
    const upload = { uploadId, userId, key, fileBytes: 1, partBytes: 1, partCount: 1, createdAtMs: 1, expiresAtMs: 2 }
    const open = { key: undefined, before: undefined, nowMs: 1, limit: 10 }
    await uploads.add(upload, 100)
    await uploads.record(uploadId, { number: 1, sizeBytes: 1, etag: 'e' })
    await uploads.recorded(uploadId)
    await uploads.find(userId, key, uploadId)
    await uploads.list(userId, open)
    await uploads.list(userId, { ...open, key, before: { createdAtMs: 5, uploadId } })
    await uploads.listExpired(3, 10)
    await uploads.remove([uploadId])
    await videos.close(actor, video.jobId, 1)
    await videos.remove(actor, video.jobId, 1)

    expect(statements.size).toBeGreaterThan(12)
    await expectIndexed(statements)
  })

  it('find a key by its hash, a user by the Clerk id and a delivery by its own, by index', async () => {
    const { db, statements } = recordingDb()
    const key = await makeKey()
    await d1KeyLookup(db, new Map()).findByHash(hashApiKey(key.rawKey))
    await d1Users(db).findByClerkId(key.clerkUserId)
    await d1KeyReader(db).list(parseUserId(key.userId) as UserId, undefined)
    await d1KeyReader(db).find(key.keyId)
    await d1KeyReader(db).events(key.keyId)
    await d1ClerkDeliveries(db).isKnown('msg_1')
    await d1ClerkDeliveries(db).record('msg_1', 2, 1)
    expect(statements.size).toBe(8)
    await expectIndexed(statements)
  })

  it('find ended viewings by time and by owner, page by page', async () => {
    const { db, statements } = recordingDb()
    const { userId } = await makeVideo()
    await seedRevocations(userId, 5001, 1000)
    const store = d1PlaybackRevocations(db, quietOutbox(db))
    for await (const page of store.since(1)) expect(page.length).toBeGreaterThan(0)
    for await (const page of store.of(userId, 1)) expect(page.length).toBeGreaterThan(0)
    const values = [{ id: crypto.randomUUID(), value: 'x' }] as const
    const terms = { kind: 'job', begunBefore: 1, createdAtMs: 1, expiresAtMs: 2, maxLive: 10_000 } as const
    await store.add({ ...terms, ownerId: userId, values })
    expect(statements.size).toBe(9)
    await expectIndexed(statements)
  })

  it('find events by their owner, deliveries by their turn, and endpoints by their user', async () => {
    const { db, statements } = recordingDb()
    const user = parseUserId((await makeKey()).userId) as UserId
    const actor = personOf(user)
    const endpoints = d1WebhookEndpoints(db, quietOutbox(db))
    const id = crypto.randomUUID()
    const secret = formatWebhookSecret(new Uint8Array(32))
    const facts = { id, userId: user, url: 'https://a.dev/', description: '', events: ALL_EVENTS } as const
    const rotation = { secret, graceEndsMs: 2, nowMs: 1 }
    await endpoints.create(actor, { ...facts, secret, createdAtMs: 1 }, 20)
    await endpoints.list(user)
    await endpoints.find(id)
    await endpoints.change(actor, id, { ...facts, isActive: true }, 1)
    await endpoints.rotate(actor, id, rotation)
    await d1WebhookSecrets(db).ofEndpoint(id, 1)
    await d1WebhookSecrets(db).defaultOf(user, secret)
    await d1WebhookSecrets(db).rotateDefault(user, rotation)
    const revocation = { kind: 'job', begunBefore: 1, createdAtMs: 1, expiresAtMs: 2, maxLive: 10 } as const
    const values = [{ id: crypto.randomUUID(), value: 'x' }] as const
    await d1PlaybackRevocations(db, quietOutbox(db)).add({ ...revocation, ownerId: user, values })
    const log = d1DeliveryLog(db)
    const page = { status: undefined, before: undefined, limit: 5 }
    const [delivery] = await log.list(id, page)
    await log.list(id, { ...page, status: 'pending', before: 1 })
    const queue = d1DeliveryQueue(db)
    const claimed = await queue.claim(delivery?.id ?? '', 1, 1)
    if (claimed === undefined) throw new Error('it is its turn')
    await queue.finish(claimed, { status: 'pending', attempts: [], nextAttemptAtMs: 2 }, 1)
    await queue.finish(claimed, { status: 'delivered', attempts: [] }, 1)
    await queue.finish(claimed, { status: 'failed', attempts: [], disabledReason: 'x' }, 1)
    await queue.overdue(1, 1)
    await log.redeliver(user, claimed.id, 1)
    const events = d1EventLog(db)
    await events.list(user, { before: 5, limit: 5 })
    await events.since(user, 1, 5)
    await events.forget(0)
    await d1KeyExpiryNotices(db, quietOutbox(db)).announce(1, 2)
    await endpoints.remove(actor, id, 1)
    await expectIndexed(statements)
  })

  it('find what is told at the end of a job', async () => {
    const { db, statements } = recordingDb()
    const userId = parseUserId((await makeVideo()).userId) as UserId
    const jobId = parseEngineId('job_1') as EngineId
    const store = d1EngineCallbacks(db, quietOutbox(db))
    const secret = formatWebhookSecret(new Uint8Array(32))
    const [id, tokenHash] = [crypto.randomUUID(), crypto.randomUUID()]
    await store.keep({ id, tokenHash, userId, jobId, url: 'https://a.dev/', secret, createdAtMs: 5 })
    await store.find(tokenHash)
    await store.takeUntold(1, 10, 5, 10)
    await store.tell({ id, userId, jobId }, readJobSnapshot({ status: 'completed' }), 11)
    await store.forget(0)
    await d1WebhookSecrets(db).rotateDefault(userId, { secret, graceEndsMs: 2, nowMs: 1 })
    await expectIndexed(statements)
  })

  it('find who is watching, without looking at what was watched before', async () => {
    const { db, statements } = recordingDb()
    const { userId, jobId } = await makeVideo()
    const store = d1Plays(db)
    const page = { jobId: undefined, viewers: undefined, seenSinceMs: 1, nowMs: 2, after: undefined, limit: 10 }
    await store.listLive(userId, page)
    await store.listLive(userId, { ...page, jobId, viewers: ['a'], after: { at: 5, sid: 'b' } })
    await store.removeBefore(1, 10)
    const history = d1PlayHistory(db)
    const key = { hour: 1, jobId, country: undefined, device: 'tv', player: 'other' }
    const after = { at: 5, sid: 'b' }
    await history.readHours(userId, { hours: { from: 0, to: 9 }, jobId, after: key, limit: 10 })
    await history.readPlays(userId, { fromMs: 0, toMs: 9, jobId, after, limit: 10 })
    await history.newestPlays(userId, { before: after, limit: 10 })
    await history.projectsOf(userId, [jobId])
    await history.liveViewers(userId, { ...page, jobId, limit: 10 })
    const rollup = d1PlayRollup(db)
    await rollup.playsOf(1, { after, limit: 10 })
    const empty = {
      sums: [{ ownerId: userId, ...key, sums: newSums() }],
      heat: [{ ownerId: userId, jobId, heat: newHeatSums() }],
    }
    await rollup.finish(1, empty)
    expect(statements.size).toBe(13)
    await expectIndexed(statements)
  })

  it('turn a page of a list by both columns of the position', async () => {
    const { db, statements } = recordingDb()
    const userId = parseUserId((await makeVideo()).userId) as UserId
    const after = { value: 5, jobId: crypto.randomUUID() }
    const page = {
      status: undefined,
      text: undefined,
      sort: '-created_at',
      after,
      limit: 10,
      projectId: undefined,
    } as const
    await d1VideoStore(db, quietOutbox(db)).list(userId, page)
    const [sql = ''] = statements
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(userId, after.value, after.jobId, 10)
      .all<{ detail: string }>()
    expect(plan.results.map(({ detail }) => detail)).toEqual([
      'SEARCH videos USING INDEX videos_by_user (user_id=? AND (created_at,job_id)<(?,?))',
    ])
  })
})
