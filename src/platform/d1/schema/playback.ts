// Private films: signing keys, revocations, and how often a token was used. Times are epoch milliseconds.
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

/** Public keys that sign playback tokens for the films of their owner. */
export const playbackKeys = sqliteTable(
  'playback_keys',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    /** What tokens name it by: its `id`, or the `kid` its JWK came with. */
    kid: text('kid').notNull(),
    /** A JWK (RFC 7517) of the public key alone. */
    publicJwk: text('public_jwk').notNull(),
    /** Four hex digits, in the sessions that its tokens begin; no other key of the owner has ever had it. */
    reference: text('reference').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Deleted keys stay, so that their reference names no other one. */
    deletedAt: integer('deleted_at'),
  },
  (table) => [
    uniqueIndex('playback_keys_by_kid').on(table.userId, table.kid),
    uniqueIndex('playback_keys_by_reference').on(table.userId, table.reference),
  ],
)

/** Viewings that were ended: one row ends any number of them. */
export const playbackRevocations = sqliteTable(
  'playback_revocations',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    kind: text('kind', { enum: ['viewer', 'job', 'key', 'session'] }).notNull(),
    /** A viewer's hash, a job id, a key's reference or a session's id. */
    value: text('value').notNull(),
    /** Epoch seconds: viewings that began then or earlier. */
    begunBefore: integer('begun_before').notNull(),
    createdAt: integer('created_at').notNull(),
    /** When nothing that it ends can still run. */
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    index('playback_revocations_by_time').on(table.createdAt),
    index('playback_revocations_by_expiry').on(table.expiresAt),
    index('playback_revocations_by_user').on(table.userId, table.kind, table.value),
  ],
)

/** How many viewings a token with `uses` has begun. */
export const playbackUses = sqliteTable(
  'playback_uses',
  {
    keyId: text('key_id').notNull(),
    jti: text('jti').notNull(),
    count: integer('count').notNull(),
    /** When the token can begin no viewing any more. */
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.jti] }), index('playback_uses_by_expiry').on(table.expiresAt)],
)
