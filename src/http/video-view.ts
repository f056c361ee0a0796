// A video as JSON. Its URLs are addresses of this API on the origin the caller used, never presigned.
import * as v from 'valibot'
import { PLAYBACK_MODES } from '../core/playback-mode.ts'
import { formatTimestamp } from '../core/timestamp.ts'
import { VIDEO_STATUSES } from '../core/videos/status.ts'
import type { SharedVideo } from '../domain/videos/shared-reports.ts'
import type { Video } from '../domain/videos/store.ts'
import { shownId, shownTime, shownUrl } from './fields.ts'

/** What everybody may know who has a link. */
export const sharedVideoSchema = v.object({
  job_id: shownId,
  name: v.string(),
  description: v.string(),
  status: v.picklist(VIDEO_STATUSES),
  duration: v.nullable(v.number()),
  thumbnail_url: shownUrl,
  stream_url: shownUrl,
})

/** What its owner sees. */
export const videoSchema = v.object({
  ...sharedVideoSchema.entries,
  user_id: shownId,
  playback: v.picklist(PLAYBACK_MODES),
  file_size: v.nullable(v.number()),
  storage_path: v.string(),
  created_at: shownTime,
  updated_at: shownTime,
})

export function showSharedVideo(video: SharedVideo, origin: string): v.InferOutput<typeof sharedVideoSchema> {
  return {
    job_id: video.jobId,
    name: video.name,
    description: video.description,
    status: video.status,
    duration: video.durationSeconds ?? null,
    thumbnail_url: `${origin}/api/playback/thumbnail/${video.jobId}`,
    stream_url: `${origin}/api/playback/stream/${video.jobId}`,
  }
}

export function showVideo(video: Video, origin: string): v.InferOutput<typeof videoSchema> {
  return {
    ...showSharedVideo(video, origin),
    user_id: video.userId,
    playback: video.playback,
    file_size: video.fileSizeBytes ?? null,
    storage_path: video.storagePath,
    created_at: formatTimestamp(video.createdAtMs),
    updated_at: formatTimestamp(video.updatedAtMs),
  }
}
