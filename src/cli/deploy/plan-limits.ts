// What an account's plan may lack, and how a Worker is deployed without it. Each of these serves a feature that answers
// 503 without its binding, so leaving it out costs that feature only.
import { CommandProblem } from '../command.ts'
import { ApiProblem } from './cloudflare-api.ts'
import type { Settings } from '../project.ts'

export interface PlanLimit {
  /** As a sentence calls it. */
  readonly word: string
  isUsed(settings: Settings): boolean
  /** What wrangler's or the API's words say when the plan is the reason. */
  readonly refusal: RegExp
  without(settings: Settings): Settings
}

export const PLAN_LIMITS: readonly PlanLimit[] = [
  {
    word: 'Queues',
    isUsed: ({ queues: { producers = [], consumers = [] } }) => producers.length + consumers.length > 0,
    refusal: /queues are unavailable on the free plan|\[?code: 100129\b/i,
    without: (settings) => ({ ...settings, queues: {} }),
  },
  {
    word: 'Durable Objects',
    isUsed: ({ durable_objects: { bindings } }) => bindings.length > 0,
    refusal: /durable objects[^.]*\b(?:free|paid) plan|\[?code: 10097\b/i,
    without: (settings) => ({ ...settings, durable_objects: { bindings: [] }, migrations: [] }),
  },
  {
    word: 'Workflows',
    isUsed: ({ workflows }) => workflows.length > 0,
    refusal: /workflows?[^.]*\b(?:free|paid)[ _]plan|workflow\.\w*requires_paid_plan/i,
    without: (settings) => ({ ...settings, workflows: [] }),
  },
  {
    word: 'cron triggers',
    isUsed: ({ triggers: { crons = [] } }) => crons.length > 0,
    refusal: /too_many_crons|cron triggers?[^.]*\b(?:limit|plan)|\[?code: 10072\b/i,
    // An empty list would take away those that are there; without the field they stay.
    without: ({ triggers: _triggers, ...settings }) => ({ ...settings, triggers: {} }),
  },
]

/** The API's own code or words for "not on this plan". */
export function isRefusedByPlan(error: unknown): boolean {
  return error instanceof ApiProblem && (error.code === 100_129 || /\b(?:free|paid) plan\b/i.test(error.message))
}

/** The limits that this output names, of what the settings use. */
export function limitsIn(output: string, settings: Settings): PlanLimit[] {
  return PLAN_LIMITS.filter((limit) => limit.isUsed(settings) && limit.refusal.test(output))
}

export function leftOutSentence(limit: Pick<PlanLimit, 'word'>): string {
  return `${limit.word} are not on this account's plan and are left out: what needs them answers 503.`
}

/** A limit by its word, for resources that are refused one by one. */
export function planLimit(word: string): PlanLimit {
  const found = PLAN_LIMITS.find((limit) => limit.word === word)
  if (found === undefined) throw new CommandProblem(`No plan limit is called ${word}.`)
  return found
}
