// Runs of the engine over videos, one row an attempt. Times are epoch milliseconds.
import { sql } from 'drizzle-orm'
import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

export const processingRuns = sqliteTable(
  'processing_runs',
  {
    /** Of the video and the attempt, and the Workflow instance's: two starts are one. */
    id: text('id').primaryKey(),
    // No reference: what was used stays when the film goes.
    jobId: text('job_id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    attempt: integer('attempt').notNull(),
    status: text('status', { enum: ['queued', 'processing', 'completed', 'failed', 'cancelled'] }).notNull(),
    /** JSON: names of insights; null for all. */
    insights: text('insights'),
    /** Reserved at the start; they count unless the run failed or was cancelled. */
    engineMinutes: real('engine_minutes').notNull(),
    /** The object's version that the engine has, and what the engine calls it. */
    sourceVersion: text('source_version'),
    engineVideoId: text('engine_video_id'),
    /** Set before the engine is asked: from then on there may be a job whose answer was lost. */
    hasAskedForJob: integer('has_asked_for_job', { mode: 'boolean' }).notNull().default(false),
    engineJobId: text('engine_job_id'),
    progressPercent: real('progress_percent'),
    currentStage: text('current_stage'),
    error: text('error'),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    /** When a step last did something, or the engine last answered. */
    movedAt: integer('moved_at').notNull(),
  },
  (table) => [
    uniqueIndex('processing_runs_by_video').on(table.jobId, table.attempt),
    index('processing_runs_by_user').on(table.userId, table.createdAt),
    index('processing_runs_by_turn').on(table.userId, table.status, table.createdAt, table.id),
    index('processing_runs_moving')
      .on(table.movedAt)
      .where(sql`status IN ('queued', 'processing')`),
  ],
)
