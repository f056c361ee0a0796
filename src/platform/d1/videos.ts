// Videos in D1, for their owners. A change is one batch, which D1 runs as one transaction: the statement that changes
// holds its own conditions, and another one says why it changed nothing.
import { and, eq, inArray, or, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { statusesBefore } from '../../core/videos/status.ts'
import type { Principal } from '../../core/auth/principal.ts'
import type { PlaybackMode } from '../../core/playback-mode.ts'
import type { VideoStore } from '../../domain/videos/store.ts'
import { toObjectKey } from '../stored-values.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { videoAudit } from './audit-data.ts'
import { storedPlayback } from './playback-mode.ts'
import { videoTeller } from './video-events.ts'
import { pageOf } from './video-order.ts'
import { isDeletable, notDeletable, notDeletableOf, notOwnOf } from './video-owners.ts'
import { isOneOf, notOwn, toVideo, VIDEO_COLUMNS } from './video-rows.ts'
import { events } from './schema/events.ts'
import { projects } from './schema/projects.ts'
import { sharedReports } from './schema/shared-reports.ts'
import { videos } from './schema/videos.ts'

export function d1VideoStore(db: DrizzleD1Database, outbox: Outbox): VideoStore {
  const owner = (jobId: string) =>
    db.select({ userId: videos.userId, madeBy: videos.madeBy }).from(videos).where(eq(videos.jobId, jobId))
  const ownersOf = (jobIds: readonly string[]) =>
    db.select({ jobId: videos.jobId, userId: videos.userId, madeBy: videos.madeBy }).from(videos).where(isOneOf(jobIds))
  const isOwn = (userId: string, jobId: string) => and(eq(videos.jobId, jobId), eq(videos.userId, userId))
  const dropReports = (jobId: string, isAllowed: SQL | undefined) =>
    db
      .delete(sharedReports)
      .where(and(eq(sharedReports.videoId, jobId), sql`EXISTS (SELECT 1 FROM ${videos} WHERE ${isAllowed})`))

  const tell = videoTeller(outbox)
  const target = { type: 'video', id: sql`${videos.jobId}` }
  /** Only where who may watch really changes. */
  const recordPlayback = (
    actor: Principal,
    condition: SQL | undefined,
    playback: PlaybackMode | undefined,
    nowMs: number,
  ) => {
    const mode = playback && storedPlayback(playback)
    const when = sql`FROM ${videos} WHERE ${and(condition, sql`${videos.playback} <> ${mode ?? videos.playback}`)}`
    const states = { before: videoAudit(), after: videoAudit(mode) }
    return outbox.record({ action: 'video.playback_changed', actor, target, ...states, when, nowMs })
  }
  const recordDeletion = (actor: Principal, condition: SQL | undefined, nowMs: number) =>
    outbox.record({
      action: 'video.deleted',
      actor,
      target,
      before: videoAudit(),
      when: sql`FROM ${videos} WHERE ${condition}`,
      nowMs,
    })
  const ownProject = (userId: string, id: string) =>
    sql<string>`(SELECT ${projects.id} FROM ${projects} WHERE ${projects.id} = ${id} AND ${projects.userId} = ${userId})`

  return {
    async register({ createdAtMs, fileSizeBytes, durationSeconds, playback, projectId, ...video }) {
      const { jobId, userId, storagePath } = video
      // A repeated request of the same millisecond makes nothing, and tells nothing.
      const isNew = sql`${isOwn(userId, jobId)} AND ${videos.createdAt} = ${createdAtMs} AND NOT EXISTS (SELECT 1
        FROM ${events} WHERE resource = ${jobId} AND type = 'video.registered' AND created_at = ${createdAtMs})`
      const told = tell('video.registered', userId, isNew, createdAtMs)
      const [made, taken, , deliveries] = await query(() =>
        db.batch([
          db
            .insert(videos)
            .values({
              ...video,
              status: 'uploaded',
              durationSeconds: durationSeconds ?? null,
              fileSize: fileSizeBytes,
              playback: storedPlayback(playback),
              projectId: projectId === undefined ? null : ownProject(userId, projectId),
              createdAt: createdAtMs,
              updatedAt: createdAtMs,
            })
            .onConflictDoNothing()
            .returning({ jobId: videos.jobId }),
          db
            .select({ jobId: videos.jobId, userId: videos.userId, storagePath: videos.storagePath })
            .from(videos)
            .where(or(eq(videos.jobId, jobId), eq(videos.storagePath, storagePath))),
          told.event,
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      if (made.length > 0) return { jobId, isNew: true }
      const known = taken.find((row) => row.storagePath === storagePath) ?? taken[0]
      if (known === undefined) throw new TypeError('an insert conflicts only with a row that is there')
      return taken.some((row) => row.userId !== userId) ? 'foreign' : { jobId: known.jobId, isNew: false }
    },

    async list(userId, page) {
      const { where, order } = pageOf(userId, page)
      const rows = await query(() =>
        db
          .select(VIDEO_COLUMNS)
          .from(videos)
          .where(where)
          .orderBy(...order)
          .limit(page.limit),
      )
      return rows.map(toVideo)
    },

    async find(jobId) {
      const [row] = await query(() => db.select(VIDEO_COLUMNS).from(videos).where(eq(videos.jobId, jobId)).limit(1))
      return row && toVideo(row)
    },

    async change(actor, jobId, change, nowMs) {
      const { userId } = actor
      const { name, description, status, durationSeconds, playback, projectId } = change
      const isProjectOwn = typeof projectId === 'string' ? sql`${ownProject(userId, projectId)} IS NOT NULL` : undefined
      const isStep = status && inArray(videos.status, statusesBefore(status))
      const isAllowed = and(isOwn(userId, jobId), isStep, isProjectOwn)
      const told = tell('video.updated', userId, isAllowed, nowMs, change)
      const [, , rows, owners, projectOwners, deliveries] = await query(() =>
        db.batch([
          told.event,
          recordPlayback(actor, isAllowed, playback, nowMs),
          db
            .update(videos)
            .set({
              ...(name === undefined ? {} : { name }),
              ...(description === undefined ? {} : { description }),
              ...(status === undefined ? {} : { status }),
              ...(durationSeconds === undefined ? {} : { durationSeconds }),
              ...(playback === undefined ? {} : { playback: storedPlayback(playback) }),
              ...(projectId === undefined ? {} : { projectId }),
              updatedAt: nowMs,
            })
            .where(isAllowed)
            .returning(VIDEO_COLUMNS),
          owner(jobId),
          db
            .select({ userId: projects.userId })
            .from(projects)
            .where(eq(projects.id, projectId ?? '')),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      const [row] = rows
      if (row !== undefined) return toVideo(row)
      const reason = notOwn(userId, owners)
      if (reason !== undefined || typeof projectId !== 'string') return reason ?? 'refused'
      const projectReason = notOwn(userId, projectOwners)
      return projectReason === undefined ? 'refused' : `${projectReason}_project`
    },

    async close(actor, jobId, nowMs) {
      const isAllowed = and(eq(videos.jobId, jobId), isDeletable(actor))
      const [, , rows, owners] = await query(() =>
        db.batch([
          recordPlayback(actor, isAllowed, 'off', nowMs),
          dropReports(jobId, isAllowed),
          db
            .update(videos)
            .set({ playback: 'off', updatedAt: nowMs })
            .where(isAllowed)
            .returning({ storagePath: videos.storagePath }),
          owner(jobId),
        ]),
      )
      const [row] = rows
      return row === undefined
        ? (notDeletable(actor, owners[0]) ?? 'missing')
        : { storagePath: toObjectKey(row.storagePath) }
    },

    async remove(actor, jobId, nowMs) {
      const isAllowed = and(eq(videos.jobId, jobId), isDeletable(actor))
      const told = tell('video.deleted', actor.userId, isAllowed, nowMs)
      const [, , , rows, owners, deliveries] = await query(() =>
        db.batch([
          told.event,
          recordDeletion(actor, isAllowed, nowMs),
          dropReports(jobId, isAllowed),
          db.delete(videos).where(isAllowed).returning({ jobId: videos.jobId }),
          owner(jobId),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return rows.length > 0 ? 'removed' : (notDeletable(actor, owners[0]) ?? 'missing')
    },

    async setPlayback(actor, jobIds, playback, nowMs) {
      const { userId } = actor
      const isAllowed = and(isOneOf(jobIds), eq(videos.userId, userId))
      const told = tell('video.updated', userId, isAllowed, nowMs, { playback })
      const [, , owners, , deliveries] = await query(() =>
        db.batch([
          told.event,
          recordPlayback(actor, isAllowed, playback, nowMs),
          ownersOf(jobIds),
          db
            .update(videos)
            .set({ playback: storedPlayback(playback), updatedAt: nowMs })
            .where(isAllowed),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return notOwnOf(userId, jobIds, owners)
    },

    async removeMany(actor, jobIds, nowMs) {
      const isAllowed = and(isOneOf(jobIds), isDeletable(actor))
      const own = sql`SELECT job_id FROM ${videos} WHERE ${isAllowed}`
      const told = tell('video.deleted', actor.userId, isAllowed, nowMs)
      const [, , owners, , , deliveries] = await query(() =>
        db.batch([
          told.event,
          recordDeletion(actor, isAllowed, nowMs),
          ownersOf(jobIds),
          db.delete(sharedReports).where(sql`${sharedReports.videoId} IN (${own})`),
          db.delete(videos).where(isAllowed),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return notDeletableOf(actor, jobIds, owners)
    },

    async replaceSource(userId, jobId, { storagePath, fileSizeBytes, durationSeconds }, nowMs) {
      const isFree = sql`NOT EXISTS (SELECT 1 FROM ${videos} AS other
        WHERE other.storage_path = ${storagePath} AND other.job_id <> ${jobId})`
      const isAllowed = and(isOwn(userId, jobId), isFree)
      const source = { fileSizeBytes, durationSeconds: durationSeconds ?? null }
      const told = tell('video.updated', userId, isAllowed, nowMs, source)
      const [, rows, owners, deliveries] = await query(() =>
        db.batch([
          told.event,
          db
            .update(videos)
            .set({
              storagePath,
              fileSize: fileSizeBytes,
              durationSeconds: durationSeconds ?? null,
              updatedAt: nowMs,
            })
            .where(isAllowed)
            .returning(VIDEO_COLUMNS),
          owner(jobId),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      const [row] = rows
      return row === undefined ? (notOwn(userId, owners) ?? 'taken') : toVideo(row)
    },
  }
}
