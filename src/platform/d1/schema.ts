// The D1 tables. Rows never leave platform/: each store maps them to plain values.
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

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
    playback: text('playback', { enum: ['on', 'private', 'off'] })
      .notNull()
      .default('on'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('videos_storage_path').on(table.storagePath),
    index('videos_by_user').on(table.userId, table.createdAt, table.jobId),
    index('videos_by_user_and_status').on(table.userId, table.status, table.createdAt, table.jobId),
    index('videos_by_user_and_name').on(table.userId, sql`${table.name} COLLATE NOCASE`, table.jobId),
    index('videos_by_user_and_duration').on(
      table.userId,
      sql`CASE WHEN ${table.durationSeconds} IS NULL THEN 0 ELSE ${table.durationSeconds} END`,
      table.jobId,
    ),
  ],
)

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
    createdAt: integer('created_at').notNull(),
    rotatedAt: integer('rotated_at'),
    /** Deleted keys stay: their audit trail refers to them, and their hash must not come back by an import. */
    deletedAt: integer('deleted_at'),
  },
  (table) => [
    uniqueIndex('api_keys_key_hash').on(table.keyHash),
    index('api_keys_by_user').on(table.userId, table.createdAt),
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
      enum: ['created', 'imported', 'renamed', 'activated', 'deactivated', 'rotated', 'deleted'],
    }).notNull(),
    actorType: text('actor_type', { enum: ['clerk', 'api_key', 'operator', 'webhook'] }).notNull(),
    /** A Clerk user id or a key id; null for an operator and for a webhook. */
    actorId: text('actor_id'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('key_events_by_key').on(table.keyId, table.id)],
)

/** Webhooks that were dealt with, kept for longer than anybody repeats them. */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    id: text('id').primaryKey(),
    receivedAt: integer('received_at').notNull(),
  },
  (table) => [index('webhook_deliveries_by_time').on(table.receivedAt)],
)

export const sharedReports = sqliteTable(
  'shared_reports',
  {
    id: text('id').primaryKey(),
    // No cascade: a migration that rebuilds `videos` would drop its rows, and every shared report with them.
    videoId: text('video_id')
      .notNull()
      .references(() => videos.jobId),
    shareHash: text('share_hash').notNull(),
    expiresAt: integer('expires_at'),
    viewCount: integer('view_count').notNull().default(0),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('shared_reports_share_hash').on(table.shareHash),
    index('shared_reports_by_video').on(table.videoId, table.createdAt, table.id),
  ],
)

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

/** Videos that were uploaded to the engine through the gate, or imported. */
export const engineVideos = sqliteTable('engine_videos', {
  /** The id in the one spelling that ownership is decided by. */
  ownershipKey: text('ownership_key').primaryKey(),
  videoId: text('video_id').notNull(),
  userId: text('user_id')
    .notNull()
    .references(() => users.id),
  createdAt: integer('created_at').notNull(),
})

/** The engine's jobs, with what was last seen of each. */
export const engineJobs = sqliteTable(
  'engine_jobs',
  {
    jobId: text('job_id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: integer('created_at').notNull(),
    videoId: text('video_id'),
    status: text('status'),
    progressPercent: real('progress_percent'),
    currentStage: text('current_stage'),
    /** The engine's own times, as it wrote them. */
    startedAt: text('started_at'),
    movedAt: text('moved_at'),
    isGone: integer('is_gone', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('engine_jobs_by_user')
      .on(table.userId, table.createdAt, table.jobId)
      .where(sql`is_gone = 0`),
  ],
)
