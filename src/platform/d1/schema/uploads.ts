// Multipart uploads and their parts. Times are epoch milliseconds.
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

/** Uploads in parts that are open: begun, and neither complete nor aborted. */
export const uploads = sqliteTable(
  'uploads',
  {
    /** The bucket's own. */
    uploadId: text('upload_id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    key: text('key').notNull(),
    fileSize: integer('file_size').notNull(),
    partSize: integer('part_size').notNull(),
    partCount: integer('part_count').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    index('uploads_by_user').on(table.userId, table.createdAt, table.uploadId),
    index('uploads_by_expiry').on(table.expiresAt),
  ],
)

/** Parts that this Worker took; those that an S3 endpoint took are known there. */
export const uploadParts = sqliteTable(
  'upload_parts',
  {
    uploadId: text('upload_id').notNull(),
    partNumber: integer('part_number').notNull(),
    size: integer('size').notNull(),
    etag: text('etag').notNull(),
  },
  (table) => [primaryKey({ columns: [table.uploadId, table.partNumber] })],
)
