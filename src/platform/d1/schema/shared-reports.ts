// Shared reports: who may read the report of a video without being its owner. Times are epoch milliseconds.
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { videos } from './videos.ts'

export const sharedReports = sqliteTable(
  'shared_reports',
  {
    id: text('id').primaryKey(),
    // No cascade: a migration that rebuilds `videos` would drop its rows, and every shared report with them.
    videoId: text('video_id')
      .notNull()
      .references(() => videos.jobId),
    /** Of the video: lists across videos go by it. A trigger writes it where an older version of the service did not. */
    userId: text('user_id'),
    shareHash: text('share_hash').notNull(),
    expiresAt: integer('expires_at'),
    viewCount: integer('view_count').notNull().default(0),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('shared_reports_share_hash').on(table.shareHash),
    index('shared_reports_by_video').on(table.videoId, table.createdAt, table.id),
    index('shared_reports_by_user').on(table.userId, table.createdAt, table.id),
  ],
)
