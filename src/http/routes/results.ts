// GET /api/results/job/{job_id}
import { resultsApi } from '../../api/results.ts'
import { toCsv, toMarkdown, toVtt } from '../../core/videos/segment-files.ts'
import { readVideoResults, type VideoResults } from '../../domain/videos/results.ts'
import type { Router } from '../router.ts'
import { showVideo } from '../video-view.ts'

const FILES = {
  json: { contentType: 'application/json', write: showResults },
  csv: { contentType: 'text/csv; charset=utf-8', write: ({ segments }: VideoResults) => toCsv(segments) },
  vtt: { contentType: 'text/vtt; charset=utf-8', write: ({ segments }: VideoResults) => toVtt(segments) },
  md: {
    contentType: 'text/markdown; charset=utf-8',
    write: ({ video, segments }: VideoResults) => toMarkdown(video.name, segments),
  },
} as const

export function resultRoutes(router: Router, deps: Parameters<typeof readVideoResults>[0]): void {
  router.secured(resultsApi.getResults, async ({ c, origin, principal, param, query }) => {
    const results = await readVideoResults(deps, principal, param('job_id'))
    const { contentType, write } = FILES[query.format ?? 'json']
    const headers: Record<string, string> = { 'Content-Type': contentType }
    if (query.format !== undefined) {
      headers['Content-Disposition'] = `attachment; filename="${results.video.jobId}.${query.format}"`
    }
    return c.body(write(results, origin), 200, headers)
  })
}

/** The video and the segments stand first, whatever names the analysis has. */
function showResults({ video, segments, modules }: VideoResults, origin: string): string {
  const shown = segments.map(({ module, content, startSeconds, endSeconds, metadata }) => ({
    module,
    content,
    start_time: startSeconds,
    end_time: endSeconds ?? null,
    metadata,
  }))
  const rest = [...modules].filter(([name]) => name !== 'video' && name !== 'segments')
  return JSON.stringify(Object.fromEntries([['video', showVideo(video, origin)], ['segments', shown], ...rest]))
}
