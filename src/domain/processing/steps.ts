// The steps of a run. Each may be repeated at any point, also after it has done its work and could not say so. What it
// throws is tried again; what the engine will not change its mind about is returned as a failure in plain words.
import { utf8 } from '../../core/bytes.ts'
import { formType, JSON_TYPE } from '../../core/engine/body-type.ts'
import { readJobId, readJobSnapshot, readVideoId, type JobSnapshot } from '../../core/engine/envelope.ts'
import type { EngineId } from '../../core/engine/ids.ts'
import { readEngineReason, withoutLocalFiles } from '../../core/engine/run-answers.ts'
import { Fault } from '../../core/fault.ts'
import { isRecord } from '../../core/json.ts'
import { reportKey } from '../../core/storage/media-key.ts'
import { connected, isDone, type EngineDeps } from '../engine/access.ts'
import type { CheckedAnswer } from '../engine/call.ts'
import type { Video, VideoStore } from '../videos/store.ts'
import { callFor } from '../engine/call-for-owner.ts'
import type { Run, RunEnd, RunFiles, RunStore } from './store.ts'

export interface StepDeps extends EngineDeps {
  readonly runStore: RunStore
  readonly runFiles: RunFiles
  readonly videoStore: Pick<VideoStore, 'find'>
  readonly newId: () => string
  /** After which an engine that says nothing counts as failed. */
  readonly processingTimeoutMs: number
}

/** `over`: the run has ended meanwhile, and nothing is left to do. */
export type StepEnd = 'done' | 'over' | { readonly failed: string }

/** Runs of one user that the engine works on at once. */
const RUNS_AT_ONCE = 5

export async function takeTurn(deps: StepDeps, runId: string): Promise<'begun' | 'waiting' | 'over'> {
  const run = await deps.runStore.find(runId)
  if (run === undefined || isOver(run)) return 'over'
  if (run.status === 'processing') return 'begun'
  return (await deps.runStore.begin(run, RUNS_AT_ONCE, deps.nowMs())) ? 'begun' : 'waiting'
}

/** Streams the original to the engine, unless the engine has this version of it from this run or the one before. */
export async function handOver(deps: StepDeps, runId: string): Promise<StepEnd> {
  const work = await openWork(deps, runId)
  if (work === 'over') return 'over'
  const { run, video } = work
  const version = await deps.runFiles.version(video.storagePath)
  if (version === undefined) return { failed: 'The uploaded film is not there' }
  if (run.engineVideoId !== undefined && run.sourceVersion === version) return 'done'
  const boundary = `lynxgate-${deps.newId()}`
  const form = await deps.runFiles.openForm(video.storagePath, { boundary, fileName: formFileName(video) })
  if (form === undefined) return { failed: 'The uploaded film is not there' }
  if ((form.body.lengthBytes ?? 0) > connected(deps).maxBodyBytes) {
    return { failed: 'The film is larger than the engine takes' }
  }
  const answer = await callFor(deps, run.userId, {
    method: 'POST',
    path: '/api/v1/videos/upload',
    body: { contentType: formType(boundary), content: { ...form.body, inspect: movesOn(deps, run) } },
  })
  const engineVideoId = isDone(answer) ? readVideoId(answer.envelope.data) : undefined
  if (engineVideoId === undefined) return refused(answer)
  await deps.engineOwners.claimVideo(engineVideoId, run.userId, deps.nowMs())
  await deps.runStore.note(run.id, { engineVideoId, sourceVersion: form.version }, deps.nowMs())
  return 'done'
}

/** Says once a minute that the film is still on its way: what stands still is begun again. */
function movesOn({ runStore, nowMs }: Pick<StepDeps, 'runStore' | 'nowMs'>, run: Run): () => Promise<void> {
  let saidAtMs = nowMs()
  return async () => {
    if (nowMs() - saidAtMs < 60_000) return
    saidAtMs = nowMs()
    await runStore.note(run.id, {}, saidAtMs)
  }
}

