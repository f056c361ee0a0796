// API keys and what was done with each of them. Times are epoch milliseconds.
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    keyHash: text('key_hash').notNull(),
    keyPrefix: text('key_prefix').notNull(),
    /** Scopes separated by spaces, `*` for all. */
    scopes: text('scopes').notNull(),
    isActive: integer('is_active', { mode: 'boolean' }).notNull().default(true),
    expiresAt: integer('expires_at'),
    lastUsedAt: integer('last_used_at'),
    /** Truncated: a /24 or /48. */
    lastUsedIp: text('last_used_ip'),
    /** CIDR blocks separated by spaces; null: from anywhere. */
    allowedIps: text('allowed_ips'),
    /** JSON, by name; null: none. */
    limits: text('limits'),
    /** Null for a key of an operator's. */
    createdByType: text('created_by_type', { enum: ['clerk', 'api_key'] }),
    /** A Clerk user id or a key id. */
    createdById: text('created_by_id'),
    /** The person who made it in an organisation, or made the key that made it; null: the owner themselves. */
    memberId: text('member_id').references(() => users.id),
    createdAt: integer('created_at').notNull(),
    rotatedAt: integer('rotated_at'),
    /** Deleted keys stay: their audit trail refers to them, and their hash must not come back by an import. */
    deletedAt: integer('deleted_at'),
  },
  (table) => [
    uniqueIndex('api_keys_key_hash').on(table.keyHash),
    index('api_keys_by_user').on(table.userId, table.createdAt),
    index('api_keys_by_creator').on(table.createdById),
    index('api_keys_by_member').on(table.memberId),
    index('api_keys_by_expiry')
      .on(table.expiresAt)
      .where(sql`deleted_at IS NULL`),
  ],
)

/** Append-only: triggers in the migration refuse UPDATE and DELETE. */
export const keyEvents = sqliteTable(
  'key_events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    keyId: text('key_id')
      .notNull()
      .references(() => apiKeys.id),
    action: text('action', {
      enum: ['created', 'imported', 'renamed', 'addresses_changed', 'activated', 'deactivated', 'rotated', 'deleted'],
    }).notNull(),
    actorType: text('actor_type', { enum: ['clerk', 'api_key', 'operator', 'webhook'] }).notNull(),
    /** A Clerk user id or a key id; null for an operator and for a webhook. */
    actorId: text('actor_id'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('key_events_by_key').on(table.keyId, table.id)],
)
