// /api/videos, and the registration of uploads.
import * as v from 'valibot'
import { PLAYBACK_MODES } from '../core/playback-mode.ts'
import { MAX_PARTED_BYTES } from '../core/storage/parts.ts'
import { VIDEO_SORTS } from '../core/videos/sort.ts'
import { VIDEO_STATUSES } from '../core/videos/status.ts'
import {
  cursor,
  durationSeconds,
  exactlyOneOf,
  oneOfRequired,
  queryNumber,
  text,
  timestampSchema,
  urlSchema,
  uuidSchema,
  wholeNumber,
} from './fields.ts'
import { json, jsonBody, noBody, noQuery, operation } from './operation.ts'
import { NO_SECRET } from './playback.ts'

const tag = 'Videos'

/** What everyone may know who has a link. */
export const sharedVideoSchema = v.object({
  job_id: uuidSchema,
  name: v.string(),
  description: v.string(),
  status: v.picklist(VIDEO_STATUSES),
  duration: v.nullable(v.number()),
  thumbnail_url: urlSchema,
  stream_url: urlSchema,
})

/** What its owner sees. */
export const videoSchema = v.object({
  ...sharedVideoSchema.entries,
  user_id: uuidSchema,
  playback: v.picklist(PLAYBACK_MODES),
  file_size: v.nullable(v.number()),
  storage_path: v.string(),
  project_id: v.nullable(uuidSchema),
  created_at: timestampSchema,
  updated_at: timestampSchema,
})

/** What came of one of many: `status` and `detail` are what a request for it alone would have been answered. */
const videoResultSchema = v.object({
  job_id: v.string(),
  status: v.picklist([200, 403, 404]),
  detail: v.optional(v.string()),
})

const videoName = text(1, 255)
const status = v.picklist(VIDEO_STATUSES)
/** `on` is an older word for `public`. */
const playbackMode = v.pipe(
  v.picklist([...PLAYBACK_MODES, 'on']),
  v.transform((word) => (word === 'on' ? 'public' : word)),
)

const deletionSchema = v.object({
  ok: v.literal(true),
  deleted: v.optional(v.number()),
  remaining: v.optional(v.number()),
})

/** Refusals of everything that names one video. */
/** To a member of an organisation who is no admin. */
export const MADE_BY_OTHER = 'Only its maker and an admin of the workspace may do this'
export const foreignVideo = { 403: ['Video does not belong to this user'], 404: ['Video not found'] } as const

