// What users own on the engine: videos and jobs. Times are epoch milliseconds.
import { sql } from 'drizzle-orm'
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
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
