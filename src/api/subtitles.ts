// /api/videos/{job_id}/subtitles: the text tracks of a stream.
import * as v from 'valibot'
import { text } from './fields.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'
import { foreignVideo } from './videos.ts'

const tag = 'Videos'

/** Ten hours of dialogue are some 600 kB. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024

const tracksSchema = v.object({
  tracks: v.array(
    v.object({
      language: v.nullable(v.string()),
      name: v.string(),
      forced: v.boolean(),
      /** Below the stream's folder. */
      uri: v.string(),
    }),
  ),
})

const NO_STREAM = [...foreignVideo[404], 'Stream not found'] as const
const NO_TRACKS = 'The entry of this stream is no multivariant playlist: it can have no subtitles'
const CHANGING = 'The stream is being changed by somebody else: try again'

const common = { tag, query: noQuery } as const

export const subtitlesApi = {
  listSubtitles: operation({
    ...common,
    route: 'GET /api/videos/{job_id}/subtitles',
    summary: 'The subtitle tracks of a video’s stream',
    access: 'videos:read',
    body: noBody,
    answers: { 200: json('As the stream’s entry playlist names them', tracksSchema) },
    refusals: { 403: foreignVideo[403], 404: NO_STREAM, 409: [NO_TRACKS] },
  }),

  putSubtitles: operation({
    ...common,
    route: 'PUT /api/videos/{job_id}/subtitles/{language}',
    summary: 'Add the subtitles of a language, or replace them',
    description:
      '`text` is WebVTT or SubRip, repaired where that is possible; `language` a BCP 47 tag. The track is part of the' +
      ' stream at once where the request is handled, and everywhere within a minute; who watches already keeps what they' +
      ' have. `forced`: shown to everyone, beside the language’s other track.',
    access: 'videos:write',
    body: jsonBody(
      v.strictObject({
        text: text(1, MAX_TEXT_BYTES),
        name: v.optional(text(1, 100)),
        forced: v.optional(v.boolean(), false),
      }),
      { maxBytes: MAX_TEXT_BYTES },
    ),
    answers: { 200: json('The tracks that there are now', tracksSchema) },
    refusals: { 403: foreignVideo[403], 404: NO_STREAM, 409: [NO_TRACKS, CHANGING] },
  }),

  deleteSubtitles: operation({
    ...common,
    route: 'DELETE /api/videos/{job_id}/subtitles/{language}',
    summary: 'Take the subtitles of a language out of the stream',
    access: 'videos:write',
    body: noBody,
    answers: { 200: json('The tracks that are left', tracksSchema) },
    refusals: { 403: foreignVideo[403], 404: [...NO_STREAM, 'Subtitles not found'], 409: [NO_TRACKS, CHANGING] },
  }),
}