/** Has the engine make a job; after an answer that was lost, finds the job that it made. */
export async function createEngineJob(deps: StepDeps, runId: string): Promise<StepEnd> {
  const work = await openWork(deps, runId)
  if (work === 'over') return 'over'
  const { run } = work
  if (run.engineJobId !== undefined) return 'done'
  const { engineVideoId } = run
  if (engineVideoId === undefined) throw new TypeError('a film is handed over first')
  const made = run.hasAskedForJob ? await findUnclaimedJob(deps, run, engineVideoId) : 'none'
  if (made === 'unknown') return { failed: UNTOLD }
  if (made !== 'none') return await takeJob(deps, run, engineVideoId, made)
  await deps.runStore.note(run.id, { hasAskedForJob: true }, deps.nowMs())
  const body = {
    video_id: engineVideoId,
    ...(run.insights === undefined ? {} : { config: { insights: run.insights } }),
  }
  const answer = await callFor(deps, run.userId, {
    method: 'POST',
    path: '/api/v1/jobs',
    body: { contentType: JSON_TYPE, content: utf8(JSON.stringify(body)) },
  })
  const jobId = isDone(answer) ? readJobId(answer.envelope.data) : undefined
  if (jobId !== undefined) return await takeJob(deps, run, engineVideoId, jobId)
  if (readEngineReason(answer.answer.text).code !== 'JOB_ALREADY_PROCESSING') return refused(answer)
  const theirs = await findUnclaimedJob(deps, run, engineVideoId)
  if (theirs === 'unknown') return { failed: UNTOLD }
  return theirs === 'none' ? refused(answer) : await takeJob(deps, run, engineVideoId, theirs)
}

const UNTOLD = 'The engine may have a job of this film already, and has too many to find it'

async function takeJob(deps: StepDeps, run: Run, engineVideoId: EngineId, jobId: EngineId): Promise<StepEnd> {
  const snapshot = { ...readJobSnapshot({}), videoId: engineVideoId }
  const owner = await deps.engineOwners.claimJob(jobId, run.userId, snapshot, deps.nowMs())
  if (owner !== run.userId) return { failed: 'The engine named a job of another user' }
  await deps.runStore.note(run.id, { engineJobId: jobId }, deps.nowMs())
  return 'done'
}

const LIST_PAGE = 100
const MAX_PAGES = 100
const PAGE_TRIES = 5

/** A job with this video that the gate does not know: made by a call whose answer was lost. */
async function findUnclaimedJob(
  deps: StepDeps,
  run: Run,
  engineVideoId: EngineId,
): Promise<EngineId | 'none' | 'unknown'> {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const jobs = await listPage(deps, run, `/api/v1/jobs?page=${page}&page_size=${LIST_PAGE}`)
    for (const job of jobs) {
      const id = readVideoId(job) === engineVideoId ? readJobId(job) : undefined
      if (id === undefined) continue
      const known = await deps.engineOwners.findJob(id)
      if (known === undefined) return id
    }
    if (jobs.length < LIST_PAGE) return 'none'
  }
  return 'unknown'
}

/** Tried again by itself: a list of many pages would otherwise begin anew for each page that fails. */
async function listPage(deps: StepDeps, run: Run, path: string): Promise<readonly unknown[]> {
  for (let attempt = 1; attempt <= PAGE_TRIES; attempt++) {
    const answer = await askQuietly(deps, run, path)
    const data = answer !== undefined && isDone(answer) ? answer.envelope.data : undefined
    if (isRecord(data) && Array.isArray(data['jobs'])) return data['jobs']
    if (attempt < PAGE_TRIES) await deps.pause(PAGE_PAUSE_MS * attempt)
  }
  throw unready('list')
}

const PAGE_PAUSE_MS = 500

