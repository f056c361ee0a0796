// /api/v1: the engine behind the gate. This list is the gate: what is not on it never reaches the engine.
import * as v from 'valibot'
import { formatTimestamp } from '../../core/timestamp.ts'
import type { Defer } from '../../domain/defer.ts'
import type { EngineDeps } from '../../domain/engine/access.ts'
import type { CallContext } from '../../domain/engine/call.ts'
import type { OwnedJob } from '../../domain/engine/owners.ts'
import { createJob, deleteJob, listJobs, readJob, readResult } from '../../domain/engine/jobs.ts'
import { engineHealth, enginePublicKeys } from '../../domain/engine/public.ts'
import type { EngineAnswer, StreamedBody } from '../../domain/engine/transport.ts'
import { uploadVideo } from '../../domain/engine/upload.ts'
import { readJsonText } from '../body.ts'
import type { HttpContext } from '../context.ts'
import type { Router } from '../router.ts'

const TAG = 'Engine'
const MAX_JSON_BYTES = 64 * 1024

const video = v.looseObject({ video_id: v.string() })
const job = v.looseObject({
  job_id: v.string(),
  video_id: v.nullable(v.string()),
  status: v.nullable(v.string()),
  progress_percent: v.nullable(v.number()),
  current_stage: v.nullable(v.string()),
  created_at: v.string(),
  updated_at: v.nullable(v.string()),
})
const jobPage = v.object({ jobs: v.array(job), total: v.number(), page: v.number(), page_size: v.number() })

const jobRequest = v.looseObject({ video_id: v.string(), template_video_id: v.optional(v.string()) })

const listQuery = v.strictObject({
  page: v.optional(wholeNumber(1_000_000), '1'),
  page_size: v.optional(wholeNumber(100), '10'),
})

export function engineRoutes(router: Router, deps: EngineDeps): void {
  router.add(
    {
      method: 'GET',
      path: '/api/v1/health',
      tag: TAG,
      summary: "The engine's own health",
      access: 'public',
      openQuery: 'Parameters that probes add are ignored.',
      answers: { 200: { description: 'As the engine says it', schema: envelope(v.unknown()) } },
    },
    async ({ c }) => send(c, await engineHealth(deps, contextOf(c))),
  )
  router.add(
    {
      method: 'GET',
      path: '/api/v1/.well-known/jwks.json',
      tag: TAG,
      summary: 'The public keys of X-Lynxgate-Assertion, for the engine',
      access: 'public',
      answers: { 200: { description: 'RFC 7517', schema: v.object({ keys: v.array(v.looseObject({})) }) } },
    },
    async ({ c }) => {
      const keys = await enginePublicKeys(deps)
      c.header('Cache-Control', 'public, max-age=300')
      return c.json(keys)
    },
  )
  router.add(
    {
      method: 'POST',
      path: '/api/v1/videos/upload',
      tag: TAG,
      summary: 'Upload a film to the engine',
      description: 'Streamed, never kept. The video belongs to whoever uploads it.',
      access: 'engine:write',
      rawBody: { contentType: 'multipart/form-data' },
      answers: { 200: { description: 'As the engine says it', schema: envelope(video) } },
    },
    async ({ c, principal, defer }) => {
      const tenant = { principal, context: contextOf(c) }
      return send(c, await seeThrough(defer, uploadVideo(deps, tenant, streamedBody(c.req.raw))))
    },
  )
  router.add(
    {
      method: 'POST',
      path: '/api/v1/jobs',
      tag: TAG,
      summary: 'Create a job',
      description: "The job belongs to whoever creates it. Another user's video is refused.",
      access: 'engine:write',
      rawBody: { contentType: 'application/json', schema: jobRequest },
      answers: { 200: { description: 'As the engine says it', schema: envelope(job) } },
    },
    async ({ c, principal, defer }) => {
      const body = await readJsonText(c.req.raw, MAX_JSON_BYTES)
      return send(c, await seeThrough(defer, createJob(deps, { principal, context: contextOf(c) }, body)))
    },
  )
  router.add(
    {
      method: 'GET',
      path: '/api/v1/jobs',
      tag: TAG,
      summary: "One's own jobs, newest first",
      description: 'With what the gate last saw of each. The engine is not asked.',
      access: 'engine:read',
      query: listQuery,
      answers: { 200: { description: 'A page', schema: envelope(jobPage) } },
    },
    async ({ c, principal, query }) => {
      const { jobs, total } = await listJobs(deps, principal, { page: query.page, pageSize: query.page_size })
      const data = { jobs: jobs.map(renderJob), total, page: query.page, page_size: query.page_size }
      return c.json({ success: true, message: 'Jobs', data })
    },
  )
  router.add(
    {
      method: 'GET',
      path: '/api/v1/jobs/{job_id}',
      tag: TAG,
      summary: "One's own job, as the engine tells it now",
      access: 'engine:read',
      answers: { 200: { description: 'As the engine says it', schema: envelope(job) } },
    },
    async ({ c, principal, defer }) => {
      const tenant = { principal, context: contextOf(c) }
      return send(c, await seeThrough(defer, readJob(deps, tenant, rawJobId(c), defer)))
    },
  )
  router.add(
    {
      method: 'DELETE',
      path: '/api/v1/jobs/{job_id}',
      tag: TAG,
      summary: "End one's own job",
      access: 'engine:write',
      answers: { 200: { description: 'As the engine says it', schema: envelope(v.unknown()) } },
    },
    async ({ c, principal, defer }) => {
      const tenant = { principal, context: contextOf(c) }
      return send(c, await seeThrough(defer, deleteJob(deps, tenant, rawJobId(c), defer)))
    },
  )
  router.add(
    {
      method: 'GET',
      path: '/api/v1/jobs/{job_id}/result',
      tag: TAG,
      summary: "The result of one's own job",
      access: 'engine:read',
      answers: { 200: { description: 'As the engine says it', schema: envelope(v.unknown()) } },
    },
    async ({ c, principal, defer }) => {
      const tenant = { principal, context: contextOf(c) }
      return send(c, await seeThrough(defer, readResult(deps, tenant, rawJobId(c))))
    },
  )
}

