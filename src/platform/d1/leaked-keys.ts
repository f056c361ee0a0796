// Keys that were found in public, in D1: switched off in one transaction with what tells of it.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { LeakedKeyStore } from '../../domain/keys/leaked.ts'
import { keyAudit } from './audit-data.ts'
import { keyData } from './event-data.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { apiKeys, keyEvents } from './schema/keys.ts'
import { selectRow } from './select-row.ts'

export function d1LeakedKeys(db: DrizzleD1Database, outbox: Outbox): LeakedKeyStore {
  return {
    async switchOff({ hash, url, nowMs }) {
      const isKey = and(eq(apiKeys.keyHash, hash), isNull(apiKeys.deletedAt))
      const when = sql`FROM ${apiKeys} WHERE ${and(isKey, eq(apiKeys.isActive, true))}`
      const id = sql`${apiKeys.id}`
      const userId = sql`${apiKeys.userId}`
      const told = outbox.write({
        type: 'key.deactivated',
        userId,
        resource: id,
        data: keyData(sql`, 'reason', 'leaked', 'found_at', ${url ?? null}`),
        when,
        nowMs,
      })
      const [, , , , rows, deliveries] = await query(() =>
        db.batch([
          told.event,
          outbox.record({
            action: 'key.leaked',
            actor: { kind: 'webhook', userId },
            target: { type: 'key', id },
            before: keyAudit(),
            after: keyAudit({ isActive: sql`0` }),
            when,
            nowMs,
          }),
          db.insert(keyEvents).select(
            sql`SELECT ${selectRow(keyEvents, {
              id: null,
              keyId: id,
              action: 'deactivated',
              actorType: 'webhook',
              actorId: null,
              createdAt: nowMs,
            })} ${when}`,
          ),
          db.update(apiKeys).set({ isActive: false }).where(isKey),
          db.select({ id: apiKeys.id }).from(apiKeys).where(isKey),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return rows[0]?.id
    },
  }
}
