// /api/videos and the registration of uploads.
import { reply } from '../../api/operation.ts'
import { videosApi } from '../../api/videos.ts'
import { deleteVideo, deleteVideoAndFiles } from '../../domain/videos/deletion.ts'
import { changePlaybackOfMany, deleteMany, type VideoOutcome } from '../../domain/videos/many.ts'
import {
  changeVideo,
  findVideo,
  listVideos,
  registerUpload,
  replaceSource,
  type VideoDeps,
} from '../../domain/videos/videos.ts'
import type { Router } from '../router.ts'
import { showVideo } from '../video-view.ts'

const DEFAULT_LIST_LIMIT = 50

export function videoRoutes(router: Router, deps: VideoDeps): void {
  router.secured(videosApi.registerUpload, async ({ principal, body }) => {
    const { jobId, isNew } = await registerUpload(deps, principal, {
      filePath: body.file_path,
      fileName: body.file_name,
      durationSeconds: body.duration,
      jobId: body.job_id,
      playback: body.playback,
      projectId: body.project_id,
    })
    return reply(200, { success: true, job_id: jobId, alreadyExists: !isNew })
  })

  router.secured(videosApi.listVideos, async ({ origin, principal, query }) => {
    const { status, project_id, q, sort, cursor, limit = DEFAULT_LIST_LIMIT } = query
    const page = await listVideos(deps, principal, {
      status,
      projectId: project_id,
      text: q,
      sort,
      cursor,
      limit,
    })
    const videos = page.videos.map((video) => showVideo(video, origin))
    if (page.cursor === undefined) return reply(200, videos)
    const next = new URLSearchParams({
      ...(status === undefined ? {} : { status }),
      ...(project_id === undefined ? {} : { project_id }),
      ...(q === undefined ? {} : { q }),
      ...(sort === '-created_at' ? {} : { sort }),
      limit: String(limit),
      cursor: page.cursor,
    })
    return reply(200, videos, { Link: `<${origin}/api/videos?${next.toString()}>; rel="next"` })
  })

  router.secured(videosApi.getVideo, async ({ origin, principal, param }) =>
    reply(200, showVideo(await findVideo(deps, principal, param('job_id')), origin)),
  )

  router.secured(videosApi.updateVideo, async ({ origin, principal, param, body }) => {
    const { name, description, status, playback } = body
    const change = {
      name,
      description,
      status,
      playback,
      durationSeconds: body.duration,
      projectId: body.project_id,
    }
    return reply(200, showVideo(await changeVideo(deps, principal, { jobId: param('job_id'), change }), origin))
  })

  router.secured(videosApi.replaceVideoSource, async ({ origin, principal, param, body }) => {
    const input = { jobId: param('job_id'), filePath: body.file_path, durationSeconds: body.duration }
    return reply(200, showVideo(await replaceSource(deps, principal, input), origin))
  })

  router.secured(videosApi.changeVideos, async ({ principal, body }) => {
    const { job_ids: ids, playback } = body
    const outcomes =
      playback === undefined
        ? await deleteMany(deps, principal, { ids })
        : await changePlaybackOfMany(deps, principal, { ids, playback })
    return reply(200, { results: outcomes.map(showOutcome) })
  })

  router.secured(videosApi.deleteVideo, async ({ principal, param, query }) => {
    if (query.files !== 'true') {
      await deleteVideo(deps, principal, param('job_id'))
      return reply(200, { ok: true })
    }
    const { deletedCount, remainingCount } = await deleteVideoAndFiles(deps, principal, param('job_id'))
    const body = { ok: true, deleted: deletedCount, remaining: remainingCount } as const
    return reply(remainingCount > 0 ? 202 : 200, body)
  })
}

const OUTCOMES = {
  done: { status: 200 },
  missing: { status: 404, detail: 'Video not found' },
  foreign: { status: 403, detail: 'Video does not belong to this user' },
  made_by_other: { status: 403, detail: 'Only its maker and an admin of the workspace may do this' },
} as const

function showOutcome({ id, outcome }: VideoOutcome) {
  return { job_id: id, ...OUTCOMES[outcome] }
}
