// GET /api/results/job/{job_id}: an analysis, taken apart into moments.
import * as v from 'valibot'
import { noBody, operation, raw } from './operation.ts'
import { foreignVideo } from './videos.ts'

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
}
