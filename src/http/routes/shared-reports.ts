// Shared reports: made, listed and deleted by a video's owner, seen by whoever has the hash.
import * as v from 'valibot'
import { formatTimestamp } from '../../core/timestamp.ts'
import {
  deleteSharedReport,
  listSharedReports,
  shareReport,
  viewSharedReport,
  type PublicReport,
  type SharedReport,
  type SharedReportDeps,
} from '../../domain/videos/shared-reports.ts'
import { instant, shownId, shownTime } from '../fields.ts'
import type { Router } from '../router.ts'
import { sharedVideoSchema, showSharedVideo } from '../video-view.ts'

const TAG = 'Shared reports'

const shareBody = v.strictObject({ video_id: v.string(), expires_at: v.optional(v.nullable(instant)) })

const sharedReportSchema = v.object({
  id: shownId,
  video_id: shownId,
  share_hash: v.string(),
  expires_at: v.nullable(shownTime),
  is_active: v.boolean(),
  view_count: v.number(),
  created_at: shownTime,
})
const publicReportSchema = v.object({
  share_hash: v.string(),
  video: sharedVideoSchema,
  report: v.unknown(),
  created_at: shownTime,
})

export function sharedReportRoutes(router: Router, deps: SharedReportDeps): void {
  router.add(
    {
      method: 'POST',
      path: '/api/shared-reports',
      tag: TAG,
      summary: 'Share a video and its report by a secret link',
      access: 'reports:write',
      body: shareBody,
      answers: { 201: { description: 'The shared report', schema: sharedReportSchema } },
    },
    async ({ c, principal, body }) => {
      const input = { videoId: body.video_id, expiresAtMs: body.expires_at ?? undefined }
      return c.json(showReport(await shareReport(deps, principal, input)), 201)
    },
  )

  router.add(
    {
      method: 'GET',
      path: '/api/shared-reports/{report}',
      tag: TAG,
      summary: 'A shared report, for everybody who has its hash',
      description:
        'By its `share_hash`. `report` is the analysis as it was uploaded, or null when there is none, or none that can be shown. Each answer counts as one view.',
      access: 'public',
      answers: { 200: { description: 'The shared report', schema: publicReportSchema } },
    },
    async ({ c, origin, param, defer }) => {
      // A HEAD request shows nothing to anybody.
      const isCounted = c.req.method !== 'HEAD'
      const report = await viewSharedReport(deps, { shareHash: param('report'), isCounted, defer })
      return c.body(showPublicReport(report, origin), 200, { 'Content-Type': 'application/json' })
    },
  )

  router.add(
    {
      method: 'GET',
      path: '/api/videos/{job_id}/shared-reports',
      tag: TAG,
      summary: 'The shared reports of one video, newest first',
      access: 'reports:read',
      answers: { 200: { description: 'The shared reports', schema: v.array(sharedReportSchema) } },
    },
    async ({ c, principal, param }) =>
      c.json((await listSharedReports(deps, principal, param('job_id'))).map(showReport)),
  )

  router.add(
    {
      method: 'DELETE',
      path: '/api/shared-reports/{report}',
      tag: TAG,
      summary: 'End a shared report, by its `id`, for good',
      access: 'reports:write',
      answers: { 200: { description: 'Done', schema: v.object({ ok: v.literal(true) }) } },
    },
    async ({ c, principal, param }) => {
      await deleteSharedReport(deps, principal, param('report'))
      return c.json({ ok: true })
    },
  )
}

/** JSON with the analysis in it as it was uploaded: written again, its numbers and repeated names would change. */
function showPublicReport({ shareHash, video, analysis, createdAtMs }: PublicReport, origin: string): string {
  const before = JSON.stringify({ share_hash: shareHash, video: showSharedVideo(video, origin) })
  const after = JSON.stringify({ created_at: formatTimestamp(createdAtMs) })
  return `${before.slice(0, -1)},"report":${analysis.kind === 'json' ? analysis.text : 'null'},${after.slice(1)}`
}

function showReport(report: SharedReport): v.InferOutput<typeof sharedReportSchema> {
  return {
    id: report.id,
    video_id: report.videoId,
    share_hash: report.shareHash,
    expires_at: report.expiresAtMs === undefined ? null : formatTimestamp(report.expiresAtMs),
    is_active: report.isActive,
    view_count: report.viewCount,
    created_at: formatTimestamp(report.createdAtMs),
  }
}
