// Puts videos into the local bucket and database of a service that has not been started yet.
import { userIdOf } from './user-id.ts'
import type { D1Database, R2Bucket } from '@cloudflare/workers-types'
import { readFile, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { streamFolder, userFolder } from '../../src/core/storage/media-key.ts'
import { openLocalState } from '../../src/cli/local-state.ts'
import { startRuntime } from '../../src/cli/start/local-runtime.ts'
import { prepareLocalWorker } from '../../src/cli/start/local-worker.ts'

export interface SeedVideo {
  readonly jobId: string
  readonly name: string
  readonly durationSeconds: number
  /** `on`, for everyone, unless it says otherwise. */
  readonly playback?: 'on' | 'private'
  /** All of it becomes the stream's folder; a `film.mp4` in it becomes the original instead. */
  readonly folder: string
}

/** As an uploader declares them. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.ts': 'video/mp2t',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
  '.aac': 'audio/aac',
  '.vtt': 'text/vtt',
  '.jpg': 'image/jpeg',
}

const USER_ID = '00000000-0000-4000-8000-0000000091a7'

export async function seedVideos(state: string, videos: readonly SeedVideo[]): Promise<void> {
  const folders = openLocalState(state)
  const worker = await prepareLocalWorker(folders, () => undefined)
  const runtime = await startRuntime({ state: folders, worker, port: 0, variables: {}, onLine: () => undefined })
  try {
    const { DB, MEDIA } = await runtime.getBindings<{ DB: D1Database; MEDIA: R2Bucket }>()
    const insert = DB.prepare(
      'INSERT INTO videos (job_id, user_id, name, status, duration_seconds, storage_path, playback, created_at, updated_at)' +
        " VALUES (?, ?, ?, 'completed', ?, ?, ?, 0, 0)",
    )
    await DB.batch([
      DB.prepare('INSERT INTO users (id, created_at) VALUES (?, 0)').bind(USER_ID),
      ...videos.map(({ jobId, name, durationSeconds, playback = 'on' }) =>
        insert.bind(jobId, USER_ID, name, durationSeconds, originalKey(jobId), playback),
      ),
    ])
    for (const video of videos) {
      for (const path of await filesBelow(video.folder)) {
        const key = path === 'film.mp4' ? originalKey(video.jobId) : streamFolder(userIdOf(USER_ID), video.jobId) + path
        const contentType = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream'
        await MEDIA.put(key, await readFile(join(video.folder, path)), { httpMetadata: { contentType } })
      }
    }
  } finally {
    await runtime.dispose()
  }
}

function originalKey(jobId: string): string {
  return `${userFolder(userIdOf(USER_ID))}${jobId}.mp4`
}

/** Relative paths with `/`, whatever the platform. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
}