/** The call goes on when the client has gone: by then the engine may have done the work, and it needs its owner. */
async function seeThrough<T>(defer: Defer, call: Promise<T>): Promise<T> {
  defer(Promise.allSettled([call]))
  return await call
}

function contextOf(c: HttpContext): CallContext {
  return {
    requestId: c.get('requestId'),
    address: c.req.header('CF-Connecting-IP'),
    header: (name) => c.req.header(name),
  }
}

/** As it stands in the path: a decoded id would be another spelling of what is authorised and forwarded. */
function rawJobId(c: HttpContext): string {
  return c.req.path.split('/')[4] ?? ''
}

function streamedBody(request: Request): StreamedBody | undefined {
  if (request.body === null) return undefined
  const length = request.headers.get('Content-Length')
  return { stream: request.body, lengthBytes: length === null ? undefined : Number(length) }
}

/** The engine's bytes as they came; of its headers only those that may pass. */
function send(c: HttpContext, { status, headers, body }: EngineAnswer): Response {
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  c.header('Content-Type', 'application/json')
  c.status(status as Parameters<typeof c.status>[0])
  return c.body(body)
}

function renderJob({ jobId, facts, createdAtMs }: OwnedJob): v.InferOutput<typeof job> {
  return {
    job_id: jobId,
    video_id: facts.videoId ?? null,
    status: facts.status ?? null,
    progress_percent: facts.progressPercent ?? null,
    current_stage: facts.currentStage ?? null,
    created_at: facts.createdAt ?? formatTimestamp(createdAtMs),
    updated_at: facts.updatedAt ?? null,
  }
}

function envelope<Data extends v.GenericSchema>(data: Data) {
  return v.looseObject({ success: v.boolean(), message: v.optional(v.string()), data: v.optional(data) })
}

function wholeNumber(max: number) {
  return v.pipe(
    v.string(),
    v.regex(/^[1-9]\d{0,6}$/, `must be a whole number from 1 to ${max}`),
    v.transform(Number),
    v.maxValue(max, `must be a whole number from 1 to ${max}`),
  )
}
