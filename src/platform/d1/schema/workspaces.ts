// Who is a member of an organisation, and who made which file in it. Times are epoch milliseconds.
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

/** Those who left stay, with the time: a session from before it opens nothing. */
export const workspaceMembers = sqliteTable(
  'workspace_members',
  {
    /** The organisation's row in `users`. */
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => users.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    /** As Clerk has it, without `org:`. */
    role: text('role').notNull(),
    joinedAt: integer('joined_at').notNull(),
    endedAt: integer('ended_at'),
    /** Of Clerk's word that the row rests on: an older word changes nothing. */
    saidAt: integer('said_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.userId] }),
    index('workspace_members_by_user').on(table.userId),
  ],
)

/** In organisations only. */
export const fileMakers = sqliteTable(
  'file_makers',
  {
    workspaceId: text('workspace_id').notNull(),
    /** A job's id for all that is stored of it by its path, else the object's key. */
    thing: text('thing').notNull(),
    /** Empty: the workspace itself, by a key of an operator's. */
    memberId: text('member_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.thing] })],
)
