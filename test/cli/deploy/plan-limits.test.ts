// What an account's plan may refuse, by the words that Cloudflare and wrangler say.
import { describe, expect, it } from 'vitest'
import { ApiProblem } from '../../../src/cli/deploy/cloudflare-api.ts'
import { isRefusedByPlan, limitsIn } from '../../../src/cli/deploy/plan-limits.ts'
import type { Settings } from '../../../src/cli/project.ts'

const settings: Settings = {
  vars: {},
  d1_databases: [],
  kv_namespaces: [],
  r2_buckets: [],
  services: [],
  queues: { producers: [{ binding: 'EVENTS', queue: 'events' }] },
  durable_objects: { bindings: [{ name: 'ROOM' }] },
  workflows: [{ binding: 'PROCESSING' }],
  triggers: { crons: ['0 3 * * *'] },
  migrations: [{ tag: 'v1', new_classes: ['Room'] }],
}

describe('limitsIn', () => {
  it.each([
    ['Queues are unavailable on the free plan. Please upgrade [code: 100129]', 'Queues'],
    ['In order to use Durable Objects with a free plan, you must create … [code: 10097]', 'Durable Objects'],
    ['workflow.cron_requires_paid_plan', 'Workflows'],
    ['workers.api.error.too_many_crons [code: 10072]', 'cron triggers'],
  ])('F9: finds the reason in %j, and leaves just that out', (output, word) => {
    const limits = limitsIn(output, settings)
    expect(limits.map((limit) => limit.word)).toEqual([word])
    const [limit] = limits
    const rest = limit?.without(settings)
    expect(rest && limitsIn(output, rest)).toEqual([])
  })

  it.each([
    'A request to the Cloudflare API (/workers/scripts/x/schedules) failed.',
    'Authentication error [code: 10000]',
    '',
  ])('F9: takes %j for no limit of a plan', (output) => {
    expect(limitsIn(output, settings)).toEqual([])
  })
})

describe('isRefusedByPlan', () => {
  const purpose = { verb: 'make the queue events', permission: 'Queues: Edit' }

  it('knows a plan from a permission', () => {
    expect(isRefusedByPlan(new ApiProblem(purpose, 403, 100_129, 'Queues are unavailable'))).toBe(true)
    expect(isRefusedByPlan(new ApiProblem(purpose, 403, 10_000, 'Authentication error'))).toBe(false)
  })
})
