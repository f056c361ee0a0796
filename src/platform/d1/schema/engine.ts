// What users own on the engine: videos and jobs. Times are epoch milliseconds.
import { sql } from 'drizzle-orm'
import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

/** Videos that were uploaded to the engine through the gate, or imported. */
export const engineVideos = sqliteTable('engine_videos', {
  /** The id in the one spelling that ownership is decided by. */
  ownershipKey: text('ownership_key').primaryKey(),
  videoId: text('video_id').notNull(),
  userId: text('user_id')
    .notNull()
    .references(() => users.id),
  createdAt: integer('created_at').notNull(),
})

/** The engine's jobs, with what was last seen of each. */
export const engineJobs = sqliteTable(
  'engine_jobs',
  {
    jobId: text('job_id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: integer('created_at').notNull(),
    videoId: text('video_id'),
    status: text('status'),
    progressPercent: real('progress_percent'),
    currentStage: text('current_stage'),
    /** The engine's own times, as it wrote them. */
    startedAt: text('started_at'),
    movedAt: text('moved_at'),
    isGone: integer('is_gone', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('engine_jobs_by_user')
      .on(table.userId, table.createdAt, table.jobId)
      .where(sql`is_gone = 0`),
  ],
)

/** What the engine calls at the end of a job, instead of the address that the caller gave; kept for 30 days. */
export const engineCallbacks = sqliteTable(
  'engine_callbacks',
  {
    /** SHA-256 in hex of the secret in the address. */
    tokenHash: text('token_hash').primaryKey(),
    /** Of the row in `webhook_endpoints` that the caller's address is in. */
    endpointId: text('endpoint_id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    jobId: text('job_id').notNull(),
    createdAt: integer('created_at').notNull(),
    /** When the engine was last asked, because it did not call. */
    askedAt: integer('asked_at').notNull(),
    /** When the caller was told; null: the job runs on. */
    toldAt: integer('told_at'),
  },
  (table) => [
    uniqueIndex('engine_callbacks_by_endpoint').on(table.endpointId),
    index('engine_callbacks_untold')
      .on(table.askedAt)
      .where(sql`told_at IS NULL`),
    index('engine_callbacks_by_time').on(table.createdAt),
  ],
)
