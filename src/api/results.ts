// GET /api/results/job/{job_id} and …/segments: an analysis, taken apart into moments.
import * as v from 'valibot'
import { cursor, queryNumber, querySeconds, text, timestampSchema, uuidSchema } from './fields.ts'
import { json, noBody, noQuery, operation, raw } from './operation.ts'
import { foreignVideo, MADE_BY_OTHER } from './videos.ts'

export const segmentSchema = v.object({
  id: uuidSchema,
  job_id: uuidSchema,
  module: v.string(),
  content: v.string(),
  start_time: v.number(),
  end_time: v.nullable(v.number()),
  metadata: v.record(v.string(), v.unknown()),
  created_at: timestampSchema,
})

export const resultsApi = {
  getResults: operation({
    route: 'GET /api/results/job/{job_id}',
    tag: 'Videos',
    summary: 'The results of a video’s analysis, or a file of its moments',
    description:
      'JSON: `video`, `segments` (`module`, `content`, `start_time`, `end_time` or null, `metadata`, by start) and every' +
      ' member of the analysis under its own name. Segments are its entries that have a `start_time`. With `format` the' +
      ' answer is a download: that JSON, a table (`csv`), subtitles (`vtt`) or notes (`md`). In CSV a cell that begins' +
      ' like a formula has an apostrophe before it.',
    access: 'videos:read',
    query: v.strictObject({ format: v.optional(v.picklist(['json', 'csv', 'vtt', 'md'])) }),
    body: noBody,
    answers: { 200: raw('The results', '*/*') },
    refusals: {
      403: foreignVideo[403],
      404: [...foreignVideo[404], 'Video has no results', 'Results of this video cannot be read'],
    },
  }),

  listSegments: operation({
    route: 'GET /api/videos/{job_id}/segments',
    tag: 'Videos',
    summary: 'The moments of a video’s analysis, by start',
    description:
      'Entries of the analysis that have a `start_time`, in seconds. `module` names one module; `from` and `to` leave those' +
      ' that touch that span. An `id` is stable until the video is analysed again. Empty without an analysis.',
    access: 'videos:read',
    query: v.strictObject({
      module: v.optional(text(1, 255)),
      from: v.optional(querySeconds),
      to: v.optional(querySeconds),
      limit: v.optional(queryNumber(1, 1000)),
      cursor: v.optional(cursor),
    }),
    body: noBody,
    answers: {
      200: json('One page', v.array(segmentSchema), { Link: '`<…>; rel="next"`: the next page, when there is one' }),
    },
    refusals: { 403: foreignVideo[403], 404: [...foreignVideo[404], 'Results of this video cannot be read'] },
  }),

  clearSegments: operation({
    route: 'DELETE /api/videos/{job_id}/segments',
    tag: 'Videos',
    summary: 'Take a video’s analysis away',
    description:
      'Removes the analysis with all of its segments; shared reports show none then. The video is `uploaded` again.',
    access: 'videos:write',
    query: noQuery,
    body: noBody,
    answers: { 200: json('Done', v.object({ ok: v.literal(true), message: v.literal('Segments cleared') })) },
    refusals: { ...foreignVideo, 403: [...foreignVideo[403], MADE_BY_OTHER], 409: ['Video is being processed'] },
  }),
}
