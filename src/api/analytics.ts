// /api/analytics: what was watched, and how well it played.
import * as v from 'valibot'
import { cursor, instant, timestampSchema, uuidSchema } from './fields.ts'
import { json, noBody, noQuery, operation } from './operation.ts'
import { foreignVideo } from './videos.ts'

const tag = 'Analytics'
const NO_CURSOR = 'cursor: is not a cursor of this list'
const TOO_MUCH = 'from: there is more than one answer can sum up; ask for a shorter range'
const BEFORE = 'from: must be before to'
const TOO_LONG = 'from: must be at most 31 days before to'

const counts = v.record(v.string(), v.number())
const metrics = {
  plays: v.pipe(v.number(), v.description('Viewings that fetched a segment, or whose player said that it plays')),
  viewers: v.pipe(v.number(), v.description('Viewers whom tokens name, and each play of others')),
  hours_watched: v.number(),
  startup_ms: v.object({ p50: v.nullable(v.number()), p95: v.nullable(v.number()) }),
  rebuffer_ratio: v.pipe(v.nullable(v.number()), v.description('Of the time from the first frame on')),
  rebuffer_count: v.number(),
  exits_before_start: v.pipe(v.number(), v.description('Asked to play, left before the first frame')),
  errors: v.pipe(counts, v.description('By code: `http_…` as answered, others as players name them')),
  mean_bitrate: v.pipe(v.nullable(v.number()), v.description('Bits a second of what was delivered')),
  switches: v.number(),
  completion: v.pipe(v.nullable(v.number()), v.description('Mean share of the film that was seen')),
}

export const analyticsSeriesSchema = v.object({
  interval: v.picklist(['hour', 'day']),
  from: timestampSchema,
  to: timestampSchema,
  totals: v.object({ ...metrics, live_now: v.number() }),
  series: v.array(v.object({ at: timestampSchema, ...metrics })),
})

export const analyticsGroupsSchema = v.object({
  groups: v.array(v.object({ key: v.pipe(v.nullable(v.string()), v.description('null: not known')), ...metrics })),
})

export const analyticsPlaySchema = v.object({
  sid: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  job_id: uuidSchema,
  viewer: v.nullable(v.pipe(v.string(), v.description('As the token names the viewer'))),
  begun_at: timestampSchema,
  seconds: v.pipe(v.number(), v.description('Watched')),
  country: v.nullable(v.string()),
  device: v.picklist(['desktop', 'phone', 'tablet', 'tv', 'other']),
  player: v.string(),
  startup_ms: v.nullable(v.number()),
  rebuffer_count: v.number(),
  errors: counts,
})

const heatSchema = v.object({
  buckets: v.pipe(
    v.array(v.object({ watched: v.number(), watched_again: v.number(), left: v.number() })),
    v.length(100),
    v.description('Hundredths of the film, in order: how many plays'),
  ),
})

const range = { from: v.optional(instant), to: v.optional(instant) }
const interval = v.optional(v.picklist(['hour', 'day']))
const RANGE =
  'Plays that began from `from` to `to`, both taken to whole hours outwards; the last seven days when they are absent. At' +
  ' most 400 days, 31 with `interval=hour`. What has nothing in it is left out of the series.'

export const analyticsApi = {
  getVideoAnalytics: operation({
    route: 'GET /api/videos/{job_id}/analytics',
    tag,
    summary: 'How a film was watched, over time',
    description: RANGE,
    access: 'analytics:read',
    query: v.strictObject({ ...range, interval }),
    body: noBody,
    answers: { 200: json('Totals and series', analyticsSeriesSchema) },
    refusals: { ...foreignVideo, 422: [BEFORE, TOO_LONG, TOO_MUCH] },
  }),

  getVideoHeat: operation({
    route: 'GET /api/videos/{job_id}/analytics/heat',
    tag,
    summary: 'Which parts of a film were watched, watched again, and left at',
    description: 'Of all plays of the last 400 days, by hundredths of the film.',
    access: 'analytics:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('A hundred buckets', heatSchema) },
    refusals: { ...foreignVideo },
  }),

  getAnalytics: operation({
    route: 'GET /api/analytics',
    tag,
    summary: 'How all films were watched, over time or in groups',
    description: `${RANGE} With \`group_by\` the totals of each group instead, the thousand with the most plays first.`,
    access: 'analytics:read',
    query: v.strictObject({
      ...range,
      interval,
      group_by: v.optional(v.picklist(['video', 'country', 'device', 'player', 'project'])),
    }),
    body: noBody,
    answers: { 200: json('Totals and series, or groups', v.union([analyticsSeriesSchema, analyticsGroupsSchema])) },
    refusals: { 422: [BEFORE, TOO_LONG, TOO_MUCH] },
  }),

  getLiveAnalytics: operation({
    route: 'GET /api/analytics/live',
    tag,
    summary: 'Who watches now, by film',
    description: 'Viewings that were served something in the last three minutes; a viewer with several counts once.',
    access: 'analytics:read',
    query: noQuery,
    body: noBody,
    answers: {
      200: json(
        'The films with the most viewers first, at most a thousand',
        v.object({
          viewers: v.number(),
          films: v.array(v.object({ job_id: uuidSchema, name: v.string(), viewers: v.number() })),
        }),
      ),
    },
    refusals: {},
  }),

  listPlays: operation({
    route: 'GET /api/analytics/plays',
    tag,
    summary: 'Single plays of the last 90 days, newest first',
    description: 'With `format=csv` a page has 1,000 lines, and the header `X-Next-Cursor` leads on.',
    access: 'analytics:read',
    query: v.strictObject({ cursor: v.optional(cursor), format: v.optional(v.picklist(['json', 'csv'])) }),
    body: noBody,
    answers: {
      200: {
        ...json(
          'A page of at most 100',
          v.object({ plays: v.array(analyticsPlaySchema), cursor: v.nullable(v.string()) }),
          { 'X-Next-Cursor': 'Of `format=csv`: leads to the next page' },
        ),
        alsoAs: 'text/csv; charset=utf-8',
      },
    },
    refusals: { 422: [NO_CURSOR] },
  }),
}
