// Users, videos and objects as a test needs them: each call makes its own, so that no test sees another's.
import type { UserId } from '../../src/core/auth/principal.ts'
import { userIdOf } from './user-id.ts'
import { streamFolder, userFolder } from '../../src/core/storage/media-key.ts'
import type { VideoStatus } from '../../src/core/videos/status.ts'
import { env } from './env.ts'

export interface TestVideo {
  readonly userId: UserId
  readonly jobId: string
  readonly storagePath: string
  /** Puts an object into the stream's folder. */
  putStreamFile(path: string, content: string | Uint8Array, httpMetadata?: R2HTTPMetadata): Promise<void>
}

export async function makeVideo(
  options: {
    durationSeconds?: number
    playback?: 'on' | 'private' | 'off'
    name?: string
    userId?: string
    /** `completed` unless told. */
    status?: VideoStatus
    /** `film.mp4` unless told. */
    fileName?: string
  } = {},
): Promise<TestVideo> {
  const userId = userIdOf(options.userId ?? crypto.randomUUID())
  const jobId = crypto.randomUUID()
  const storagePath = userFolder(userId) + (options.fileName ?? 'film.mp4')
  await env.DB.batch([
    env.DB.prepare('INSERT OR IGNORE INTO users (id, created_at) VALUES (?, 0)').bind(userId),
    env.DB.prepare(
      'INSERT INTO videos (job_id, user_id, name, status, duration_seconds, storage_path, playback, created_at,' +
        ' updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)',
    ).bind(
      jobId,
      userId,
      options.name ?? 'A film',
      options.status ?? 'completed',
      options.durationSeconds ?? null,
      storagePath,
      options.playback ?? 'on',
    ),
  ])
  return {
    userId,
    jobId,
    storagePath,
    async putStreamFile(path, content, httpMetadata = {}) {
      await env.MEDIA.put(streamFolder(userId, jobId) + path, content, { httpMetadata })
    },
  }
}
