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

/** One database read and one of the bucket. 404 when there is no analysis, or none that can be read. */
export async function readVideoResults(
  deps: Pick<VideoDeps, 'videoStore'> & { readonly media: Pick<SharedViewDeps['media'], 'read'> },
  principal: Principal,
  jobId: string,
): Promise<VideoResults> {
  const video = await findVideo(deps, principal, jobId)
  const analysis = readAnalysis(await deps.media.read(reportKey(video.userId, video.jobId), MAX_ANALYSIS_BYTES))
  if (analysis.kind === 'none') throw new Fault('not_found', 'Video has no results')
  if (analysis.kind === 'unreadable' || !isParsable(analysis.shape)) {
    throw new Fault('not_found', 'Results of this video cannot be read')
  }
  return { video, ...readResults(JSON.parse(analysis.text)) }
}
