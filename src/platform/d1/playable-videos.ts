// Videos in D1.
import { eq } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { knownDuration } from '../../core/videos/duration.ts'
import type { VideoStatus } from '../../core/videos/status.ts'
import type { PlayableVideo, PlayableVideos } from '../../domain/playback/playback.ts'
import { toPlaybackMode } from './playback-mode.ts'
import { toObjectKey, toUserId } from '../stored-values.ts'
import { query } from './query.ts'
import { videos } from './schema/videos.ts'

export const PLAYABLE = {
  jobId: videos.jobId,
  userId: videos.userId,
  name: videos.name,
  description: videos.description,
  status: videos.status,
  durationSeconds: videos.durationSeconds,
  storagePath: videos.storagePath,
  playback: videos.playback,
}

/** What playback asks of the database: one read by primary key or by unique index. */
export function d1PlayableVideos(db: DrizzleD1Database): PlayableVideos {
  return {
    async findByJob(jobId) {
      const [row] = await query(() => db.select(PLAYABLE).from(videos).where(eq(videos.jobId, jobId)).limit(1))
      return row && toPlayable(row)
    },
    async findByStoragePath(path) {
      const [row] = await query(() => db.select(PLAYABLE).from(videos).where(eq(videos.storagePath, path)).limit(1))
      return row && toPlayable(row)
    },
  }
}

export function toPlayable(row: {
  jobId: string
  userId: string
  name: string
  description: string
  status: VideoStatus
  durationSeconds: number | null
  storagePath: string
  playback: (typeof videos.$inferSelect)['playback']
}): PlayableVideo {
  const { userId, durationSeconds, storagePath, playback, ...rest } = row
  return {
    ...rest,
    userId: toUserId(userId),
    storagePath: toObjectKey(storagePath),
    durationSeconds: knownDuration(durationSeconds),
    playback: toPlaybackMode(playback),
  }
}
