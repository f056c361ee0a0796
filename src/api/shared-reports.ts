// Shared reports: made, listed and deleted by a video's owner, seen by everyone who has the hash.
import * as v from 'valibot'
import { cursor, doneSchema, instant, queryNumber, timestampSchema, uuidSchema } from './fields.ts'
import { json, jsonBody, noBody, noQuery, operation, rawJson } from './operation.ts'
import { foreignVideo, sharedVideoSchema } from './videos.ts'

const tag = 'Shared reports'

export const sharedReportSchema = v.object({
  id: uuidSchema,
  video_id: uuidSchema,
  share_hash: v.string(),
  expires_at: v.nullable(timestampSchema),
  is_active: v.boolean(),
  view_count: v.number(),
  created_at: timestampSchema,
})

/** In a list across videos. */
export const namedReportSchema = v.object({ ...sharedReportSchema.entries, video_name: v.string() })

export const publicReportSchema = v.object({
  share_hash: v.string(),
  video: sharedVideoSchema,
  report: v.unknown(),
  created_at: timestampSchema,
})

export const sharedReportsApi = {
  createSharedReport: operation({
    route: 'POST /api/shared-reports',
    tag,
    summary: 'Share a video and its report by a secret link',
    access: 'reports:write',
    query: noQuery,
    body: jsonBody(v.strictObject({ video_id: v.string(), expires_at: v.optional(v.nullable(instant)) })),
    answers: { 201: json('The shared report', sharedReportSchema) },
    refusals: { ...foreignVideo, 409: ['A video can have at most 1000 shared reports'] },
  }),

  viewSharedReport: operation({
    route: 'GET /api/shared-reports/{report}',
    tag,
    summary: 'A shared report, for everyone who has its hash',
    description:
      'By its `share_hash`. `report` is the analysis as it was uploaded, or null when there is none, or none that can be shown. Each answer counts as one view.',
    access: 'public',
    query: noQuery,
    body: noBody,
    answers: { 200: rawJson('The shared report', publicReportSchema) },
    refusals: { 404: ['Shared report not found'] },
  }),

  listSharedReports: operation({
    route: 'GET /api/videos/{job_id}/shared-reports',
    tag,
    summary: 'The shared reports of one video, newest first',
    access: 'reports:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The shared reports', v.array(sharedReportSchema)) },
    refusals: { ...foreignVideo },
  }),

  listOwnSharedReports: operation({
    route: 'GET /api/shared-reports',
    tag,
    summary: 'The shared reports of all videos, newest first',
    description: 'Those that have ended too, until they are deleted. `cursor` leads to the next page.',
    access: 'reports:read',
    query: v.strictObject({ cursor: v.optional(cursor), limit: v.optional(queryNumber(1, 200)) }),
    body: noBody,
    answers: {
      200: json(
        'The shared reports',
        v.object({ shared_reports: v.array(namedReportSchema), cursor: v.nullable(v.string()) }),
      ),
    },
    refusals: { 422: ['cursor: is not a cursor of this list'] },
  }),

  deleteSharedReport: operation({
    route: 'DELETE /api/shared-reports/{report}',
    tag,
    summary: 'Delete a shared report by its `id`',
    access: 'reports:write',
    query: noQuery,
    body: noBody,
    answers: { 200: json('Done', doneSchema) },
    refusals: { 403: ['Shared report does not belong to this user'], 404: ['Shared report not found'] },
  }),
}
