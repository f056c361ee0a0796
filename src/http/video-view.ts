// A video as JSON. Its URLs are addresses of this API on the origin the caller used, never presigned.
import type * as v from 'valibot'
import type { sharedVideoSchema, videoSchema } from '../api/videos.ts'
import { formatTimestamp } from '../core/timestamp.ts'
import type { SharedVideo } from '../domain/videos/shared-reports.ts'
import type { Video } from '../domain/videos/store.ts'

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
