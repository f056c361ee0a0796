// Rows of videos, as the stores read them.
import { sql, type SQL } from 'drizzle-orm'
import { knownDuration } from '../../core/videos/duration.ts'
import type { NotOwn, Video } from '../../domain/videos/store.ts'
import { toObjectKey, toUserId } from '../stored-values.ts'
import { toPlaybackMode } from './playback-mode.ts'
import { videos } from './schema/videos.ts'

export const VIDEO_COLUMNS = {
  jobId: videos.jobId,
  userId: videos.userId,
  name: videos.name,
  description: videos.description,
  status: videos.status,
  playback: videos.playback,
  durationSeconds: videos.durationSeconds,
  fileSize: videos.fileSize,
  storagePath: videos.storagePath,
  projectId: videos.projectId,
  createdAt: videos.createdAt,
  updatedAt: videos.updatedAt,
}

type Row = Pick<typeof videos.$inferSelect, keyof typeof VIDEO_COLUMNS>

/** Why a statement with `user_id = ?` found nothing; undefined when the video is the user's own. */
export function notOwn(userId: string, owners: readonly { userId: string }[]): NotOwn | undefined {
  const [row] = owners
  if (row === undefined) return 'missing'
  return row.userId === userId ? undefined : 'foreign'
}

export function toVideo(row: Row): Video {
  const { userId, durationSeconds, fileSize, storagePath, playback, projectId, createdAt, updatedAt, ...rest } = row
  return {
    ...rest,
    userId: toUserId(userId),
    storagePath: toObjectKey(storagePath),
    playback: toPlaybackMode(playback),
    projectId: projectId ?? undefined,
    durationSeconds: knownDuration(durationSeconds),
    fileSizeBytes: fileSize ?? undefined,
    createdAtMs: createdAt,
    updatedAtMs: updatedAt,
  }
}

/** As JSON: a statement of D1 binds at most 100 values. */
export function isOneOf(jobIds: readonly string[]): SQL {
  return sql`${videos.jobId} IN (SELECT value FROM json_each(${JSON.stringify(jobIds)}))`
}
