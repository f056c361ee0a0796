// GET /api/health: whether the service is well.
import * as v from 'valibot'
import { json, noBody, noQuery, operation } from './operation.ts'

const check = v.picklist(['ok', 'down'])

export const healthSchema = v.object({
  status: v.picklist(['ok', 'degraded', 'down']),
  version: v.string(),
  checks: v.object({ configuration: check, database: check, cache: check, storage: check }),
  problems: v.optional(v.pipe(v.array(v.object({ name: v.string(), reason: v.string() })), v.readonly())),
})

export const healthApi = {
  getHealth: operation({
    route: 'GET /api/health',
    tag: 'Service',
    summary: 'Whether the service and what it depends on are well',
    description: 'Probes run at most once in five seconds. `problems` names what is wrong with the configuration.',
    access: 'public',
    query: noQuery,
    openQuery: 'Parameters that probes add are ignored.',
    body: noBody,
    answers: {
      200: json('`ok` or `degraded`', healthSchema),
      503: json('`down`: configuration or database', healthSchema),
    },
    refusals: {},
  }),
}
