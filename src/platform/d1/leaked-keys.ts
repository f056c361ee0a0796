// Keys that were found in public, in D1: switched off in one transaction with what tells of it.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { LeakedKeyStore } from '../../domain/keys/leaked.ts'
import { switchOff } from './key-switch-off.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { apiKeys } from './schema/keys.ts'

export function d1LeakedKeys(db: DrizzleD1Database, outbox: Outbox): LeakedKeyStore {
  return {
    async switchOff({ hash, url, nowMs }) {
      const isKey = and(eq(apiKeys.keyHash, hash), isNull(apiKeys.deletedAt))
      const ending = switchOff(db, outbox, {
        which: and(isKey, eq(apiKeys.isActive, true)),
        action: 'key.leaked',
        said: sql`, 'reason', 'leaked', 'found_at', ${url ?? null}`,
        nowMs,
      })
      const [, , , , rows, deliveries] = await query(() =>
        db.batch([
          ending.event,
          ending.audit,
          ending.trail,
          ending.change,
          // One that is off already is known all the same.
          db.select({ id: apiKeys.id }).from(apiKeys).where(isKey),
          ending.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return rows[0]?.id
    },
  }
}
