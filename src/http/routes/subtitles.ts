// /api/videos/{job_id}/subtitles.
import { reply } from '../../api/operation.ts'
import { subtitlesApi } from '../../api/subtitles.ts'
import type { SubtitleTrack } from '../../core/hls/subtitle-tracks.ts'
import { listSubtitles, putSubtitles, removeSubtitles, type SubtitleDeps } from '../../domain/videos/subtitles.ts'
import type { Router } from '../router.ts'

export function subtitleRoutes(router: Router, deps: SubtitleDeps): void {
  router.secured(subtitlesApi.listSubtitles, async ({ principal, param }) =>
    reply(200, show(await listSubtitles(deps, principal, param('job_id')))),
  )

  router.secured(subtitlesApi.putSubtitles, async ({ principal, param, body }) => {
    const { text, name, forced } = body
    const input = { jobId: param('job_id'), language: param('language'), text, name, isForced: forced }
    return reply(200, show(await putSubtitles(deps, principal, input)))
  })

  router.secured(subtitlesApi.deleteSubtitles, async ({ principal, param }) => {
    const input = { jobId: param('job_id'), language: param('language') }
    return reply(200, show(await removeSubtitles(deps, principal, input)))
  })
}

function show(tracks: readonly SubtitleTrack[]) {
  return {
    tracks: tracks.map(({ language, name, uri, isForced }) => ({
      language: language ?? null,
      name,
      forced: isForced,
      uri,
    })),
  }
}
