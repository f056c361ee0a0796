// Jobs of the engine: ownership first, then one call, then its status is recorded.
import { utf8 } from '../../core/bytes.ts'
import { readJobSnapshot, readJobId, readVideoId, type JobSnapshot } from '../../core/engine/envelope.ts'
import { parseEngineId } from '../../core/engine/ids.ts'
import { Fault, FAULTS } from '../../core/fault.ts'
import { readJobRequest, writeJobRequest } from '../../core/engine/job-request.ts'
import { JSON_TYPE } from '../../core/engine/body-type.ts'
import type { Principal } from '../../core/auth/principal.ts'
import type { Defer } from '../defer.ts'
import {
  connected,
  isDone,
  retryWhileDatabaseIsDown,
  refuseForeignVideos,
  requireOwner,
  type EngineDeps,
  type TenantCall,
} from './access.ts'
import type { CheckedAnswer } from './call.ts'
import { prepareCallback, type CallbackDeps } from './callbacks.ts'
import type { JobPage, OwnedJob } from './owners.ts'
import type { EngineAnswer, EngineMethod } from './transport.ts'

const JOBS = '/api/v1/jobs'

/**
 * Creates a job with the caller's videos, or with videos the gate never saw; the caller owns it, and is told of its end
 * where they asked for it. `text` is JSON; `origin` the service's own.
 */
export async function createJob(
  deps: CallbackDeps,
  { principal, context }: TenantCall,
  { text, origin }: { readonly text: string; readonly origin: string },
): Promise<EngineAnswer> {
  const { call } = connected(deps)
  const request = readJobRequest(text)
  if (!request.ok && request.reason === 'not_json') throw new Fault('bad_request', 'Invalid JSON body')
  if (!request.ok) throw new Fault('validation_error', request.detail)
  const { webhookUrl, members } = request
  const callback =
    webhookUrl === undefined ? undefined : prepareCallback(deps, principal.userId, { webhookUrl, origin })
  await refuseForeignVideos(deps, principal, request.videoIds)
  const body = { contentType: JSON_TYPE, content: utf8(writeJobRequest(members, callback?.callbackUrl)) }
  const checked = await call({ method: 'POST', path: JOBS, body, principal, context })
  const { data } = checked.envelope
  const jobId = isDone(checked) ? readJobId(data) : undefined
  if (jobId !== undefined) {
    const told = readVideoId(data)
    // An engine that understood the id as another's video must not have made the job the caller's.
    const others = told === undefined || request.videoIds.includes(told) ? [] : [told]
    await retryWhileDatabaseIsDown(deps, () => refuseForeignVideos(deps, principal, others))
    const snapshot = { ...readJobSnapshot(data), videoId: told ?? request.videoIds[0] }
    const owner = await retryWhileDatabaseIsDown(deps, () =>
      deps.engineOwners.claimJob(jobId, principal.userId, snapshot, deps.nowMs()),
    )
    requireOwner('Job', principal, owner)
    if (callback !== undefined) await retryWhileDatabaseIsDown(deps, () => callback.keep(jobId))
  }
  return checked.answer
}

/** The caller's jobs with the last known status of each. The engine is not asked: its list holds every user's jobs. */
export async function listJobs(
  deps: Pick<EngineDeps, 'engine' | 'engineOwners'>,
  principal: Principal,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<JobPage> {
  connected(deps)
  return await deps.engineOwners.listJobs(principal.userId, page, pageSize)
}

/** A job of the caller, as the engine reports it now. */
export async function readJob(
  deps: EngineDeps,
  tenant: TenantCall,
  jobId: string,
  defer: Defer,
): Promise<EngineAnswer> {
  const job = await ownJob(deps, tenant.principal, jobId)
  const checked = await callForJob(deps, tenant, 'GET', `${JOBS}/${job.jobId}`)
  const snapshot = isDone(checked) ? readJobSnapshot(checked.envelope.data) : undefined
  if (snapshot?.status !== undefined) await recordJobStatus(deps, job, snapshot, defer)
  if (saysGone(checked.answer)) await recordJobStatus(deps, job, 'gone', defer)
  return checked.answer
}

/** Deletes or cancels a job of the caller. It stays listed only if the engine still reports a status. */
export async function deleteJob(
  deps: EngineDeps,
  tenant: TenantCall,
  jobId: string,
  defer: Defer,
): Promise<EngineAnswer> {
  const job = await ownJob(deps, tenant.principal, jobId)
  const checked = await callForJob(deps, tenant, 'DELETE', `${JOBS}/${job.jobId}`)
  const snapshot = readJobSnapshot(checked.envelope.data)
  if (isDone(checked)) await recordJobStatus(deps, job, snapshot.status === undefined ? 'gone' : snapshot, defer)
  if (saysGone(checked.answer)) await recordJobStatus(deps, job, 'gone', defer)
  return checked.answer
}

/** Not found, or no more (RFC 9110 §15.5.11). */
function saysGone({ status }: EngineAnswer): boolean {
  return status === 404 || status === 410
}

export async function readResult(deps: EngineDeps, tenant: TenantCall, jobId: string): Promise<EngineAnswer> {
  const job = await ownJob(deps, tenant.principal, jobId)
  return (await callForJob(deps, tenant, 'GET', `${JOBS}/${job.jobId}/result`)).answer
}

/** A job the gate never saw is unknown without asking; so is an id that could not be one. */
async function ownJob(
  deps: Pick<EngineDeps, 'engine' | 'engineOwners'>,
  principal: Principal,
  text: string,
): Promise<OwnedJob> {
  connected(deps)
  const jobId = parseEngineId(text)
  const job = jobId === undefined ? undefined : await deps.engineOwners.findJob(jobId)
  if (job === undefined) throw new Fault('job_not_found', FAULTS.job_not_found.detail)
  requireOwner('Job', principal, job.userId)
  return job
}

async function callForJob(
  deps: Pick<EngineDeps, 'engine'>,
  { principal, context }: TenantCall,
  method: EngineMethod,
  path: string,
): Promise<CheckedAnswer> {
  return await connected(deps).call({ method, path, body: undefined, principal, context })
}

/** Writes only what changed: a client polls far more often than a job moves. The answer is given even if that fails. */
async function recordJobStatus(
  deps: Pick<EngineDeps, 'engineOwners'>,
  job: OwnedJob,
  snapshot: JobSnapshot | 'gone',
  defer: Defer,
): Promise<void> {
  const isKnown = snapshot === 'gone' ? job.isGone : !job.isGone && isSame(job.snapshot, snapshot)
  if (isKnown) return
  const writing = deps.engineOwners.saveSnapshot(job.jobId, snapshot)
  defer(writing)
  await Promise.allSettled([writing])
}

function isSame(a: JobSnapshot, b: JobSnapshot): boolean {
  return (
    a.status === b.status &&
    a.progressPercent === b.progressPercent &&
    a.currentStage === b.currentStage &&
    a.updatedAt === b.updatedAt
  )
}