/** Asks how far the engine is. Progress is written at most once in five seconds. */
export async function lookAtJob(deps: StepDeps, runId: string): Promise<'running' | StepEnd> {
  const work = await openWork(deps, runId)
  if (work === 'over') return 'over'
  const { run } = work
  const answer = await askQuietly(deps, run, jobPath(run))
  if (answer === undefined || answer.answer.status >= 500) {
    const isSilent = deps.nowMs() - run.movedAtMs > deps.processingTimeoutMs
    return isSilent ? { failed: 'The engine said nothing for too long' } : 'running'
  }
  if (!isDone(answer)) return refused(answer)
  const snapshot = readJobSnapshot(answer.envelope.data)
  if (run.engineJobId !== undefined && hasEnded(snapshot))
    await deps.engineOwners.saveSnapshot(run.engineJobId, snapshot)
  if (snapshot.status === 'completed') return 'done'
  if (snapshot.status === 'failed' || snapshot.status === 'cancelled') {
    const said = readEngineReason(answer.answer.text).text
    return {
      failed: said ?? `The engine says that the job ${snapshot.status === 'failed' ? 'failed' : 'was cancelled'}`,
    }
  }
  if (deps.nowMs() - run.movedAtMs >= PROGRESS_MS) {
    const { progressPercent, currentStage } = snapshot
    await deps.runStore.note(run.id, { progressPercent, currentStage }, deps.nowMs())
  }
  return 'running'
}

const PROGRESS_MS = 5000

function hasEnded({ status }: JobSnapshot): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

async function askQuietly(deps: StepDeps, run: Run, path: string): Promise<CheckedAnswer | undefined> {
  try {
    return await callFor(deps, run.userId, { method: 'GET', path })
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

/** Keeps the result as the video's report. */
export async function fetchResult(deps: StepDeps, runId: string): Promise<StepEnd> {
  const work = await openWork(deps, runId)
  if (work === 'over') return 'over'
  const { run } = work
  const answer = await callFor(deps, run.userId, { method: 'GET', path: `${jobPath(run)}/result` })
  if (answer.answer.status === 409) throw unready('result')
  if (!isDone(answer)) return refused(answer)
  const report = JSON.stringify(withoutLocalFiles(answer.envelope.data) ?? {})
  await deps.runFiles.putReport(reportKey(run.userId, run.jobId), report)
  return 'done'
}

export async function endRun(deps: Pick<StepDeps, 'runStore' | 'nowMs'>, runId: string, end: RunEnd): Promise<'done'> {
  const run = await deps.runStore.find(runId)
  if (run !== undefined) await deps.runStore.end(run, end, deps.nowMs())
  return 'done'
}

/** Of a run that was cancelled, or whose video is gone: the engine need not go on. */
export async function endAtEngine(deps: StepDeps, runId: string): Promise<'done'> {
  const run = await deps.runStore.find(runId)
  if (run === undefined || run.status === 'completed' || run.engineJobId === undefined) return 'done'
  const answer = await callFor(deps, run.userId, { method: 'DELETE', path: jobPath(run) })
  if (!isDone(answer)) return 'done'
  const snapshot = readJobSnapshot(answer.envelope.data)
  await deps.engineOwners.saveSnapshot(run.engineJobId, snapshot.status === undefined ? 'gone' : snapshot)
  return 'done'
}

/** A run that has not ended, and its video; a run whose video was deleted is cancelled here. */
async function openWork(deps: StepDeps, runId: string): Promise<{ readonly run: Run; readonly video: Video } | 'over'> {
  const run = await deps.runStore.find(runId)
  if (run === undefined || isOver(run)) return 'over'
  const video = await deps.videoStore.find(run.jobId)
  if (video !== undefined && video.userId === run.userId) return { run, video }
  await deps.runStore.end(run, { status: 'cancelled', error: 'The video was deleted' }, deps.nowMs())
  return 'over'
}

function isOver({ status }: Run): boolean {
  return status !== 'queued' && status !== 'processing'
}

function jobPath({ engineJobId }: Run): string {
  if (engineJobId === undefined) throw new TypeError('a job is made first')
  return `/api/v1/jobs/${engineJobId}`
}

/** A refusal stands; what the engine could not do now is tried again. */
function refused({ answer }: CheckedAnswer): { readonly failed: string } {
  if (answer.status >= 500 || answer.status === 429 || answer.status < 300) throw unready('answer')
  return { failed: readEngineReason(answer.text).text ?? `The engine refused with ${answer.status}` }
}

function unready(what: string): Fault {
  return new Fault('unavailable', 'Engine is temporarily unavailable', { reason: `engine: ${what} is not ready` })
}

function formFileName({ storagePath }: Video): string {
  return `film.${/\.([A-Za-z0-9]{1,8})$/.exec(storagePath)?.[1]?.toLowerCase() ?? 'mp4'}`
}
