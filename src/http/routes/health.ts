// GET /api/health
import * as v from 'valibot'
import type { Health } from '../../domain/health.ts'
import type { Router } from '../router.ts'

const check = v.picklist(['ok', 'down'])
const healthSchema = v.object({
  status: v.picklist(['ok', 'degraded', 'down']),
  version: v.string(),
  checks: v.object({ configuration: check, database: check, cache: check, storage: check }),
  problems: v.optional(v.array(v.object({ name: v.string(), reason: v.string() }))),
})

export function healthRoutes(router: Router, deps: { health: () => Promise<Health> }): void {
  router.add(
    {
      method: 'GET',
      path: '/api/health',
      tag: 'Service',
      summary: 'Whether the service and what it depends on are well',
      description: 'Probes run at most once in five seconds. `problems` names what is wrong with the configuration.',
      access: 'public',
      openQuery: 'Parameters that probes add are ignored.',
      answers: {
        200: { description: '`ok` or `degraded`', schema: healthSchema },
        503: { description: '`down`: configuration or database', schema: healthSchema },
      },
    },
    async ({ c }) => {
      const health = await deps.health()
      return c.json(health, health.status === 'down' ? 503 : 200)
    },
  )
}
