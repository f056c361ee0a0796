// /api/v1: the engine behind the gate.
import type * as v from 'valibot'
import { engineApi, type jobSchema } from '../../api/engine.ts'
import { reply } from '../../api/operation.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import type { Defer } from '../../domain/defer.ts'
import type { CallContext } from '../../domain/engine/call.ts'
import { takeCallback, type CallbackDeps } from '../../domain/engine/callbacks.ts'
import type { OwnedJob } from '../../domain/engine/owners.ts'
import { createJob, deleteJob, listJobs, readJob, readResult } from '../../domain/engine/jobs.ts'
import { engineHealth, enginePublicKeys } from '../../domain/engine/public.ts'
import type { EngineAnswer, StreamedBody } from '../../domain/engine/transport.ts'
import { uploadVideo } from '../../domain/engine/upload.ts'
import { readJsonText, refuseEncoded } from '../body.ts'
import type { HttpContext } from '../context.ts'
import type { Router } from '../router.ts'

const MAX_JSON_BYTES = 64 * 1024

export function engineRoutes(router: Router, deps: CallbackDeps): void {
  router.public(engineApi.getEngineHealth, async ({ c }) => send(await engineHealth(deps, contextOf(c))))

  router.public(engineApi.getAssertionKeys, async () =>
    reply(200, await enginePublicKeys(deps), { 'Cache-Control': 'public, max-age=300' }),
  )

  router.secured(engineApi.uploadEngineVideo, async ({ c, principal, defer }) => {
    const tenant = { principal, context: contextOf(c) }
    return send(await finishEvenIfClientDisconnects(defer, uploadVideo(deps, tenant, streamedForm(c.req.raw))))
  })

  router.secured(engineApi.createJob, async ({ c, principal, defer, origin }) => {
    const text = await readJsonText(c.req.raw, MAX_JSON_BYTES)
    const tenant = { principal, context: contextOf(c) }
    return send(await finishEvenIfClientDisconnects(defer, createJob(deps, tenant, { text, origin })))
  })

  router.public(engineApi.takeCallback, async ({ param }) => {
    await takeCallback(deps, param('token'))
    return reply(200, { success: true, message: 'Callback received', data: {} })
  })

  router.secured(engineApi.listJobs, async ({ principal, query: { page, page_size } }) => {
    const { jobs, total } = await listJobs(deps, principal, { page, pageSize: page_size })
    return reply(200, { success: true, message: 'Jobs', data: { jobs: jobs.map(renderJob), total, page, page_size } })
  })

  router.secured(engineApi.getJob, async ({ c, principal, defer }) => {
    const tenant = { principal, context: contextOf(c) }
    return send(await finishEvenIfClientDisconnects(defer, readJob(deps, tenant, rawJobId(c), defer)))
  })

  router.secured(engineApi.deleteJob, async ({ c, principal, defer }) => {
    const tenant = { principal, context: contextOf(c) }
    return send(await finishEvenIfClientDisconnects(defer, deleteJob(deps, tenant, rawJobId(c), defer)))
  })

  router.secured(engineApi.getJobResult, async ({ c, principal, defer }) => {
    const tenant = { principal, context: contextOf(c) }
    return send(await finishEvenIfClientDisconnects(defer, readResult(deps, tenant, rawJobId(c))))
  })
}

/** The call continues after the client has disconnected: by then the engine may have done the work, and it needs its owner. */
async function finishEvenIfClientDisconnects<T>(defer: Defer, call: Promise<T>): Promise<T> {
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

function streamedForm(request: Request): { contentType: string; body: StreamedBody | undefined } {
  refuseEncoded(request)
  const contentType = request.headers.get('Content-Type') ?? ''
  if (request.body === null) return { contentType, body: undefined }
  const length = request.headers.get('Content-Length')
  return { contentType, body: { stream: request.body, lengthBytes: length === null ? undefined : Number(length) } }
}

/** The engine's bytes as they came; of its headers only those that may pass. */
function send({ status, headers, body }: EngineAnswer): Response {
  // A 204: everything else has an envelope.
  if (body.length === 0) return new Response(null, { status, headers })
  return new Response(body, { status, headers: { ...headers, 'Content-Type': 'application/json' } })
}

export function renderJob({ jobId, snapshot, createdAtMs }: OwnedJob): v.InferOutput<typeof jobSchema> {
  return {
    job_id: jobId,
    video_id: snapshot.videoId ?? null,
    status: snapshot.status ?? null,
    progress_percent: snapshot.progressPercent ?? null,
    current_stage: snapshot.currentStage ?? null,
    created_at: snapshot.createdAt ?? formatTimestamp(createdAtMs),
    updated_at: snapshot.updatedAt ?? null,
  }
}
