// /api/videos and the registration of uploads.
import * as v from 'valibot'
import { PLAYBACK_MODES } from '../../core/playback-mode.ts'
import { MAX_OBJECT_BYTES } from '../../core/storage/media-type.ts'
import { VIDEO_STATUSES } from '../../core/videos/status.ts'
import { deleteVideo, deleteVideoAndFiles } from '../../domain/videos/deletion.ts'
import { changeVideo, findVideo, listVideos, registerUpload, type VideoDeps } from '../../domain/videos/videos.ts'
import { cursor, durationSeconds, queryNumber, shownId, text, wholeNumber } from '../fields.ts'
import type { Router } from '../router.ts'
import { showVideo, videoSchema } from '../video-view.ts'

const TAG = 'Videos'
const DEFAULT_LIST_LIMIT = 50

const videoName = text(1, 255)
/** `on` is an older word for `public`. */
const playbackMode = v.pipe(
  v.picklist([...PLAYBACK_MODES, 'on']),
  v.transform((word) => (word === 'on' ? 'public' : word)),
)
const registerBody = v.strictObject({
  file_path: v.string(),
  file_name: v.optional(videoName),
  // Checked and not believed: the object says how large it is.
  file_size: v.optional(wholeNumber(0, MAX_OBJECT_BYTES)),
  duration: v.optional(durationSeconds),
  job_id: v.optional(v.string()),
  playback: v.optional(playbackMode, 'public'),
})
const changeBody = v.strictObject({
  name: v.optional(videoName),
  description: v.optional(text(0, 5000)),
  status: v.optional(v.picklist(VIDEO_STATUSES)),
  duration: v.optional(v.nullable(durationSeconds)),
  playback: v.optional(playbackMode),
})
const listQuery = v.strictObject({
  status: v.optional(v.picklist(VIDEO_STATUSES)),
  limit: v.optional(queryNumber(1, 100)),
  cursor: v.optional(cursor),
})
const deleteQuery = v.strictObject({ files: v.optional(v.picklist(['true', 'false']), 'false') })

const deletionSchema = v.object({
  ok: v.literal(true),
  deleted: v.optional(v.number()),
  remaining: v.optional(v.number()),
})

export function videoRoutes(router: Router, deps: VideoDeps): void {
  router.add(
    {
      method: 'POST',
      path: '/api/processing/register-upload',
      tag: TAG,
      summary: 'Make a video of an uploaded object',
      description: 'The same path, or an own `job_id`, again: the video that is there, and `alreadyExists`.',
      access: 'videos:write',
      body: registerBody,
      answers: {
        200: {
          description: 'Registered, now or before',
          schema: v.object({ success: v.literal(true), job_id: shownId, alreadyExists: v.boolean() }),
        },
      },
    },
    async ({ c, principal, body }) => {
      const { jobId, isNew } = await registerUpload(deps, principal, {
        filePath: body.file_path,
        fileName: body.file_name,
        durationSeconds: body.duration,
        jobId: body.job_id,
        playback: body.playback,
      })
      return c.json({ success: true, job_id: jobId, alreadyExists: !isNew })
    },
  )

  router.add(
    {
      method: 'GET',
      path: '/api/videos',
      tag: TAG,
      summary: 'The videos of the caller, newest first',
      description: 'When there are more, `Link: <…>; rel="next"` is the address of the next page.',
      access: 'videos:read',
      query: listQuery,
      answers: { 200: { description: 'One page', schema: v.array(videoSchema) } },
    },
    async ({ c, origin, principal, query }) => {
      const limit = query.limit ?? DEFAULT_LIST_LIMIT
      const page = await listVideos(deps, principal, { status: query.status, cursor: query.cursor, limit })
      if (page.cursor !== undefined) {
        const next = new URLSearchParams({
          ...(query.status === undefined ? {} : { status: query.status }),
          limit: String(limit),
          cursor: page.cursor,
        })
        c.header('Link', `<${origin}/api/videos?${next.toString()}>; rel="next"`)
      }
      return c.json(page.videos.map((video) => showVideo(video, origin)))
    },
  )

  router.add(
    {
      method: 'GET',
      path: '/api/videos/{job_id}',
      tag: TAG,
      summary: 'One video',
      access: 'videos:read',
      answers: { 200: { description: 'The video', schema: videoSchema } },
    },
    async ({ c, origin, principal, param }) =>
      c.json(showVideo(await findVideo(deps, principal, param('job_id')), origin)),
  )

  router.add(
    {
      method: 'PATCH',
      path: '/api/videos/{job_id}',
      tag: TAG,
      summary: 'Change a video',
      description:
        'Status goes `uploaded` → `queued` → `processing` → `completed` or `failed`, and from these back to `queued`;' +
        ' another step is a 409. `playback` `off` ends every link to it within 60 seconds and deletes nothing; `public` takes that back.',
      access: 'videos:write',
      body: changeBody,
      answers: { 200: { description: 'The video', schema: videoSchema } },
    },
    async ({ c, origin, principal, param, body }) => {
      const { name, description, status, playback } = body
      const change = { name, description, status, playback, durationSeconds: body.duration }
      return c.json(showVideo(await changeVideo(deps, principal, { jobId: param('job_id'), change }), origin))
    },
  )

  router.add(
    {
      method: 'DELETE',
      path: '/api/videos/{job_id}',
      tag: TAG,
      summary: 'Delete a video, and with `files=true` its objects',
      description:
        'A video of very many objects takes several requests: 202 says how many are left, and the same request' +
        ' goes on. Playback and shared reports end with the first.',
      access: 'videos:write',
      query: deleteQuery,
      answers: {
        200: { description: 'Done', schema: deletionSchema },
        202: { description: 'Objects are left: repeat the request', schema: deletionSchema },
      },
    },
    async ({ c, principal, param, query }) => {
      if (query.files !== 'true') {
        await deleteVideo(deps, principal, param('job_id'))
        return c.json({ ok: true })
      }
      const { deletedCount, remainingCount } = await deleteVideoAndFiles(deps, principal, param('job_id'))
      const body = { ok: true, deleted: deletedCount, remaining: remainingCount }
      return c.json(body, remainingCount > 0 ? 202 : 200)
    },
  )
}
