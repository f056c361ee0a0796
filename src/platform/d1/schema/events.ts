// What happened to what users own, where it is sent, and how that went. Times are epoch milliseconds.
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { users } from './users.ts'

/** Written in the same transaction as the change it tells of; kept for 30 days. */
export const events = sqliteTable(
  'events',
  {
    /** The order in which things happened. */
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    /** `evt_…`, the `webhook-id` of every delivery. */
    id: text('id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    type: text('type').notNull(),
    /** What it happened to: of one resource events arrive in their order. */
    resource: text('resource').notNull(),
    /** JSON. */
    data: text('data').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('events_by_id').on(table.id),
    index('events_by_user').on(table.userId, table.sequence),
    index('events_by_resource').on(table.resource, table.type),
    index('events_by_time').on(table.createdAt),
  ],
)

/** Where a user's events go. */
export const webhookEndpoints = sqliteTable(
  'webhook_endpoints',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    url: text('url').notNull(),
    description: text('description').notNull().default(''),
    /** Types separated by spaces, `*` for all. */
    events: text('events').notNull(),
    /** In clear: it signs. */
    secret: text('secret').notNull(),
    /** The one before a rotation, which signs too until its time. */
    previousSecret: text('previous_secret'),
    previousSecretUntil: integer('previous_secret_until'),
    isActive: integer('is_active', { mode: 'boolean' }).notNull().default(true),
    disabledReason: text('disabled_reason'),
    /** Since when it has taken nothing; null: the last try was taken. */
    failingSince: integer('failing_since'),
    /** Of an address that was given with a job of the engine: it gets that job's end alone, and is in no list. */
    engineJobId: text('engine_job_id'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [index('webhook_endpoints_by_user').on(table.userId, table.createdAt, table.id)],
)

/** One event on its way to one endpoint; kept for 30 days. */
export const eventDeliveries = sqliteTable(
  'event_deliveries',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    /** 32 hex digits. */
    id: text('id').notNull(),
    eventId: text('event_id').notNull(),
    endpointId: text('endpoint_id').notNull(),
    /** The event's. */
    resource: text('resource').notNull(),
    status: text('status', { enum: ['pending', 'delivered', 'failed'] }).notNull(),
    /** JSON: the last tries, oldest first. */
    attempts: text('attempts').notNull().default('[]'),
    failedTries: integer('failed_tries').notNull().default(0),
    /** Null: it is not sent any more. */
    nextAttemptAt: integer('next_attempt_at'),
    /** Someone is sending it until then. */
    leasedUntil: integer('leased_until').notNull().default(0),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('event_deliveries_by_id').on(table.id),
    index('event_deliveries_by_endpoint').on(table.endpointId, table.sequence),
    index('event_deliveries_by_status').on(table.endpointId, table.status, table.sequence),
    index('event_deliveries_in_order')
      .on(table.endpointId, table.resource, table.sequence)
      .where(sql`status = 'pending'`),
    index('event_deliveries_due')
      .on(table.nextAttemptAt)
      .where(sql`status = 'pending'`),
    index('event_deliveries_by_time').on(table.createdAt),
  ],
)

/** Signs what goes to an address that is given with a job, instead of to an endpoint. */
export const webhookSecrets = sqliteTable('webhook_secrets', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id),
  secret: text('secret').notNull(),
  previousSecret: text('previous_secret'),
  previousSecretUntil: integer('previous_secret_until'),
})