export const videosApi = {
  registerUpload: operation({
    route: 'POST /api/processing/register-upload',
    tag,
    summary: 'Make a video of an uploaded object',
    description:
      'The object may still be on its way in parts: a multipart upload of that key that is open. The same path, or an' +
      ' own `job_id`, again: the video that is there, and `alreadyExists`.',
    access: 'videos:write',
    query: noQuery,
    body: jsonBody(
      v.strictObject({
        file_path: v.string(),
        file_name: v.optional(videoName),
        // Checked, but not trusted: the object says how large it is.
        file_size: v.optional(wholeNumber(0, MAX_PARTED_BYTES)),
        duration: v.optional(durationSeconds),
        job_id: v.optional(v.string()),
        playback: v.optional(playbackMode, 'public'),
        project_id: v.optional(v.string()),
      }),
    ),
    answers: {
      200: json(
        'Registered, now or before',
        v.object({ success: v.literal(true), job_id: uuidSchema, alreadyExists: v.boolean() }),
      ),
    },
    refusals: {
      403: [
        'Storage path does not belong to this user',
        'Video does not belong to this user',
        'Project does not belong to this user',
        MADE_BY_OTHER,
      ],
      404: ['Uploaded file not found', 'Project not found'],
      503: [NO_SECRET],
    },
  }),

  listVideos: operation({
    route: 'GET /api/videos',
    tag,
    summary: 'The videos of the caller, newest first unless sorted otherwise',
    description:
      '`q` finds videos whose name or description holds it, without regard to the case of A to Z. A cursor belongs to its' +
      ' `sort`; an unknown duration counts as 0.',
    access: 'videos:read',
    query: v.strictObject({
      status: v.optional(status),
      project_id: v.optional(uuidSchema),
      q: v.optional(text(1, 255)),
      sort: v.optional(v.picklist(VIDEO_SORTS), '-created_at'),
      limit: v.optional(queryNumber(1, 100)),
      cursor: v.optional(cursor),
    }),
    body: noBody,
    answers: {
      200: json('One page', v.array(videoSchema), { Link: '`<…>; rel="next"`: the next page, when there is one' }),
    },
    refusals: {},
  }),

  getVideo: operation({
    route: 'GET /api/videos/{job_id}',
    tag,
    summary: 'One video',
    access: 'videos:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The video', videoSchema) },
    refusals: { ...foreignVideo },
  }),

  updateVideo: operation({
    route: 'PATCH /api/videos/{job_id}',
    tag,
    summary: 'Change a video',
    description:
      'Status goes `uploaded` → `queued` → `processing` → `completed` or `failed`, and from these back to `queued`;' +
      ' another step is a 409. `playback` `off` revokes every link to it, at once where the request is handled and' +
      ' everywhere within 60 seconds, and deletes nothing; `public` takes that back.',
    access: 'videos:write',
    query: noQuery,
    body: jsonBody(
      v.strictObject({
        name: v.optional(videoName),
        description: v.optional(text(0, 5000)),
        status: v.optional(status),
        duration: v.optional(v.nullable(durationSeconds)),
        playback: v.optional(playbackMode),
        project_id: v.optional(v.nullable(v.string())),
      }),
    ),
    answers: { 200: json('The video', videoSchema) },
    refusals: {
      403: [...foreignVideo[403], 'Project does not belong to this user'],
      404: [...foreignVideo[404], 'Project not found'],
      409: ['Video cannot become {status} from the status it has'],
      503: [NO_SECRET],
    },
  }),

  replaceVideoSource: operation({
    route: 'PUT /api/videos/{job_id}/source',
    tag,
    summary: 'Put another film under the same links',
    description:
      'Its original is another own object from now on, stored or on its way in parts; its size is that object’s, and its' +
      ' duration what is given. Send the new stream’s segments under new names first and its entry playlist last. The' +
      ' object it had before stays, and is then listed as unregistered.',
    access: 'videos:write',
    query: noQuery,
    body: jsonBody(v.strictObject({ file_path: v.string(), duration: v.optional(durationSeconds) })),
    answers: { 200: json('The video', videoSchema) },
    refusals: {
      403: [...foreignVideo[403], 'Storage path does not belong to this user', MADE_BY_OTHER],
      404: [...foreignVideo[404], 'Uploaded file not found'],
      409: ['Another video has this file_path'],
    },
  }),

  changeVideos: operation({
    route: 'POST /api/videos/bulk',
    tag,
    summary: 'Change the playback of up to 100 videos, or delete them',
    description:
      'Exactly one of `playback` and `delete`. Each id has a result of its own, in order: one that is not the caller’s stops' +
      ' none of the others. A deletion leaves the objects, which are then listed as unregistered.',
    access: 'videos:write',
    query: noQuery,
    body: jsonBody(
      v.pipe(
        v.strictObject({
          job_ids: v.pipe(
            v.array(text(1, 64)),
            v.minLength(1, 'must be 1 to 100 ids'),
            v.maxLength(100, 'must be 1 to 100 ids'),
          ),
          playback: v.optional(playbackMode),
          delete: v.optional(v.literal(true)),
        }),
        exactlyOneOf('playback', 'delete'),
        oneOfRequired('playback', 'delete'),
      ),
    ),
    answers: { 200: json('A result for each id', v.object({ results: v.array(videoResultSchema) })) },
    refusals: { 503: [NO_SECRET] },
  }),

  deleteVideo: operation({
    route: 'DELETE /api/videos/{job_id}',
    tag,
    summary: 'Delete a video, and with `files=true` its objects',
    description:
      'A video of very many objects takes several requests: 202 says how many are left, and the same request' +
      ' goes on. Playback and shared reports end with the first.',
    access: 'videos:write',
    query: v.strictObject({ files: v.optional(v.picklist(['true', 'false']), 'false') }),
    body: noBody,
    answers: {
      200: json('Done', deletionSchema),
      202: json('Objects are left: repeat the request', deletionSchema),
    },
    refusals: { ...foreignVideo, 403: [...foreignVideo[403], MADE_BY_OTHER] },
  }),
}
