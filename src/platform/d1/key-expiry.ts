// Keys that expire soon, in D1: each is told of once for every notice.
import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { KeyExpiryNotices } from '../../domain/keys/expiring.ts'
import { keyData } from './event-data.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { events } from './schema/events.ts'
import { apiKeys } from './schema/keys.ts'

/** Of one run; the rest is met by the next one. */
const MAX_ANNOUNCED = 500

export function d1KeyExpiryNotices(db: DrizzleD1Database, outbox: Outbox): KeyExpiryNotices {
  return {
    async announce(nowMs, noticeMs) {
      const isUntold = sql`NOT EXISTS (SELECT 1 FROM ${events}
        WHERE ${events.resource} = ${apiKeys.id} AND ${events.type} = 'key.expiring'
        AND ${events.createdAt} >= ${apiKeys.expiresAt} - ${noticeMs})`
      const isLive = and(isNull(apiKeys.deletedAt), isNull(apiKeys.rotatedAt), eq(apiKeys.isActive, true))
      const soon = await query(() =>
        db
          .select({ id: apiKeys.id, userId: apiKeys.userId })
          .from(apiKeys)
          .where(and(gt(apiKeys.expiresAt, nowMs), lte(apiKeys.expiresAt, nowMs + noticeMs), isLive, isUntold))
          .orderBy(asc(apiKeys.expiresAt))
          .limit(MAX_ANNOUNCED),
      )
      for (const { id, userId } of soon) {
        const told = outbox.write({
          type: 'key.expiring',
          userId,
          resource: id,
          data: keyData(),
          when: sql`FROM ${apiKeys} WHERE ${and(eq(apiKeys.id, id), isLive, isUntold)}`,
          nowMs,
        })
        const [, deliveries] = await query(() => db.batch([told.event, told.deliveries]))
        await outbox.wake(deliveries)
      }
      return soon.length
    },
  }
}
