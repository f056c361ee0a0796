// The results of a video's analysis, for its owner: what shared reports show, taken apart into moments.
import { Fault } from '../../core/fault.ts'
import type { Principal } from '../../core/auth/principal.ts'
import { reportKey } from '../../core/storage/media-key.ts'
import { isParsable } from '../../core/videos/report-outline.ts'
import { readResults, type Results } from '../../core/videos/segments.ts'
import { MAX_ANALYSIS_BYTES, readAnalysis, type SharedViewDeps } from './shared-view.ts'
import type { Video } from './store.ts'
import { findVideo, type VideoDeps } from './videos.ts'

export interface VideoResults extends Results {
  readonly video: Video
}

export interface ResultDeps extends Pick<VideoDeps, 'videoStore'> {
  readonly media: Pick<SharedViewDeps['media'], 'read'>
}

/** One database read and one of the bucket. 404 when there is no analysis, or none that can be read. */
export async function readVideoResults(deps: ResultDeps, principal: Principal, jobId: string): Promise<VideoResults> {
  const video = await findVideo(deps, principal, jobId)
  const { document, storedAtMs } = await parseAnalysis(deps, video)
  if (storedAtMs === undefined) throw new Fault('not_found', 'Video has no results')
  return { video, ...readResults(document) }
}

/** The video's analysis and when it was stored; neither where there is none, 404 for one that cannot be read. */
export async function parseAnalysis(
  { media }: Pick<ResultDeps, 'media'>,
  { userId, jobId }: Pick<Video, 'userId' | 'jobId'>,
): Promise<{ readonly document: unknown; readonly storedAtMs: number | undefined }> {
  const object = await media.read(reportKey(userId, jobId), MAX_ANALYSIS_BYTES)
  const analysis = readAnalysis(object)
  if (object === undefined || analysis.kind === 'none') return { document: undefined, storedAtMs: undefined }
  if (analysis.kind === 'unreadable' || !isParsable(analysis.shape)) {
    throw new Fault('not_found', 'Results of this video cannot be read')
  }
  return { document: JSON.parse(analysis.text), storedAtMs: object.storedAtMs }
}
