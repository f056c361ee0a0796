// Who owns what of the engine's, in D1. D1 is the arbiter when two claim the same.
import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { JobSnapshot } from '../../core/engine/envelope.ts'
import { ownershipKey, parseEngineId, type EngineId } from '../../core/engine/ids.ts'
import type { EngineOwners, OwnedJob } from '../../domain/engine/owners.ts'
import { toUserId } from '../stored-values.ts'
import { query } from './query.ts'
import { engineJobs, engineVideos } from './schema/engine.ts'

export function d1EngineOwners(db: DrizzleD1Database): EngineOwners {
  return {
    async findVideoOwners(videoIds) {
      const rows = await query(() =>
        db
          .select({ userId: engineVideos.userId })
          .from(engineVideos)
          .where(inArray(engineVideos.ownershipKey, videoIds.map(ownershipKey))),
      )
      return rows.map((row) => toUserId(row.userId))
    },
    async claimVideo(videoId, userId, nowMs) {
      const [row] = await query(() =>
        db
          .insert(engineVideos)
          .values({ ownershipKey: ownershipKey(videoId), videoId, userId, createdAt: nowMs })
          // Changes nothing: only so that the row, old or new, comes back from the one statement.
          .onConflictDoUpdate({ target: engineVideos.ownershipKey, set: { videoId: engineVideos.videoId } })
          .returning({ userId: engineVideos.userId }),
      )
      return toUserId(row?.userId)
    },
    async findJob(jobId) {
      const [row] = await query(() => db.select().from(engineJobs).where(eq(engineJobs.jobId, jobId)).limit(1))
      return row && toJob(row)
    },
    async claimJob(jobId, userId, snapshot, nowMs) {
      const columns = { userId, ...toColumns(snapshot), isGone: false }
      const isFree = or(eq(engineJobs.userId, userId), eq(engineJobs.isGone, true))
      const claim = db
        .insert(engineJobs)
        .values({ jobId, createdAt: nowMs, ...columns })
        .onConflictDoUpdate({ target: engineJobs.jobId, set: columns, ...(isFree && { setWhere: isFree }) })
      const owner = db.select({ userId: engineJobs.userId }).from(engineJobs).where(eq(engineJobs.jobId, jobId))
      const [, [row]] = await query(() => db.batch([claim, owner]))
      return toUserId(row?.userId)
    },
    async saveSnapshot(jobId, snapshot) {
      const change = snapshot === 'gone' ? { isGone: true } : { ...changesOf(snapshot), isGone: false }
      await query(() => db.update(engineJobs).set(change).where(eq(engineJobs.jobId, jobId)))
    },
    async listJobs(userId, page, pageSize) {
      const isListed = and(eq(engineJobs.userId, userId), sql`${engineJobs.isGone} = 0`)
      const rows = newestJobs(db, userId)
        .limit(pageSize)
        .offset((page - 1) * pageSize)
      const count = db
        .select({ total: sql<number>`count(*)` })
        .from(engineJobs)
        .where(isListed)
      const [jobs, [counted]] = await query(() => db.batch([rows, count]))
      return { jobs: jobs.map(toJob), total: counted?.total ?? 0 }
    },
  }
}

/** A user's that are not gone, newest first. */
export function newestJobs(db: DrizzleD1Database, userId: string) {
  return db
    .select()
    .from(engineJobs)
    .where(and(eq(engineJobs.userId, userId), sql`${engineJobs.isGone} = 0`))
    .orderBy(desc(engineJobs.createdAt), desc(engineJobs.jobId))
    .$dynamic()
}

type JobRow = typeof engineJobs.$inferSelect

/** An answer that leaves out what never changes does not take it away. */
export function changesOf(snapshot: JobSnapshot): Partial<JobRow> {
  const { videoId, startedAt, ...moving } = toColumns(snapshot)
  return { ...moving, ...(videoId !== null && { videoId }), ...(startedAt !== null && { startedAt }) }
}

/** What is not there is null in the row too: a stage that has ended must not stay. */
function toColumns(snapshot: JobSnapshot): Omit<JobRow, 'jobId' | 'userId' | 'createdAt' | 'isGone'> {
  return {
    videoId: snapshot.videoId ?? null,
    status: snapshot.status ?? null,
    progressPercent: snapshot.progressPercent ?? null,
    currentStage: snapshot.currentStage ?? null,
    startedAt: snapshot.createdAt ?? null,
    movedAt: snapshot.updatedAt ?? null,
  }
}

export function toJob(row: JobRow): OwnedJob {
  return {
    jobId: toEngineId(row.jobId),
    userId: toUserId(row.userId),
    snapshot: {
      videoId: parseEngineId(row.videoId),
      status: row.status ?? undefined,
      progressPercent: row.progressPercent ?? undefined,
      currentStage: row.currentStage ?? undefined,
      createdAt: row.startedAt ?? undefined,
      updatedAt: row.movedAt ?? undefined,
    },
    createdAtMs: row.createdAt,
    isGone: row.isGone,
  }
}

function toEngineId(text: string): EngineId {
  const id = parseEngineId(text)
  if (id === undefined) throw new TypeError('a stored job id is not a valid id')
  return id
}
