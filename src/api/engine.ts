// /api/v1: the engine behind the gate. This list is the gate: what is not on it never reaches the engine.
import * as v from 'valibot'
import { FAULTS } from '../core/fault.ts'
import { queryNumber } from './fields.ts'
import { json, noBody, noQuery, operation, raw, rawBody, rawJson } from './operation.ts'

const tag = 'Engine'
const AS_THE_ENGINE = 'As the engine says it'

const engineVideo = v.looseObject({ video_id: v.optional(v.string()) })

/** What the gate reads of a job; the engine's answers may hold more. */
export const jobSchema = v.looseObject({
  job_id: v.string(),
  video_id: v.nullable(v.string()),
  status: v.nullable(v.string()),
  progress_percent: v.nullable(v.number()),
  current_stage: v.nullable(v.string()),
  created_at: v.string(),
  updated_at: v.nullable(v.string()),
})

const jobPage = v.object({ jobs: v.array(jobSchema), total: v.number(), page: v.number(), page_size: v.number() })
const jobRequest = v.looseObject({
  video_id: v.string(),
  template_video_id: v.optional(v.string()),
  webhook_url: v.optional(v.pipe(v.string(), v.description('Told of the end of the job by a signed event'))),
})
const formRequest = v.looseObject({ file: v.any(), template_video_id: v.optional(v.string()) })

/** A job in the engine's own answer, which may leave anything out. */
const engineJob = v.partial(jobSchema)
const PASSES_ON = "The engine's own envelopes pass, with any status."

/** How a call of the engine can fail: see docs/engine.md. */
const engineFailures = {
  502: ['Engine gave no usable answer'],
  503: ['Engine is temporarily unavailable', 'Engine is not configured'],
  504: ['Engine did not answer in time'],
} as const
const foreignJob = { 403: ['Job does not belong to this user'], 404: [FAULTS.job_not_found.detail] } as const

export const engineApi = {
  getEngineHealth: operation({
    route: 'GET /api/v1/health',
    tag,
    summary: "The engine's own health",
    access: 'public',
    query: noQuery,
    openQuery: 'Parameters that probes add are ignored.',
    body: noBody,
    answers: { 200: rawJson(AS_THE_ENGINE, envelope(v.unknown())) },
    refusals: { ...engineFailures },
    passesOn: PASSES_ON,
  }),

  getAssertionKeys: operation({
    route: 'GET /api/v1/.well-known/jwks.json',
    tag,
    summary: 'The public keys of X-Lynxgate-Assertion, for the engine',
    access: 'public',
    query: noQuery,
    body: noBody,
    answers: { 200: json('RFC 7517', v.object({ keys: v.pipe(v.array(v.looseObject({})), v.readonly()) })) },
    refusals: { 503: engineFailures[503] },
  }),

  uploadEngineVideo: operation({
    route: 'POST /api/v1/videos/upload',
    tag,
    summary: 'Upload a film to the engine',
    description:
      "Streamed, never kept. The video belongs to the caller who uploads it. Another user's video in a field is refused, and so is a form that parsers could read in different ways.",
    access: 'engine:write',
    query: noQuery,
    body: rawBody('multipart/form-data', formRequest),
    answers: { 200: rawJson(AS_THE_ENGINE, envelope(engineVideo)) },
    refusals: {
      403: ['Video does not belong to this user'],
      400: ['Request body ended early'],
      413: ['Request body is too large'],
      415: [
        'Content-Type must be multipart/form-data, in UTF-8 if it has a charset',
        'Content-Encoding must be identity',
      ],
      422: ['{field}: {what is wrong}'],
      ...engineFailures,
    },
    passesOn: PASSES_ON,
  }),

  createJob: operation({
    route: 'POST /api/v1/jobs',
    tag,
    summary: 'Create a job',
    description:
      "The job belongs to the caller who creates it. Another user's video is refused, and so is JSON that parsers could read in different ways. A `webhook_url` never reaches the engine: it gets a `job.finished` event at the end of the job, signed with the default secret.",
    access: 'engine:write',
    query: noQuery,
    body: rawBody('application/json', jobRequest),
    answers: { 200: rawJson(AS_THE_ENGINE, envelope(engineJob)) },
    refusals: {
      400: ['Invalid JSON body'],
      403: ['Video does not belong to this user', 'Job does not belong to this user'],
      413: ['Request body is too large'],
      415: ['Content-Type must be application/json', 'Content-Encoding must be identity'],
      422: ['{field}: {what is wrong}', 'webhook_url: {what is wrong}'],
      ...engineFailures,
      503: [...engineFailures[503], 'Webhooks need a queue, and none is bound'],
    },
    passesOn: PASSES_ON,
  }),

  takeCallback: operation({
    route: 'POST /api/v1/callbacks/{token}',
    tag,
    summary: 'The engine says that a job has ended',
    description:
      "Called by the engine, under the address that it was given in place of the caller's `webhook_url`. Nothing of its body is read: the engine is asked how the job ended, and the caller is told by a `job.finished` event, once.",
    access: 'public',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The caller is told, or was before', envelope(v.object({}))) },
    refusals: {
      404: ['Callback not found'],
      ...engineFailures,
      503: ['The job has not ended', ...engineFailures[503]],
    },
  }),

  listJobs: operation({
    route: 'GET /api/v1/jobs',
    tag,
    summary: "The caller's own jobs, newest first",
    description: 'With the last known status of each. The engine is not asked.',
    access: 'engine:read',
    query: v.strictObject({
      page: v.optional(queryNumber(1, 1_000_000), '1'),
      page_size: v.optional(queryNumber(1, 100), '10'),
    }),
    body: noBody,
    answers: { 200: json('A page', envelope(jobPage)) },
    refusals: { 503: engineFailures[503] },
  }),

  getJob: operation({
    route: 'GET /api/v1/jobs/{job_id}',
    tag,
    summary: 'A job of the caller, as the engine reports it now',
    access: 'engine:read',
    query: noQuery,
    body: noBody,
    answers: { 200: rawJson(AS_THE_ENGINE, envelope(engineJob)) },
    refusals: { ...foreignJob, ...engineFailures },
    passesOn: PASSES_ON,
  }),

  deleteJob: operation({
    route: 'DELETE /api/v1/jobs/{job_id}',
    tag,
    summary: 'Delete or cancel a job of the caller',
    access: 'engine:write',
    query: noQuery,
    body: noBody,
    answers: {
      200: rawJson(AS_THE_ENGINE, envelope(v.unknown())),
      204: raw('The engine says that it is done, and no more', undefined),
    },
    refusals: { ...foreignJob, ...engineFailures },
    passesOn: PASSES_ON,
  }),

  getJobResult: operation({
    route: 'GET /api/v1/jobs/{job_id}/result',
    tag,
    summary: 'The result of a job of the caller',
    access: 'engine:read',
    query: noQuery,
    body: noBody,
    answers: { 200: rawJson(AS_THE_ENGINE, envelope(v.unknown())) },
    refusals: { ...foreignJob, ...engineFailures },
    passesOn: PASSES_ON,
  }),
}

function envelope<Data extends v.GenericSchema>(data: Data) {
  return v.looseObject({ success: v.boolean(), message: v.optional(v.string()), data: v.optional(data) })
}
