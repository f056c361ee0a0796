// Plays: what was watched, a row for each viewing. Times are epoch milliseconds.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

/** Written by the queue's consumer only, at most once a minute and isolate; kept for 90 days. */
export const plays = sqliteTable(
  'plays',
  {
    /** Of the session: 16 hex digits. */
    sid: text('sid').primaryKey(),
    /** The owner of the film. */
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    // No reference: what was watched stays when the film goes.
    jobId: text('job_id').notNull(),
    /** As the customer's token names the viewer; null when it names none. */
    viewer: text('viewer'),
    /** What sessions carry of the viewer: 16 hex digits, zeros for none. */
    viewerHash: text('viewer_hash').notNull(),
    /** Of the key that signed the token: four hex digits. */
    keyReference: text('key_reference').notNull(),
    begunAt: integer('begun_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    endsAt: integer('ends_at').notNull(),
    country: text('country'),
    player: text('player').notNull(),
    /** Served by the Worker; segments that an S3 endpoint serves are not seen. */
    bytes: integer('bytes').notNull(),
  },
  (table) => [
    index('plays_by_user').on(table.userId, table.lastSeenAt, table.sid),
    index('plays_by_film').on(table.userId, table.jobId, table.lastSeenAt, table.sid),
    index('plays_by_time').on(table.lastSeenAt),
  ],
)
