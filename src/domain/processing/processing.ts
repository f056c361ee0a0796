// Analysing a video, for its owner: start, look, cancel. The work itself is done by steps.ts, durably.
import type { Principal } from '../../core/auth/principal.ts'
import { Fault } from '../../core/fault.ts'
import { connected, isDone, type EngineDeps } from '../engine/access.ts'
import { giveBack, spend, type KeyLimitDeps } from '../keys/limits.ts'
import { causeName, type Log } from '../log.ts'
import { findVideo, type VideoDeps } from '../videos/videos.ts'
import { callFor } from '../engine/call-for-owner.ts'
import type { Run, RunExecution, RunStore } from './store.ts'

export interface ProcessingDeps extends Pick<VideoDeps, 'videoStore'>, EngineDeps, KeyLimitDeps {
  readonly runStore: RunStore
  /** Undefined where no Workflow is bound. */
  readonly runExecution: RunExecution | undefined
  /** A user's and a month's; undefined: as many as one likes. */
  readonly engineMinutesQuota: number | undefined
  readonly newId: () => string
  readonly log: Log
}

/** Reserves the film's minutes and queues the run. 503 without engine or Workflow, 409 while a run is on, 429 over the quota. */
export async function startProcessing(
  deps: ProcessingDeps,
  principal: Principal,
  input: { readonly jobId: string; readonly insights: readonly string[] | undefined },
): Promise<Run> {
  const video = await findVideo(deps, principal, input.jobId)
  connected(deps)
  if (deps.runExecution === undefined) {
    throw new Fault('unavailable', 'Processing needs a Workflow, and none is bound', { retryAfterSeconds: 60 })
  }
  const { engineMinutesQuota: minutes } = deps
  if (minutes !== undefined && video.durationSeconds === undefined) {
    throw new Fault('conflict', 'Video has no duration, which the quota of engine minutes is counted by')
  }
  const engineMinutes = (video.durationSeconds ?? 0) / 60
  await spend(deps, principal, { engine_minutes_per_month: engineMinutes })
  const nowMs = deps.nowMs()
  const attempt = ((await deps.runStore.latest(video.jobId))?.attempt ?? 0) + 1
  const id = `${video.jobId}-${attempt}`
  const outcome = await deps.runStore.start({
    id,
    jobId: video.jobId,
    userId: video.userId,
    attempt,
    insights: input.insights,
    engineMinutes,
    nowMs,
    quota: minutes === undefined ? undefined : { minutes, sinceMs: monthOf(nowMs) },
  })
  if (outcome === 'busy' || outcome === 'over_quota') {
    await giveBack(deps, principal, 'engine_minutes_per_month', engineMinutes)
  }
  if (outcome === 'busy') throw new Fault('conflict', 'Video is being processed already')
  if (outcome === 'over_quota') throw new Fault('rate_limited', 'Engine minutes of this month are used up')
  try {
    await deps.runExecution.begin(id)
  } catch (cause) {
    // The run is queued all the same: the sweep begins it.
    deps.log({ level: 'warn', message: 'a run could not be begun', cause: causeName(cause) })
  }
  return await required(deps, id)
}

/** The newest run of the video. */
export async function readProcessing(
  deps: Pick<ProcessingDeps, 'videoStore' | 'runStore'>,
  principal: Principal,
  jobId: string,
): Promise<Run> {
  const video = await findVideo(deps, principal, jobId)
  const run = await deps.runStore.latest(video.jobId)
  if (run === undefined) throw new Fault('not_found', 'Video was never processed')
  return run
}

/** Cancels what is not over; what the engine has finished stays so. The engine is told again by the run's next step. */
export async function cancelProcessing(deps: ProcessingDeps, principal: Principal, jobId: string): Promise<Run> {
  const run = await readProcessing(deps, principal, jobId)
  if (run.status !== 'queued' && run.status !== 'processing') return run
  if (run.engineJobId !== undefined && (await isFinishedAtEngine(deps, run, run.engineJobId))) return run
  await deps.runStore.end(run, { status: 'cancelled', error: undefined }, deps.nowMs())
  return await required(deps, run.id)
}

/** An engine that cannot be asked has not finished anything. */
async function isFinishedAtEngine(deps: ProcessingDeps, run: Run, engineJobId: string): Promise<boolean> {
  try {
    const answer = await callFor(deps, run.userId, { method: 'DELETE', path: `/api/v1/jobs/${engineJobId}` })
    return !isDone(answer) && answer.answer.status === 409
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

async function required({ runStore }: Pick<ProcessingDeps, 'runStore'>, id: string): Promise<Run> {
  const run = await runStore.find(id)
  if (run === undefined) throw new TypeError('a run is never removed')
  return run
}

/** The beginning of the month, UTC. */
function monthOf(nowMs: number): number {
  const date = new Date(nowMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
}

const STANDING_MS = 15 * 60_000
const SWEEP_LIMIT = 100

/** Has what made no step for a quarter of an hour go on. */
export async function sweepRuns(deps: Pick<ProcessingDeps, 'runStore' | 'runExecution' | 'nowMs'>): Promise<number> {
  if (deps.runExecution === undefined) return 0
  const ids = await deps.runStore.standing(deps.nowMs() - STANDING_MS, SWEEP_LIMIT)
  for (const id of ids) await deps.runExecution.revive(id)
  return ids.length
}
