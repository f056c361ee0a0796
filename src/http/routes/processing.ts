// /api/processing/{job_id}
import type * as v from 'valibot'
import { reply } from '../../api/operation.ts'
import { processingApi, type processingSchema } from '../../api/processing.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import {
  cancelProcessing,
  readProcessing,
  startProcessing,
  type ProcessingDeps,
} from '../../domain/processing/processing.ts'
import type { Run } from '../../domain/processing/store.ts'
import type { Router } from '../router.ts'

export function processingRoutes(router: Router, deps: ProcessingDeps): void {
  router.secured(processingApi.startProcessing, async ({ principal, param, body }) => {
    const input = { jobId: param('job_id'), insights: body.selected_insights }
    return reply(202, showRun(await startProcessing(deps, principal, input)))
  })

  router.secured(processingApi.getProcessing, async ({ principal, param }) =>
    reply(200, showRun(await readProcessing(deps, principal, param('job_id')))),
  )

  router.secured(processingApi.cancelProcessing, async ({ principal, param }) =>
    reply(200, showRun(await cancelProcessing(deps, principal, param('job_id')))),
  )
}

function showRun(run: Run): v.InferOutput<typeof processingSchema> {
  const { startedAtMs, endedAtMs } = run
  const milliseconds = startedAtMs === undefined || endedAtMs === undefined ? undefined : endedAtMs - startedAtMs
  return {
    job_id: run.jobId,
    status: run.status,
    progress_percent: run.status === 'completed' ? 100 : (run.progressPercent ?? null),
    current_stage: run.status === 'processing' ? (run.currentStage ?? null) : null,
    error: run.error ?? null,
    processing_time: milliseconds === undefined ? null : milliseconds / 1000,
    created_at: formatTimestamp(run.createdAtMs),
    updated_at: formatTimestamp(run.movedAtMs),
  }
}
