// Runs as instances of the Workflow.
import type { RunExecution, RunParameters } from '../../domain/processing/store.ts'

export function workflowRuns(workflow: Workflow<RunParameters>): RunExecution {
  async function create(runId: string): Promise<void> {
    await workflow.create({ id: runId, params: { runId } })
  }
  return {
    async begin(runId) {
      try {
        await create(runId)
      } catch (error) {
        // There may be one of this id already, which is all that is wanted.
        if ((await statusOf(workflow, runId)) === undefined) throw error
      }
    },
    async revive(runId) {
      const status = await statusOf(workflow, runId)
      if (status === undefined) await create(runId)
      // Also one that says it runs: a runtime that died may have left it so, and its steps may be repeated.
      else if (status !== 'queued' && status !== 'paused') await (await workflow.get(runId)).restart()
    },
  }
}

/** Undefined when there is no such instance. */
async function statusOf(workflow: Workflow<RunParameters>, id: string): Promise<string | undefined> {
  try {
    return (await (await workflow.get(id)).status()).status
  } catch {
    return undefined
  }
}
