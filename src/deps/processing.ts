// Composition of processing: runs in D1, their films in the bucket, their execution on a Workflow.
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { Config } from '../config/config.ts'
import type { ProcessingDeps } from '../domain/processing/processing.ts'
import type { StepDeps } from '../domain/processing/steps.ts'
import type { Bindings } from '../platform/bindings.ts'
import type { Outbox } from '../platform/d1/outbox.ts'
import { d1RunStore } from '../platform/d1/processing-runs.ts'
import { r2RunFiles } from '../platform/media/run-files.ts'
import { workflowRuns } from '../platform/processing/workflow-runs.ts'

export type Processing = Pick<ProcessingDeps, 'runStore' | 'runExecution' | 'engineMinutesQuota'> &
  Pick<StepDeps, 'runFiles' | 'processingTimeoutMs'>

const HOUR_MS = 3_600_000

export function makeProcessing(
  { processing }: Pick<Config, 'processing'>,
  { PROCESSING, MEDIA }: Bindings,
  db: DrizzleD1Database,
  outbox: Outbox,
): Processing {
  return {
    runStore: d1RunStore(db, outbox),
    runExecution: PROCESSING && workflowRuns(PROCESSING),
    runFiles: r2RunFiles(MEDIA),
    engineMinutesQuota: processing.engineMinutes,
    processingTimeoutMs: processing.timeoutHours * HOUR_MS,
  }
}
