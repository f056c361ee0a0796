// Clerk's webhooks. Times are epoch milliseconds.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Webhooks that were dealt with, kept for longer than Clerk repeats them. */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    id: text('id').primaryKey(),
    receivedAt: integer('received_at').notNull(),
  },
  (table) => [index('webhook_deliveries_by_time').on(table.receivedAt)],
)
