// The D1 tables. Rows never leave platform/: each store maps them to plain values.
import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Times are epoch milliseconds. */
export const users = sqliteTable(
  'users',
  {
    id: text('id').primaryKey(),
    clerkUserId: text('clerk_user_id'),
    createdAt: integer('created_at').notNull(),
    deletedAt: integer('deleted_at'),
  },
  (table) => [uniqueIndex('users_clerk_user_id').on(table.clerkUserId)],
)

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
    playback: text('playback', { enum: ['on', 'off'] })
      .notNull()
      .default('on'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('videos_storage_path').on(table.storagePath),
    index('videos_by_user').on(table.userId, table.createdAt, table.jobId),
    index('videos_by_user_and_status').on(table.userId, table.status, table.createdAt, table.jobId),
  ],
)
