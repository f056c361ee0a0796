// The run of one analysis as a Cloudflare Workflow: the order of its steps, their waits and retries. What a step does is
// domain/processing/steps.
import type { WorkflowStep, WorkflowStepConfig } from 'cloudflare:workers'
import {
  createEngineJob,
  endAtEngine,
  endRun,
  fetchResult,
  handOver,
  lookAtJob,
  takeTurn,
  type StepDeps,
  type StepEnd,
} from '../domain/processing/steps.ts'
import type { RunEnd } from '../domain/processing/store.ts'

/** What is used of a Workflow's steps. */
export interface Steps {
  do<T extends string | { readonly failed: string }>(
    name: string,
    config: WorkflowStepConfig,
    run: () => Promise<T>,
  ): Promise<T>
  sleep(name: string, milliseconds: number): Promise<void>
}

/** About three hours of an engine that is away. */
const PATIENT: WorkflowStepConfig = {
  retries: { limit: 12, delay: '3 seconds', backoff: 'exponential' },
  timeout: '2 hours',
}
const FIRST_WAIT_MS = 2000
const LONGEST_WAIT_MS = 60_000
const LONGEST_TURN_WAIT_MS = 300_000

export function workflowSteps(step: WorkflowStep): Steps {
  return {
    // As text, which every Workflow can keep.
    async do<T>(name: string, config: WorkflowStepConfig, run: () => Promise<T>) {
      return JSON.parse(await step.do(name, config, async () => JSON.stringify(await run()))) as T
    },
    sleep: async (name, milliseconds) => await step.sleep(name, milliseconds),
  }
}

/** Ends when the run is over, whatever became of it. */
export async function runProcessing(deps: StepDeps, steps: Steps, runId: string): Promise<void> {
  if (!(await waitForTurn(deps, steps, runId))) return
  const end = await work(deps, steps, runId).catch((): StepEnd => ({
    failed: 'The engine was not available for too long',
  }))
  if (end === 'over') {
    await steps.do('end the job at the engine', PATIENT, async () => await endAtEngine(deps, runId))
    return
  }
  const runEnd: RunEnd =
    end === 'done' ? { status: 'completed', error: undefined } : { status: 'failed', error: end.failed }
  await steps.do('finish', PATIENT, async () => await endRun(deps, runId, runEnd))
}

async function waitForTurn(deps: StepDeps, steps: Steps, runId: string): Promise<boolean> {
  for (let round = 1; ; round++) {
    const turn = await steps.do(`take a turn ${round}`, PATIENT, async () => await takeTurn(deps, runId))
    if (turn !== 'waiting') return turn === 'begun'
    await steps.sleep(`wait for a turn ${round}`, Math.min(LONGEST_TURN_WAIT_MS, FIRST_WAIT_MS * 2 ** round))
  }
}

async function work(deps: StepDeps, steps: Steps, runId: string): Promise<StepEnd> {
  const handed = await steps.do('hand over the film', PATIENT, async () => await handOver(deps, runId))
  if (handed !== 'done') return handed
  const created = await steps.do('create the job', PATIENT, async () => await createEngineJob(deps, runId))
  if (created !== 'done') return created
  for (let round = 1; ; round++) {
    await steps.sleep(`wait for the engine ${round}`, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (round - 1)))
    const seen = await steps.do(`look at the job ${round}`, PATIENT, async () => await lookAtJob(deps, runId))
    if (seen === 'done') break
    if (seen !== 'running') return seen
  }
  return await steps.do('fetch the result', PATIENT, async () => await fetchResult(deps, runId))
}
