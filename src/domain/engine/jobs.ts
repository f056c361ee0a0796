// Jobs of the engine: ownership first, then one call, then what was learned is kept.
import { utf8 } from '../../core/bytes.ts'
import { readJobFacts, readJobId, readVideoId, type JobFacts } from '../../core/engine/envelope.ts'
import { parseEngineId } from '../../core/engine/ids.ts'
import { Fault, FAULTS } from '../../core/fault.ts'
import { readJobRequest } from '../../core/engine/job-request.ts'
import { JSON_TYPE } from '../../core/engine/body-type.ts'
import type { Principal } from '../../core/auth/principal.ts'
import type { Defer } from '../defer.ts'
import {
  connected,
  isDone,
  persist,
  refuseForeignVideos,
  refuseStranger,
  type EngineDeps,
  type TenantCall,
} from './access.ts'
import type { CheckedAnswer } from './call.ts'
import type { JobPage, OwnedJob } from './owners.ts'
import type { EngineAnswer, EngineMethod } from './transport.ts'

const JOBS = '/api/v1/jobs'

/** Creates a job with one's own videos, or with ones the gate never saw; the caller owns it. `text` is JSON. */
export async function createJob(
  deps: EngineDeps,
  { principal, context }: TenantCall,
  text: string,
): Promise<EngineAnswer> {
  const { call } = connected(deps)
  const request = readJobRequest(text)
  if (!request.ok && request.reason === 'not_json') throw new Fault('bad_request', 'Invalid JSON body')
  if (!request.ok) throw new Fault('validation_error', request.detail)
  await refuseForeignVideos(deps, principal, request.videoIds)
  const body = { contentType: JSON_TYPE, content: utf8(request.text) }
  const checked = await call({ method: 'POST', path: JOBS, body, principal, context })
  const { data } = checked.envelope
  const jobId = isDone(checked) ? readJobId(data) : undefined
  if (jobId !== undefined) {
    const told = readVideoId(data)
    // An engine that understood the id as another's video must not have made the job the caller's.
    const others = told === undefined || request.videoIds.includes(told) ? [] : [told]
    await persist(deps, () => refuseForeignVideos(deps, principal, others))
    const facts = { ...readJobFacts(data), videoId: told ?? request.videoIds[0] }
    const owner = await persist(deps, () => deps.engineOwners.claimJob(jobId, principal.userId, facts, deps.nowMs()))
    refuseStranger('Job', principal, owner)
  }
  return checked.answer
}

/** One's own jobs with what was last seen of each. The engine is not asked: its list is everybody's. */
export async function listJobs(
  deps: Pick<EngineDeps, 'engine' | 'engineOwners'>,
  principal: Principal,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<JobPage> {
  connected(deps)
  return await deps.engineOwners.listJobs(principal.userId, page, pageSize)
}

/** One's own job, as the engine tells it now. */
export async function readJob(
  deps: EngineDeps,
  tenant: TenantCall,
  jobId: string,
  defer: Defer,
): Promise<EngineAnswer> {
  const job = await ownJob(deps, tenant.principal, jobId)
  const checked = await callForJob(deps, tenant, 'GET', `${JOBS}/${job.jobId}`)
  const seen = isDone(checked) ? readJobFacts(checked.envelope.data) : undefined
  if (seen?.status !== undefined) await see(deps, job, seen, defer)
  if (saysGone(checked.answer)) await see(deps, job, 'gone', defer)
  return checked.answer
}

/** Deletes or cancels one's own job. It stays listed only if the engine still tells a status of it. */
export async function deleteJob(
  deps: EngineDeps,
  tenant: TenantCall,
  jobId: string,
  defer: Defer,
): Promise<EngineAnswer> {
  const job = await ownJob(deps, tenant.principal, jobId)
  const checked = await callForJob(deps, tenant, 'DELETE', `${JOBS}/${job.jobId}`)
  const seen = readJobFacts(checked.envelope.data)
  if (isDone(checked)) await see(deps, job, seen.status === undefined ? 'gone' : seen, defer)
  if (saysGone(checked.answer)) await see(deps, job, 'gone', defer)
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
  refuseStranger('Job', principal, job.userId)
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
async function see(
  deps: Pick<EngineDeps, 'engineOwners'>,
  job: OwnedJob,
  seen: JobFacts | 'gone',
  defer: Defer,
): Promise<void> {
  const isKnown = seen === 'gone' ? job.isGone : !job.isGone && isSame(job.facts, seen)
  if (isKnown) return
  const writing = deps.engineOwners.seeJob(job.jobId, seen)
  defer(writing)
  await Promise.allSettled([writing])
}

function isSame(a: JobFacts, b: JobFacts): boolean {
  return (
    a.status === b.status &&
    a.progressPercent === b.progressPercent &&
    a.currentStage === b.currentStage &&
    a.updatedAt === b.updatedAt
  )
}
