// The cheapest question each binding can answer, for /api/health.
import type { Probes } from '../domain/health.ts'
import type { Bindings } from './bindings.ts'
import { D1_LIMIT_MS, KV_LIMIT_MS, R2_LIMIT_MS, withinTime } from './time-limit.ts'

/** No probe writes, and none depends on data being there. */
export function probes(bindings: Pick<Bindings, 'DB' | 'CACHE' | 'MEDIA'>): Probes {
  return {
    async database() {
      // A column of the newest table would tie health to a migration; the table itself is enough.
      await withinTime(D1_LIMIT_MS, () => bindings.DB.prepare('SELECT 1 FROM users LIMIT 1').all())
    },
    async cache() {
      await withinTime(KV_LIMIT_MS, () => bindings.CACHE.get('health'))
    },
    async storage() {
      await withinTime(R2_LIMIT_MS, () => bindings.MEDIA.head('health'))
    },
  }
}
