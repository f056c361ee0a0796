// The moments of a video's analysis, page by page, and taking the analysis away.
import { Fault } from '../../core/fault.ts'
import { decodeSequenceCursor, encodeSequenceCursor } from '../../core/cursor.ts'
import type { Principal } from '../../core/auth/principal.ts'
import { reportKey } from '../../core/storage/media-key.ts'
import { readResults, type Segment } from '../../core/videos/segments.ts'
import type { FileStore } from '../storage/file-store.ts'
import { parseAnalysis, type ResultDeps } from './results.ts'
import type { NotDeletable } from './store.ts'
import { findVideo, notOwn, parseJobIdOr404 } from './videos.ts'

export interface NumberedSegment extends Segment {
  /** Among all of the video's, by start; the first is 0. */
  readonly number: number
}

export interface SegmentPage {
  readonly jobId: string
  /** When the analysis was stored, epoch milliseconds. */
  readonly createdAtMs: number
  readonly segments: readonly NumberedSegment[]
  readonly cursor: string | undefined
}

export interface AnalysedVideoStore {
  /** The video is `uploaded` again, unless it is being processed. */
  reset(actor: Principal, jobId: string, nowMs: number): Promise<'reset' | 'busy' | NotDeletable>
}

export interface SegmentDeps extends ResultDeps {
  readonly analysedVideos: AnalysedVideoStore
  readonly files: Pick<FileStore, 'remove'>
  readonly nowMs: () => number
}

/** By start; an empty page where there is no analysis. One database read and one of the bucket. */
export async function listSegments(
  deps: ResultDeps,
  principal: Principal,
  input: {
    readonly jobId: string
    readonly module: string | undefined
    /** Only those that touch this span, in seconds of the film. */
    readonly fromSeconds: number | undefined
    readonly toSeconds: number | undefined
    readonly cursor: string | undefined
    readonly limit: number
  },
): Promise<SegmentPage> {
  const { module, fromSeconds = 0, toSeconds = Infinity, limit } = input
  const first = input.cursor === undefined ? 0 : decodeSequenceCursor(input.cursor)
  if (first === undefined) throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  if (toSeconds < fromSeconds) throw new Fault('validation_error', 'to: must not be before from')
  const video = await findVideo(deps, principal, input.jobId)
  const { jobId } = video
  const { document, storedAtMs } = await parseAnalysis(deps, video)
  if (storedAtMs === undefined) return { jobId, createdAtMs: 0, segments: [], cursor: undefined }
  const found: NumberedSegment[] = []
  for (const [number, segment] of readResults(document).segments.entries()) {
    if (number < first || (module !== undefined && segment.module !== module)) continue
    const { startSeconds, endSeconds = startSeconds } = segment
    if (startSeconds > toSeconds || endSeconds < fromSeconds) continue
    if (found.length === limit) {
      return { jobId, createdAtMs: storedAtMs, segments: found, cursor: encodeSequenceCursor(number) }
    }
    found.push({ ...segment, number })
  }
  return { jobId, createdAtMs: storedAtMs, segments: found, cursor: undefined }
}

/**
 * Removes the analysis; the video is `uploaded` again and may be analysed anew. The status comes first, so that no run
 * can be on whose result would go: what is repeated finishes what broke off.
 */
export async function clearSegments(deps: SegmentDeps, principal: Principal, id: string): Promise<void> {
  const jobId = parseJobIdOr404(id)
  const outcome = await deps.analysedVideos.reset(principal, jobId, deps.nowMs())
  if (outcome === 'busy') throw new Fault('conflict', 'Video is being processed')
  if (outcome !== 'reset') throw notOwn(outcome)
  await deps.files.remove([reportKey(principal.userId, jobId)])
}
