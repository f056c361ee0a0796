// GET /api/results/job/{job_id}, and /api/videos/{job_id}/segments
import type * as v from 'valibot'
import { reply } from '../../api/operation.ts'
import { resultsApi, type segmentSchema } from '../../api/results.ts'
import { toCsv, toMarkdown, toVtt } from '../../core/videos/segment-files.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import { readVideoResults, type VideoResults } from '../../domain/videos/results.ts'
import { clearSegments, listSegments, type SegmentDeps, type SegmentPage } from '../../domain/videos/segments.ts'
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

const DEFAULT_SEGMENT_LIMIT = 100

export function resultRoutes(router: Router, deps: SegmentDeps): void {
  router.secured(resultsApi.getResults, async ({ c, origin, principal, param, query }) => {
    const results = await readVideoResults(deps, principal, param('job_id'))
    const { contentType, write } = FILES[query.format ?? 'json']
    const headers: Record<string, string> = { 'Content-Type': contentType }
    if (query.format !== undefined) {
      headers['Content-Disposition'] = `attachment; filename="${results.video.jobId}.${query.format}"`
    }
    return c.body(write(results, origin), 200, headers)
  })

  router.secured(resultsApi.listSegments, async ({ origin, principal, param, query }) => {
    const { module, from, to, limit = DEFAULT_SEGMENT_LIMIT, cursor } = query
    const input = { jobId: param('job_id'), module, fromSeconds: from, toSeconds: to, limit, cursor }
    const page = await listSegments(deps, principal, input)
    if (page.cursor === undefined) return reply(200, showSegments(page))
    const next = new URLSearchParams({
      ...(module === undefined ? {} : { module }),
      ...(from === undefined ? {} : { from: String(from) }),
      ...(to === undefined ? {} : { to: String(to) }),
      limit: String(limit),
      cursor: page.cursor,
    })
    const link = `<${origin}/api/videos/${page.jobId}/segments?${next.toString()}>; rel="next"`
    return reply(200, showSegments(page), { Link: link })
  })

  router.secured(resultsApi.clearSegments, async ({ principal, param }) => {
    await clearSegments(deps, principal, param('job_id'))
    return reply(200, { ok: true, message: 'Segments cleared' } as const)
  })
}

/** A segment's id is its video's with its number in the last twelve digits: no file can make two alike. */
function showSegments({ jobId, createdAtMs, segments }: SegmentPage): v.InferOutput<typeof segmentSchema>[] {
  return segments.map(({ number, module, content, startSeconds, endSeconds, metadata }) => ({
    id: `${jobId.slice(0, -12)}${number.toString(16).padStart(12, '0')}`,
    job_id: jobId,
    module,
    content,
    start_time: startSeconds,
    end_time: endSeconds ?? null,
    metadata: { ...metadata },
    created_at: formatTimestamp(createdAtMs),
  }))
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
