// The cheapest question each binding can answer, for /api/health.
import type { Probes } from '../domain/health.ts'
import type { Bindings } from './bindings.ts'

/** No probe writes, and none depends on data being there. */
export function probes(bindings: Pick<Bindings, 'DB' | 'CACHE' | 'MEDIA'>): Probes {
  return {
    async database() {
      // A column of the newest table would tie health to a migration; the table itself is enough.
      await bindings.DB.prepare('SELECT 1 FROM users LIMIT 1').all()
    },
    async cache() {
      await bindings.CACHE.get('health')
    },
    async storage() {
      await bindings.MEDIA.head('health')
    },
  }
}
