// Shared reports: made, listed and deleted by a video's owner, seen by everyone who has the hash.
import type * as v from 'valibot'
import { DONE } from '../../api/fields.ts'
import { reply } from '../../api/operation.ts'
import { sharedReportsApi, type sharedReportSchema } from '../../api/shared-reports.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import {
  deleteSharedReport,
  listOwnReports,
  listSharedReports,
  shareReport,
  type SharedReport,
  type SharedReportDeps,
} from '../../domain/videos/shared-reports.ts'
import { viewSharedReport, type PublicReport, type SharedViewDeps } from '../../domain/videos/shared-view.ts'
import type { EndingDeps } from '../../domain/playback/ending.ts'
import type { Router } from '../router.ts'
import { showSharedVideo } from '../video-view.ts'

const DEFAULT_LIMIT = 50

type RouteDeps = Omit<SharedReportDeps, 'sharedReports'> &
  SharedViewDeps &
  EndingDeps & { readonly sharedReports: SharedReportDeps['sharedReports'] }

export function sharedReportRoutes(router: Router, deps: RouteDeps): void {
  router.secured(sharedReportsApi.createSharedReport, async ({ principal, body }) => {
    const input = { videoId: body.video_id, expiresAtMs: body.expires_at ?? undefined }
    return reply(201, showReport(await shareReport(deps, principal, input)))
  })

  router.public(sharedReportsApi.viewSharedReport, async ({ c, origin, param, defer }) => {
    // A HEAD request shows nothing.
    const isCounted = c.req.method !== 'HEAD'
    const report = await viewSharedReport(deps, { shareHash: param('report'), isCounted, defer })
    return c.body(showPublicReport(report, origin), 200, { 'Content-Type': 'application/json' })
  })

  router.secured(sharedReportsApi.listSharedReports, async ({ principal, param }) =>
    reply(200, (await listSharedReports(deps, principal, param('job_id'))).map(showReport)),
  )

  router.secured(sharedReportsApi.listOwnSharedReports, async ({ principal, query }) => {
    const { cursor, limit = DEFAULT_LIMIT } = query
    const page = await listOwnReports(deps, principal, { cursor, limit })
    const reports = page.reports.map((report) => ({ ...showReport(report), video_name: report.videoName }))
    return reply(200, { shared_reports: reports, cursor: page.cursor ?? null })
  })

  router.secured(sharedReportsApi.deleteSharedReport, async ({ principal, param }) => {
    await deleteSharedReport(deps, principal, param('report'))
    return reply(200, DONE)
  })
}

/** JSON with the analysis in it as it was uploaded: written again, its numbers and repeated names would change. */
function showPublicReport({ shareHash, video, analysis, createdAtMs, token }: PublicReport, origin: string): string {
  const before = JSON.stringify({ share_hash: shareHash, video: showSharedVideo(video, origin, token) })
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
