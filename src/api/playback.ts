// Public playback: redirects to presigned URLs, and rewritten playlists.
import * as v from 'valibot'
import { AUDIENCES } from '../core/playback/claims.ts'
import {
  cursor,
  doneSchema,
  exactlyOneOf,
  instant,
  oneOfRequired,
  text,
  timestampSchema,
  urlSchema,
  uuidSchema,
} from './fields.ts'
import { json, jsonBody, noBody, noQuery, operation, raw } from './operation.ts'

const tag = 'Playback'
const PLAYERS_OWN = 'Parameters that players add are ignored.'
const PLAYLISTS_OWN = 'Players may add parameters; a playlist can read them (EXT-X-DEFINE with QUERYPARAM).'

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

/** Of a private film; a public one ignores it. At most 8 KB. */
const token = v.optional(v.string())
const tokenQuery = v.strictObject({ token })

const redirect = raw('To the presigned object', undefined, {
  Location: 'Where the bytes are',
  'Cache-Control': '`private, max-age=` what is left of the signing window',
})
const playlist = raw('The playlist, every URI rewritten', PLAYLIST_TYPE, { ETag: 'Weak, of this text' })
const toSession = raw('To the playlist below the session of this viewing', undefined, { Location: '`/v/<session>/…`' })
const unchanged = raw('The caller has it (`If-None-Match`)', undefined)
export const NO_SECRET = 'Private playback needs EDGE_SIGNING_SECRET'
const NO_LIVE_SESSIONS = 'Live sessions need a binding that is not there'
const STREAMS_UNAVAILABLE = 'Counting streams needs a binding that is not there'
const TOO_MANY_REVOCATIONS = 'At most 10000 revocations can be in force; end viewings by film or by signing key instead'
/** Of a private film, without a token that fits. */
export const tokenRefusals = [
  'Playback token is required',
  'Playback token is invalid',
  'Playback token has expired',
  'Playback token is not valid yet',
  'Playback token was already used',
  'Playback is not allowed from this country',
  'Playback is not allowed from this network',
  'Playback is not allowed from this page',
] as const
const noVideo = { 403: tokenRefusals, 404: ['Video not found'], 503: [NO_SECRET] } as const
const noStream = {
  403: [...tokenRefusals, 'Too many streams at once'],
  503: [NO_SECRET, STREAMS_UNAVAILABLE, 'Playback is temporarily unavailable'],
  404: ['Video not found', 'Stream not found'],
  422: ["Playlist line 6: reference leaves the stream's folder", 'Playlist is too large'],
} as const

export const playbackTokenSchema = v.object({
  token: v.string(),
  expires_at: timestampSchema,
  stream_url: urlSchema,
  watch_url: urlSchema,
  embed_url: urlSchema,
  thumbnail_url: urlSchema,
})

export const livePlaySchema = v.object({
  sid: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  job_id: uuidSchema,
  viewer: v.nullable(v.pipe(v.string(), v.description('As the token names the viewer'))),
  begun_at: timestampSchema,
  last_seen_at: timestampSchema,
  country: v.nullable(v.string()),
  player: v.pipe(v.string(), v.description('`safari`, `avplayer`, `ffmpeg`, …; `other` when it is not known')),
  bytes: v.pipe(v.number(), v.description('Served by this service; with `s3` delivery playlists only')),
})
const livePlaysSchema = v.object({ sessions: v.array(livePlaySchema), cursor: v.nullable(v.string()) })

