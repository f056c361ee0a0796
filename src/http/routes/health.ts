// GET /api/health
import { healthApi } from '../../api/health.ts'
import { reply } from '../../api/operation.ts'
import type { Health } from '../../domain/health.ts'
import type { Router } from '../router.ts'

export function healthRoutes(router: Router, deps: { health: () => Promise<Health> }): void {
  router.public(healthApi.getHealth, async () => {
    const health = await deps.health()
    return reply(health.status === 'down' ? 503 : 200, health)
  })
}
