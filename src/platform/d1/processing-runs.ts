// Runs of the engine over videos in D1. What changes a run changes its video's status and tells of it in one batch.
import { and, asc, desc, eq, inArray, lt, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { EventType } from '../../core/events/event-type.ts'
import { parseEngineId } from '../../core/engine/ids.ts'
import { isRecord, parseJson } from '../../core/json.ts'
import type { Run, RunStatus, RunStore } from '../../domain/processing/store.ts'
import { toUserId } from '../stored-values.ts'
import { runData } from './event-data.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { processingRuns as runs } from './schema/processing.ts'
import { videos } from './schema/videos.ts'
import { selectRow } from './select-row.ts'

const MOVING = ['queued', 'processing'] as const satisfies readonly RunStatus[]
const STARTABLE = ['uploaded', 'failed', 'completed'] as const
const ENDED = { completed: 'completed', failed: 'failed', cancelled: 'uploaded' } as const

export function d1RunStore(db: DrizzleD1Database, outbox: Outbox): RunStore {
  const tell = (
    type: EventType,
    run: Pick<Run, 'id' | 'jobId' | 'userId'>,
    isDue: SQL | undefined,
    data: SQL,
    nowMs: number,
  ) =>
    outbox.write({ type, userId: run.userId, resource: run.jobId, data, when: sql`FROM ${runs} WHERE ${isDue}`, nowMs })
  const isMoving = (id: string) => and(eq(runs.id, id), inArray(runs.status, MOVING))
  const isMovingVideo = ({ id, jobId }: Pick<Run, 'id' | 'jobId'>) =>
    sql`${videos.jobId} = ${jobId} AND ${videos.status} IN ('queued', 'processing')
      AND EXISTS (SELECT 1 FROM ${runs} WHERE ${isMoving(id)})`

  return {
    async start({ id, jobId, userId, attempt, insights, engineMinutes, quota, nowMs }) {
      const isStartable = sql`${videos.jobId} = ${jobId} AND ${videos.userId} = ${userId}
        AND ${inArray(videos.status, STARTABLE)}`
      const used = sql`(SELECT COALESCE(SUM(used.engine_minutes), 0) FROM ${runs} AS used
        WHERE used.user_id = ${userId} AND used.created_at >= ${quota?.sinceMs ?? 0}
          AND used.status NOT IN ('failed', 'cancelled'))`
      const isInQuota = quota === undefined ? sql`1` : sql`${used} + ${engineMinutes} <= ${quota.minutes}`
      const row = selectRow(runs, {
        id,
        jobId,
        userId,
        attempt,
        status: 'queued',
        insights: insights === undefined ? null : JSON.stringify(insights),
        engineMinutes,
        // The engine still has the film from the attempt before, if that is the same version.
        sourceVersion: sql`(SELECT earlier.source_version FROM ${runs} AS earlier
          WHERE earlier.job_id = ${jobId} AND earlier.attempt = ${attempt - 1})`,
        engineVideoId: sql`(SELECT earlier.engine_video_id FROM ${runs} AS earlier
          WHERE earlier.job_id = ${jobId} AND earlier.attempt = ${attempt - 1})`,
        hasAskedForJob: false,
        engineJobId: null,
        progressPercent: null,
        currentStage: null,
        error: null,
        createdAt: nowMs,
        startedAt: null,
        endedAt: null,
        movedAt: nowMs,
      })
      const isMade = sql`${runs.id} = ${id} AND ${runs.createdAt} = ${nowMs}
        AND EXISTS (SELECT 1 FROM ${videos} WHERE ${isStartable})`
      const told = tell('processing.queued', { id, jobId, userId }, isMade, runData({}), nowMs)
      const [before, made, , , deliveries] = await query(() =>
        db.batch([
          db.select({ status: videos.status }).from(videos).where(isStartable),
          db
            .insert(runs)
            .select(sql`SELECT ${row} FROM ${videos} WHERE ${isStartable} AND ${isInQuota}`)
            .onConflictDoNothing()
            .returning({ id: runs.id }),
          told.event,
          db
            .update(videos)
            .set({ status: 'queued', updatedAt: nowMs })
            .where(sql`${isStartable} AND EXISTS (SELECT 1 FROM ${runs} WHERE ${runs.id} = ${id})`),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      if (made.length > 0) return 'started'
      return before.length > 0 ? 'over_quota' : 'busy'
    },

    async latest(jobId) {
      const [row] = await query(() =>
        db.select().from(runs).where(eq(runs.jobId, jobId)).orderBy(desc(runs.attempt)).limit(1),
      )
      return row && toRun(row)
    },

    async find(id) {
      const [row] = await query(() => db.select().from(runs).where(eq(runs.id, id)).limit(1))
      return row && toRun(row)
    },

    async begin(run, limit, nowMs) {
      const { id, userId, jobId, createdAtMs } = run
      const isTurn = sql`${runs.id} = ${id} AND ${runs.status} = 'queued'
        AND (SELECT COUNT(*) FROM ${runs} AS other WHERE other.user_id = ${userId} AND other.status = 'processing') < ${limit}
        AND NOT EXISTS (SELECT 1 FROM ${runs} AS other WHERE other.user_id = ${userId} AND other.status = 'queued'
          AND (other.created_at < ${createdAtMs} OR (other.created_at = ${createdAtMs} AND other.id < ${id})))`
      const told = tell('processing.started', run, isTurn, runData({ status: 'processing' }), nowMs)
      const [, rows, , deliveries] = await query(() =>
        db.batch([
          told.event,
          db
            .update(runs)
            .set({ status: 'processing', startedAt: nowMs, movedAt: nowMs })
            .where(isTurn)
            .returning({ id: runs.id }),
          db
            .update(videos)
            .set({ status: 'processing', updatedAt: nowMs })
            .where(
              sql`${videos.jobId} = ${jobId} AND ${videos.status} = 'queued'
                AND EXISTS (SELECT 1 FROM ${runs} WHERE ${runs.id} = ${id} AND ${runs.status} = 'processing')`,
            ),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return rows.length > 0
    },

    async note(id, progress, nowMs) {
      await query(() =>
        db
          .update(runs)
          .set({ ...progress, movedAt: nowMs })
          .where(isMoving(id)),
      )
    },

    async end(run, { status, error }, nowMs) {
      const told = tell(`processing.${status}`, run, isMoving(run.id), runData({ status, error: error ?? null }), nowMs)
      const [, , rows, deliveries] = await query(() =>
        db.batch([
          told.event,
          db.update(videos).set({ status: ENDED[status], updatedAt: nowMs }).where(isMovingVideo(run)),
          db
            .update(runs)
            .set({ status, error: error ?? null, endedAt: nowMs, movedAt: nowMs })
            .where(isMoving(run.id))
            .returning({ id: runs.id }),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return rows.length > 0
    },

    async standing(sinceMs, limit) {
      const rows = await query(() =>
        db
          .select({ id: runs.id })
          .from(runs)
          // As the index is written: a bound list would not be known to be its condition.
          .where(and(sql`${runs.status} IN ('queued', 'processing')`, lt(runs.movedAt, sinceMs)))
          .orderBy(asc(runs.movedAt))
          .limit(limit),
      )
      return rows.map(({ id }) => id)
    },
  }
}

function toRun(row: typeof runs.$inferSelect): Run {
  const insights = row.insights === null ? undefined : parseJson(`{"names":${row.insights}}`)
  const names: readonly unknown[] = isRecord(insights) && Array.isArray(insights['names']) ? insights['names'] : []
  return {
    id: row.id,
    jobId: row.jobId,
    userId: toUserId(row.userId),
    attempt: row.attempt,
    status: row.status,
    insights: insights === undefined ? undefined : names.filter((name) => typeof name === 'string'),
    sourceVersion: row.sourceVersion ?? undefined,
    engineVideoId: parseEngineId(row.engineVideoId),
    hasAskedForJob: row.hasAskedForJob,
    engineJobId: parseEngineId(row.engineJobId),
    progressPercent: row.progressPercent ?? undefined,
    currentStage: row.currentStage ?? undefined,
    error: row.error ?? undefined,
    createdAtMs: row.createdAt,
    startedAtMs: row.startedAt ?? undefined,
    endedAtMs: row.endedAt ?? undefined,
    movedAtMs: row.movedAt,
  }
}