export const playbackApi = {
  getThumbnail: operation({
    route: 'GET /api/playback/thumbnail/{job_id}',
    tag,
    summary: 'The thumbnail',
    access: 'public',
    query: tokenQuery,
    openQuery: PLAYERS_OWN,
    body: noBody,
    head: 'The same redirect, to a URL that answers HEAD',
    answers: { 302: redirect },
    refusals: { ...noVideo },
  }),

  getOriginal: operation({
    route: 'GET /api/playback/direct',
    tag,
    summary: 'The original film, for progressive playback or download',
    description: 'Exactly one of `job_id` and `path`; `path` is the storage path of a registered video.',
    access: 'public',
    query: v.pipe(
      v.strictObject({
        job_id: v.optional(v.string()),
        path: v.optional(v.string()),
        download: v.optional(v.picklist(['0', '1'])),
        token,
      }),
      exactlyOneOf('job_id', 'path'),
      oneOfRequired('job_id', 'path'),
    ),
    openQuery: PLAYERS_OWN,
    body: noBody,
    head: 'The same redirect, to a URL that answers HEAD',
    answers: { 302: redirect },
    refusals: { ...noVideo },
  }),

  getStream: operation({
    route: 'GET /api/playback/stream/{job_id}',
    tag,
    summary: 'The HLS entry playlist; of a private film, with a token, the beginning of a viewing',
    access: 'public',
    query: tokenQuery,
    openQuery: PLAYLISTS_OWN,
    body: noBody,
    head: 'Whether there is a stream: 200 or 404',
    answers: { 200: playlist, 302: toSession, 304: unchanged },
    refusals: { ...noStream },
  }),

  getStreamFile: operation({
    route: 'GET /api/playback/stream/{job_id}/{path}',
    isDeep: true,
    tag,
    summary: 'A file of the stream that players ask the API for',
    description: 'Child playlists, key files of at most 64 bytes, and JSON or WebVTT that name objects.',
    access: 'public',
    query: noQuery,
    openQuery: PLAYLISTS_OWN,
    body: noBody,
    answers: { 200: raw('The file, every URI rewritten', '*/*'), 302: toSession, 304: unchanged },
    refusals: { ...noStream },
  }),

  getSessionFile: operation({
    route: 'GET /v/{session}/{path}',
    isDeep: true,
    tag,
    summary: 'A file of a viewing: playlists as they are stored, and bytes',
    description:
      'The address comes from the entry playlist. Single ranges, If-Range and all conditions of RFC 9110. It ends with' +
      ' the viewing: by its time, by a revocation, or because the film is no longer there.',
    access: 'public',
    query: noQuery,
    openQuery: PLAYLISTS_OWN,
    body: noBody,
    head: 'The headers of GET',
    answers: {
      200: raw('The file', '*/*', { ETag: 'Of this version' }),
      206: raw('A range of it', '*/*', { 'Content-Range': 'Which bytes of how many' }),
      304: unchanged,
    },
    refusals: {
      403: ['Playback session is invalid', 'Playback session has ended', 'Playback is not allowed at this quality'],
      404: ['Video not found', 'Stream not found', 'Media not found'],
      412: ['Precondition failed'],
      416: ['Range Not Satisfiable'],
      422: noStream[422],
      503: ['Playback is temporarily unavailable'],
    },
  }),

  createPlaybackToken: operation({
    route: 'POST /api/playback/tokens',
    tag,
    summary: 'A playback token, signed by the gate, for those who do not want to sign themselves',
    description: 'All claims of a playback token beside `job_id`. `exp` is an hour from now when it is absent.',
    access: 'playback:sign',
    query: noQuery,
    body: jsonBody(
      v.strictObject({
        job_id: v.string(),
        aud: v.optional(v.union([v.picklist(AUDIENCES), v.array(v.picklist(AUDIENCES))])),
        exp: v.optional(v.number()),
        nbf: v.optional(v.number()),
        max: v.optional(v.number()),
        jti: v.optional(text(1, 128)),
        uses: v.optional(v.number()),
        viewer: v.optional(text(1, 64)),
        streams: v.optional(v.number()),
        streams_rule: v.optional(v.picklist(['replace', 'refuse'])),
        geo: v.optional(v.record(v.string(), v.array(v.string()))),
        net: v.optional(v.array(v.string())),
        bind: v.optional(v.literal('prefix')),
        origin: v.optional(v.array(v.string())),
        origin_none: v.optional(v.boolean()),
        lines: v.optional(v.number()),
      }),
    ),
    answers: { 201: json('The token, and where it is for', playbackTokenSchema) },
    refusals: { 403: ['Video does not belong to this user'], 404: ['Video not found'], 503: [NO_SECRET] },
  }),

  createPlaybackRevocation: operation({
    route: 'POST /api/playback/revocations',
    tag,
    summary: 'End all viewings of a viewer, a film or a signing key',
    description:
      'Those that began at or before `begun_before` (now when it is absent). Within PLAYBACK_REVOCATION_SECONDS' +
      ' everywhere, at once where the request is handled.',
    access: 'playback:write',
    query: noQuery,
    body: jsonBody(
      v.pipe(
        v.strictObject({
          viewer: v.optional(text(1, 64)),
          job_id: v.optional(v.string()),
          signing_key_id: v.optional(v.string()),
          begun_before: v.optional(instant),
        }),
        v.check(
          ({ viewer, job_id, signing_key_id }) =>
            [viewer, job_id, signing_key_id].filter((field) => field !== undefined).length === 1,
          'give exactly one of viewer, job_id and signing_key_id',
        ),
      ),
    ),
    answers: { 201: json('What was ended', v.object({ id: uuidSchema, begun_before: timestampSchema })) },
    refusals: { 404: ['Signing key not found'], 409: [TOO_MANY_REVOCATIONS], 503: [NO_SECRET] },
  }),

  listPlaybackSessions: operation({
    route: 'GET /api/playback/sessions',
    tag,
    summary: 'Who is watching now',
    description:
      'Viewings that were served something in the last three minutes, of one film or viewer if asked for; ended ones are' +
      ' not among them. A picture of the moment: `bytes` lags by about two minutes.',
    access: 'playback:read',
    query: v.strictObject({
      job_id: v.optional(v.string()),
      viewer: v.optional(text(1, 64)),
      cursor: v.optional(cursor),
    }),
    body: noBody,
    answers: { 200: json('A page of at most 100', livePlaysSchema) },
    refusals: { 503: [NO_SECRET, NO_LIVE_SESSIONS] },
  }),

  endPlaybackSession: operation({
    route: 'DELETE /api/playback/sessions/{sid}',
    tag,
    summary: 'End one viewing',
    access: 'playback:write',
    query: noQuery,
    body: noBody,
    answers: { 200: json('Done', doneSchema) },
    refusals: { 404: ['Playback session not found'], 409: [TOO_MANY_REVOCATIONS] },
  }),
}
