// The audit trail. Append-only: triggers in the migration refuse DELETE, and UPDATE but for a hash that is not there yet.
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

export const auditEvents = sqliteTable(
  'audit_events',
  {
    /** Without gaps: a missing number is a removed row. */
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    id: text('id').notNull(),
    /** Whose things were changed. */
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    /** Epoch milliseconds. */
    at: integer('at').notNull(),
    actorType: text('actor_type', { enum: ['user', 'api_key', 'operator', 'webhook', 'system'] }).notNull(),
    actorId: text('actor_id'),
    action: text('action').notNull(),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    /** Truncated: a /24 or /48. */
    ip: text('ip'),
    /** A family, such as `curl`. */
    userAgent: text('user_agent'),
    requestId: text('request_id'),
    /** JSON. */
    before: text('before'),
    after: text('after'),
    /** Hex of SHA-256 over the hash before and this row, a chain for each workspace; null for a few minutes at most. */
    hash: text('hash'),
  },
  (table) => [
    uniqueIndex('audit_events_by_id').on(table.id),
    index('audit_events_by_user').on(table.userId, table.sequence),
    index('audit_events_unsealed')
      .on(table.userId, table.sequence)
      .where(sql`hash IS NULL`),
  ],
)
