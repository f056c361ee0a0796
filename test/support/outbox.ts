// The outbox of a store that a test makes by itself: events are written, and nobody is reminded of them.
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { d1Outbox, type Outbox } from '../../src/platform/d1/outbox.ts'

export function quietOutbox(db: DrizzleD1Database): Outbox {
  return d1Outbox(db, undefined, () => crypto.randomUUID())
}
