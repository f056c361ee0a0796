// The counters of keys with limits, in one Durable Object each.
import type { KeyCounters } from '../domain/keys/limits.ts'
import type { KeyCounter } from './key-counter.ts'
import { withinTime } from './time-limit.ts'

const LIMIT_MS = 3000

export function keyCounters(namespace: DurableObjectNamespace<KeyCounter>): KeyCounters {
  return {
    spend: async (keyId, spending) =>
      await withinTime(LIMIT_MS, async () => await namespace.getByName(keyId).spend(spending)),
  }
}
