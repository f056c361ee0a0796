// A video as JSON. Its URLs are addresses of this API on the origin the caller used, never presigned.
import type * as v from 'valibot'
import type { sharedVideoSchema, videoSchema } from '../api/videos.ts'
import { formatTimestamp } from '../core/timestamp.ts'
import type { Video } from '../domain/videos/store.ts'

type SharedVideo = Pick<Video, 'jobId' | 'name' | 'description' | 'status' | 'durationSeconds'>

/** `token`: of a private film, for those who may watch it. */
export function showSharedVideo(
  video: SharedVideo,
  origin: string,
  token?: string,
): v.InferOutput<typeof sharedVideoSchema> {
  const query = token === undefined ? '' : `?token=${token}`
  return {
    job_id: video.jobId,
    name: video.name,
    description: video.description,
    status: video.status,
    duration: video.durationSeconds ?? null,
    thumbnail_url: `${origin}/api/playback/thumbnail/${video.jobId}${query}`,
    stream_url: `${origin}/api/playback/stream/${video.jobId}${query}`,
  }
}

export function showVideo(video: Video, origin: string): v.InferOutput<typeof videoSchema> {
  return {
    ...showSharedVideo(video, origin),
    user_id: video.userId,
    playback: video.playback,
    file_size: video.fileSizeBytes ?? null,
    storage_path: video.storagePath,
    project_id: video.projectId ?? null,
    created_at: formatTimestamp(video.createdAtMs),
    updated_at: formatTimestamp(video.updatedAtMs),
  }
}
