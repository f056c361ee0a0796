// Runs of the engine over a video: what is kept of each, and what the verbs and steps ask of the outside.
import type { UserId } from '../../core/auth/principal.ts'
import type { EngineId } from '../../core/engine/ids.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'
import type { StreamedBody } from '../engine/transport.ts'

export type RunStatus = 'queued' | 'processing' | 'completed' | 'failed' | 'cancelled'

export interface Run {
  /** Of the video and the attempt. */
  readonly id: string
  readonly jobId: string
  readonly userId: UserId
  readonly attempt: number
  readonly status: RunStatus
  /** Undefined: all that the engine has. */
  readonly insights: readonly string[] | undefined
  readonly sourceVersion: string | undefined
  readonly engineVideoId: EngineId | undefined
  readonly hasAskedForJob: boolean
  readonly engineJobId: EngineId | undefined
  /** 0…100. */
  readonly progressPercent: number | undefined
  readonly currentStage: string | undefined
  readonly error: string | undefined
  readonly createdAtMs: number
  readonly startedAtMs: number | undefined
  readonly endedAtMs: number | undefined
  readonly movedAtMs: number
}

export interface NewRun extends Pick<Run, 'id' | 'jobId' | 'userId' | 'attempt' | 'insights'> {
  readonly engineMinutes: number
  readonly nowMs: number
  /** Undefined: as many as one likes. `sinceMs`: from when minutes count. */
  readonly quota: { readonly minutes: number; readonly sinceMs: number } | undefined
}

/** What a step has learnt; what is undefined stays. */
export type RunProgress = Partial<
  Pick<Run, 'sourceVersion' | 'engineVideoId' | 'hasAskedForJob' | 'engineJobId' | 'progressPercent' | 'currentStage'>
>

export interface RunEnd {
  readonly status: 'completed' | 'failed' | 'cancelled'
  readonly error: string | undefined
}

/** Every method is one round trip, in which the video's status and the event change with the run. */
export interface RunStore {
  /** `busy`: the video is not in a status to start from; `over_quota`: nothing was reserved. */
  start(run: NewRun): Promise<'started' | 'busy' | 'over_quota'>
  /** The newest of a video. */
  latest(jobId: string): Promise<Run | undefined>
  find(id: string): Promise<Run | undefined>
  /** Has it begun if fewer than `limit` of its owner's are processing and none of them waits longer. */
  begin(run: Run, limit: number, nowMs: number): Promise<boolean>
  /** Of a run that is not over. */
  note(id: string, progress: RunProgress, nowMs: number): Promise<void>
  /** Once: a run that is over stays as it is. */
  end(run: Run, end: RunEnd, nowMs: number): Promise<boolean>
  /** Those that are not over and have not moved since, the longest first. */
  standing(sinceMs: number, limit: number): Promise<readonly string[]>
}

/** What an execution is told; the rest stands in the store. */
export interface RunParameters {
  readonly runId: string
}

/** The durable execution of runs. */
export interface RunExecution {
  /** Safe to repeat. */
  begin(runId: string): Promise<void>
  /** Begins again what ended without its run being over, stands still, or was never begun. */
  revive(runId: string): Promise<void>
}

export interface RunFiles {
  version(key: ObjectKey): Promise<string | undefined>
  /** The object as a form's field `file`, streamed. Undefined when it is not there. */
  openForm(
    key: ObjectKey,
    form: { readonly boundary: string; readonly fileName: string },
  ): Promise<{ readonly version: string; readonly body: StreamedBody } | undefined>
  putReport(key: ObjectKey, text: string): Promise<void>
}
