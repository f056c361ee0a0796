// The demo film in the local bucket and database: one user, one video, put there once.
import type { D1Database, R2Bucket } from '@cloudflare/workers-types'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { streamFolder, thumbnailKey, userFolder } from '../core/storage/media-key.ts'
import { DEMO_JOB_ID } from './local-state.ts'
import { PROJECT_FOLDER } from './wrangler.ts'

export const DEMO_USER_ID = '00000000-0000-4000-8000-00000000de30'

const DEMO_FOLDER = fileURLToPath(new URL('../../test/fixtures/demo/', import.meta.url))

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
  '.jpg': 'image/jpeg',
  '.vtt': 'text/vtt',
}

/** Puts what is missing; the database row comes last, so that an interrupted start is simply done again. */
export async function seedDemo(dataFolder: string): Promise<void> {
  // Loaded only now: it takes a second, and a busy port is worth saying at once.
  const { getPlatformProxy } = await import('wrangler')
  const proxy = await getPlatformProxy<{ DB: D1Database; MEDIA: R2Bucket }>({
    configPath: join(PROJECT_FOLDER, 'wrangler.toml'),
    persist: { path: join(dataFolder, 'v3') },
  })
  try {
    const { DB, MEDIA } = proxy.env
    const present = await DB.prepare('SELECT job_id FROM videos WHERE job_id = ?').bind(DEMO_JOB_ID).first()
    if (present !== null) return
    const filmKey = `${userFolder(DEMO_USER_ID)}lynxgate-demo.mp4`
    for (const [file, key] of await demoObjects(filmKey)) {
      await MEDIA.put(key, await readFile(join(DEMO_FOLDER, file)), {
        httpMetadata: { contentType: CONTENT_TYPES[extname(file)] ?? 'application/octet-stream' },
      })
    }
    const now = Date.now()
    const film = await readFile(join(DEMO_FOLDER, 'film.mp4'))
    await DB.batch([
      DB.prepare('INSERT OR IGNORE INTO users (id, clerk_user_id, created_at) VALUES (?, ?, ?)').bind(
        DEMO_USER_ID,
        'user_demo',
        now,
      ),
      DB.prepare(
        'INSERT INTO videos (job_id, user_id, name, description, status, duration_seconds, file_size,' +
          ' storage_path, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ).bind(
        DEMO_JOB_ID,
        DEMO_USER_ID,
        'The lynxgate test film',
        'A private film in a private bucket: every segment you see was fetched with a presigned URL.',
        'completed',
        24,
        film.byteLength,
        filmKey,
        now,
        now,
      ),
    ])
  } finally {
    await proxy.dispose()
  }
}

/** [file below the demo folder, key in the bucket]. */
async function demoObjects(filmKey: string): Promise<[string, string][]> {
  const entries = await readdir(join(DEMO_FOLDER, 'hls'), { recursive: true, withFileTypes: true })
  const stream = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(DEMO_FOLDER, 'hls').length + 1))
    .map((path) => path.replaceAll('\\', '/'))
  return [
    ['film.mp4', filmKey],
    ['thumbnail.jpg', thumbnailKey(DEMO_USER_ID, DEMO_JOB_ID)],
    ...stream.map((path): [string, string] => [`hls/${path}`, streamFolder(DEMO_USER_ID, DEMO_JOB_ID) + path]),
  ]
}
