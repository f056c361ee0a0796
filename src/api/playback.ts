// Public playback: redirects to presigned URLs, and rewritten playlists.
import * as v from 'valibot'
import { exactlyOneOf, oneOfRequired } from './fields.ts'
import { noBody, noQuery, operation, raw } from './operation.ts'

const tag = 'Playback'
const PLAYERS_OWN = 'Parameters that players add are ignored.'
const PLAYLISTS_OWN = 'Players may add parameters; a playlist can read them (EXT-X-DEFINE with QUERYPARAM).'

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'

const redirect = raw('To the presigned object', undefined, {
  Location: 'Where the bytes are',
  'Cache-Control': '`private, max-age=` what is left of the signing window',
})
const playlist = raw('The playlist, every URI rewritten', PLAYLIST_TYPE, { ETag: 'Weak, of this text' })
const unchanged = raw('The caller has it (`If-None-Match`)', undefined)
const noVideo = { 404: ['Video not found'] } as const
const noStream = {
  404: ['Video not found', 'Stream not found'],
  422: ["Playlist line 6: reference leaves the stream's folder", 'Playlist is too large'],
} as const

export const playbackApi = {
  getThumbnail: operation({
    route: 'GET /api/playback/thumbnail/{job_id}',
    tag,
    summary: 'The thumbnail',
    access: 'public',
    query: noQuery,
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
    summary: 'The HLS entry playlist',
    access: 'public',
    query: noQuery,
    openQuery: PLAYLISTS_OWN,
    body: noBody,
    head: 'Whether there is a stream: 200 or 404',
    answers: { 200: playlist, 304: unchanged },
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
    answers: { 200: raw('The file, every URI rewritten', '*/*'), 304: unchanged },
    refusals: { ...noStream },
  }),
}
