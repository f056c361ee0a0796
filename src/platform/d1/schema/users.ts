// Users and organisations: whoever owns something. Times are epoch milliseconds.
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

export const users = sqliteTable(
  'users',
  {
    id: text('id').primaryKey(),
    /** `user_…`, or `org_…` of an organisation; null for a user who never came through Clerk. */
    clerkUserId: text('clerk_user_id'),
    /** Of an organisation. */
    name: text('name'),
    /** Of a person whom Clerk lets in no more: banned or locked. */
    suspendedUntil: integer('suspended_until'),
    /** Of Clerk's word about that: an older one changes nothing. */
    suspensionSaidAt: integer('suspension_said_at'),
    createdAt: integer('created_at').notNull(),
    deletedAt: integer('deleted_at'),
  },
  (table) => [uniqueIndex('users_clerk_user_id').on(table.clerkUserId)],
)
