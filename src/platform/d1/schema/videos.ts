// Videos: one row a film, whatever has been stored of it. Times are epoch milliseconds.
import { sql } from 'drizzle-orm'
import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

export const videos = sqliteTable(
  'videos',
  {
    jobId: text('job_id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    status: text('status', { enum: ['uploaded', 'queued', 'processing', 'completed', 'failed'] }).notNull(),
    durationSeconds: real('duration_seconds'),
    fileSize: integer('file_size'),
    storagePath: text('storage_path').notNull(),
    playback: text('playback', { enum: ['on', 'private', 'off'] })
      .notNull()
      .default('on'),
    /** A project of its owner; null when it is in none. Which one, the statements that write it see to. */
    projectId: text('project_id'),
    /** The person who made it in an organisation; null: the owner themselves. */
    madeBy: text('made_by'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('videos_storage_path').on(table.storagePath),
    index('videos_by_user').on(table.userId, table.createdAt, table.jobId),
    index('videos_by_user_and_status').on(table.userId, table.status, table.createdAt, table.jobId),
    index('videos_by_user_and_project').on(table.userId, table.projectId, table.createdAt, table.jobId),
    index('videos_by_user_and_name').on(table.userId, sql`${table.name} COLLATE NOCASE`, table.jobId),
    index('videos_by_user_and_duration').on(
      table.userId,
      sql`CASE WHEN ${table.durationSeconds} IS NULL THEN 0 ELSE ${table.durationSeconds} END`,
      table.jobId,
    ),
  ],
)
