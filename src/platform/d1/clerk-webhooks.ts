// Which webhook deliveries were dealt with, in D1.
import { eq, lt } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { ClerkDeliveries } from '../../domain/auth/clerk-webhooks.ts'
import { query } from './query.ts'
import { webhookDeliveries } from './schema/clerk-webhooks.ts'

export function d1ClerkDeliveries(db: DrizzleD1Database): ClerkDeliveries {
  const { id, receivedAt } = webhookDeliveries
  return {
    async isKnown(deliveryId) {
      const rows = await query(() => db.select({ id }).from(webhookDeliveries).where(eq(id, deliveryId)).limit(1))
      return rows.length > 0
    },
    async record(deliveryId, nowMs, forgetBeforeMs) {
      await query(() =>
        db.batch([
          db.insert(webhookDeliveries).values({ id: deliveryId, receivedAt: nowMs }).onConflictDoNothing(),
          db.delete(webhookDeliveries).where(lt(receivedAt, forgetBeforeMs)),
        ]),
      )
    },
  }
}
