// What a tenant may do with the engine: ownership first, then one call, then what was learned is kept.
import { readJobFacts, readJobId, readVideoId, type JobFacts } from '../core/engine-envelope.ts'
import { parseEngineId, type EngineId } from '../core/engine-id.ts'
import { Fault } from '../core/fault.ts'
import { watchField } from '../core/form-field.ts'
import { readJobRequest } from '../core/job-request.ts'
import type { Principal, UserId } from '../core/principal.ts'
import type { Defer } from './defer.ts'
import type { CallContext, CallEngine, CheckedAnswer } from './engine-call.ts'
import type { EngineOwners, JobPage, OwnedJob } from './engine-owners.ts'
import type { EngineAnswer, EngineMethod, Inspect, StreamedBody } from './engine-transport.ts'

export interface ConnectedEngine {
  readonly call: CallEngine
  /** Of a streamed upload. */
  readonly maxBodyBytes: number
  /** A JWKS (RFC 7517 §5). */
  readonly publicKeys: () => Promise<{ readonly keys: readonly object[] }>
}

export interface EngineDeps {
  /** Undefined when none is configured. */
  readonly engine: ConnectedEngine | undefined
  readonly engineOwners: EngineOwners
  readonly nowMs: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/** A call on behalf of a tenant. */
export interface TenantCall {
  readonly principal: Principal
  readonly context: CallContext
}

/** Public: the engine's own health. */
export async function engineHealth(deps: Pick<EngineDeps, 'engine'>, context: CallContext): Promise<EngineAnswer> {
  const { call } = connected(deps)
  const path = `${ROOT}/health`
  return (await call({ method: 'GET', path, body: undefined, principal: undefined, context })).answer
}

/** Public: with these the engine proves who is calling. */
export async function enginePublicKeys(
  deps: Pick<EngineDeps, 'engine'>,
): ReturnType<ConnectedEngine['publicKeys']> {
  return await connected(deps).publicKeys()
}

/** Streams a film to the engine; whoever uploads it owns it. 413 over the limit, whether or not a length was given. */
export async function uploadVideo(
  deps: EngineDeps,
  { principal, context }: TenantCall,
  body: StreamedBody | undefined,
): Promise<EngineAnswer> {
  const { call, maxBodyBytes } = connected(deps)
  if ((body?.lengthBytes ?? 0) > maxBodyBytes) throw new Fault('payload_too_large', 'Request body is too large')
  const inspect = inspectForm(deps, principal, context.header('Content-Type') ?? '')
  const path = `${ROOT}/videos/upload`
  const checked = await call({ method: 'POST', path, body, principal, context, ...(inspect && { inspect }) })
  const videoId = isDone(checked) ? readVideoId(checked.envelope.data) : undefined
  if (videoId !== undefined) {
    const owner = await persist(deps, () => deps.engineOwners.claimVideo(videoId, principal.userId, deps.nowMs()))
    refuseStranger('Video', principal, owner)
  }
  return checked.answer
}

/** Creates a job with one's own videos, or with ones the gate never saw; whoever creates it owns it. */
export async function createJob(
  deps: EngineDeps,
  { principal, context }: TenantCall,
  body: { readonly bytes: Uint8Array<ArrayBuffer>; readonly text: string },
): Promise<EngineAnswer> {
  const { call } = connected(deps)
  const request = readJobRequest(body.text)
  if (!request.ok && request.reason === 'not_json') throw new Fault('bad_request', 'Invalid JSON body')
  if (!request.ok) throw new Fault('validation_error', request.detail)
  await refuseForeignVideos(deps, principal, request.videoIds)
  const checked = await call({ method: 'POST', path: `${ROOT}/jobs`, body: body.bytes, principal, context })
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
  const checked = await callForJob(deps, tenant, 'GET', `${ROOT}/jobs/${job.jobId}`)
  const seen = isDone(checked) ? readJobFacts(checked.envelope.data) : undefined
  if (seen?.status !== undefined) await see(deps, job, seen, defer)
  if (checked.answer.status === 404) await see(deps, job, 'gone', defer)
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
  const checked = await callForJob(deps, tenant, 'DELETE', `${ROOT}/jobs/${job.jobId}`)
  const seen = readJobFacts(checked.envelope.data)
  if (isDone(checked)) await see(deps, job, seen.status === undefined ? 'gone' : seen, defer)
  if (checked.answer.status === 404) await see(deps, job, 'gone', defer)
  return checked.answer
}

export async function readResult(deps: EngineDeps, tenant: TenantCall, jobId: string): Promise<EngineAnswer> {
  const job = await ownJob(deps, tenant.principal, jobId)
  return (await callForJob(deps, tenant, 'GET', `${ROOT}/jobs/${job.jobId}/result`)).answer
}

const ROOT = '/api/v1'

function connected({ engine }: Pick<EngineDeps, 'engine'>): ConnectedEngine {
  if (engine === undefined) throw new Fault('unavailable', 'Engine is not configured', { retryAfterSeconds: 60 })
  return engine
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
  if (job === undefined) throw new Fault('not_found', 'Job not found')
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

/** A form may name a second video in a field before or behind the film: another's is refused wherever it stands. */
function inspectForm(
  deps: Pick<EngineDeps, 'engineOwners'>,
  principal: Principal,
  contentType: string,
): Inspect | undefined {
  const watch = watchField(contentType, TEMPLATE_FIELD)
  if (watch === 'no_form') return undefined
  if (watch === 'unreadable') throw unreadableForm()
  return async function inspect(chunk) {
    const values = chunk === undefined ? watch.end() : watch.push(chunk)
    if (values === undefined) throw unreadableForm()
    for (const value of values) {
      const videoId = parseEngineId(value)
      if (videoId !== undefined) await refuseForeignVideos(deps, principal, [videoId])
      else if (value !== '') throw new Fault('validation_error', `${TEMPLATE_FIELD}: must be the id of a video`)
    }
  }
}

const TEMPLATE_FIELD = 'template_video_id'

function unreadableForm(): Fault {
  return new Fault('validation_error', 'body: must be a form that can be read in one way only')
}

async function refuseForeignVideos(
  deps: Pick<EngineDeps, 'engineOwners'>,
  principal: Principal,
  videoIds: readonly EngineId[],
): Promise<void> {
  if (videoIds.length === 0) return
  for (const owner of await deps.engineOwners.findVideoOwners(videoIds)) refuseStranger('Video', principal, owner)
}

function refuseStranger(noun: 'Video' | 'Job', principal: Principal, owner: UserId): void {
  if (owner !== principal.userId) throw new Fault('forbidden', `${noun} does not belong to this user`)
}

function isDone({ answer, envelope }: CheckedAnswer): boolean {
  return answer.status < 300 && envelope.isSuccess
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

const MAX_ATTEMPTS = 4
const FIRST_PAUSE_MS = 100

/** The engine has done its part already, and unlike the call of it, what the database does here is safe to repeat. */
async function persist<T>(deps: Pick<EngineDeps, 'pause'>, query: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await query()
    } catch (error) {
      const isAway = error instanceof Fault && error.code === 'unavailable'
      if (!isAway || attempt === MAX_ATTEMPTS) throw error
      await deps.pause(FIRST_PAUSE_MS * 2 ** attempt)
    }
  }
}
