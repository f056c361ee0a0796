// /api/processing: having the engine analyse a video.
import * as v from 'valibot'
import { text, timestampSchema, uuidSchema } from './fields.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'
import { foreignVideo } from './videos.ts'

const tag = 'Processing'

export const processingSchema = v.object({
  job_id: uuidSchema,
  status: v.picklist(['queued', 'processing', 'completed', 'failed', 'cancelled']),
  progress_percent: v.nullable(v.number()),
  current_stage: v.nullable(v.string()),
  error: v.nullable(v.string()),
  processing_time: v.nullable(v.number()),
  created_at: timestampSchema,
  updated_at: timestampSchema,
})

const neverProcessed = { ...foreignVideo, 404: [...foreignVideo[404], 'Video was never processed'] } as const

export const processingApi = {
  startProcessing: operation({
    route: 'POST /api/processing/{job_id}/start',
    tag,
    summary: 'Have the engine analyse a video',
    description:
      'The service sends the original to the engine and waits for it, however long it takes. `selected_insights` reaches the' +
      ' engine as `config.insights`. At most five of a user are processed at once; the others wait in order.' +
      ' `processing_time` is in seconds.',
    access: 'videos:write',
    query: noQuery,
    body: jsonBody(
      v.strictObject({
        selected_insights: v.optional(
          v.pipe(
            v.array(text(1, 64)),
            v.minLength(1, 'must not be empty'),
            v.maxLength(50, 'must be at most 50 names'),
          ),
        ),
      }),
      { isOptional: true },
    ),
    answers: { 202: json('It is queued', processingSchema) },
    refusals: {
      ...foreignVideo,
      409: [
        'Video is being processed already',
        'Video has no duration, which the quota of engine minutes is counted by',
      ],
      429: ['Engine minutes of this month are used up'],
      503: ['Engine is not configured', 'Processing needs a Workflow, and none is bound'],
    },
  }),

  getProcessing: operation({
    route: 'GET /api/processing/{job_id}/status',
    tag,
    summary: 'How far the newest analysis of a video is',
    access: 'videos:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The analysis', processingSchema) },
    refusals: neverProcessed,
  }),

  cancelProcessing: operation({
    route: 'POST /api/processing/{job_id}/cancel',
    tag,
    summary: 'Cancel an analysis',
    description: 'The video is `uploaded` again. What is over, at the engine too, stays as it is.',
    access: 'videos:write',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The analysis as it is now', processingSchema) },
    refusals: neverProcessed,
  }),
}
