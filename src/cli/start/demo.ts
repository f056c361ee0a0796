// The demo film in the local bucket and database: one user, one video, put there once.
import { parseUserId, type UserId } from '../../core/auth/principal.ts'
import type { D1Database, R2Bucket } from '@cloudflare/workers-types'
import { randomUUID } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { streamFolder, thumbnailKey, userFolder } from '../../core/storage/media-key.ts'
import { DEMO_JOB_ID } from '../local-state.ts'

const DEMO_CLERK_USER_ID = 'user_demo'
/** What user_demo gets where it is new. */
export const DEMO_USER_ID = '00000000-0000-4000-8000-00000000de30'

const DEMO_FOLDER = fileURLToPath(new URL('../../../test/fixtures/demo/', import.meta.url))

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
  '.jpg': 'image/jpeg',
  '.vtt': 'text/vtt',
}

export interface DemoBindings {
  readonly DB: D1Database
  readonly MEDIA: R2Bucket
}

/** Puts what is missing; the video's row comes last, so that an interrupted start is simply done again. */
export async function seedDemo({ DB, MEDIA }: DemoBindings): Promise<void> {
  const present = await DB.prepare('SELECT job_id FROM videos WHERE job_id = ?').bind(DEMO_JOB_ID).first()
  if (present !== null) return
  const nowMs = Date.now()
  const userId = await demoOwner(DB, nowMs)
  const filmKey = `${userFolder(userId)}lynxgate-demo.mp4`
  await Promise.all(
    (await demoObjects(userId, filmKey)).map(async ([file, key]) => {
      const contentType = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream'
      await MEDIA.put(key, await readFile(join(DEMO_FOLDER, file)), { httpMetadata: { contentType } })
    }),
  )
  const { size } = await stat(join(DEMO_FOLDER, 'film.mp4'))
  await DB.prepare(
    'INSERT INTO videos (job_id, user_id, name, description, status, duration_seconds, file_size,' +
      ' storage_path, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
    .bind(
      DEMO_JOB_ID,
      userId,
      'The lynxgate test film',
      'A private film in a private bucket: every segment you see was fetched with a presigned URL.',
      'completed',
      24,
      size,
      filmKey,
      nowMs,
      nowMs,
    )
    .run()
}

/** The id that user_demo has in this database. A deleted user_demo owns nothing: the film gets a user of its own then. */
async function demoOwner(DB: D1Database, nowMs: number): Promise<UserId> {
  const known = await DB.prepare('SELECT id, deleted_at FROM users WHERE clerk_user_id = ?')
    .bind(DEMO_CLERK_USER_ID)
    .first<{ id: string; deleted_at: number | null }>()
  if (known?.deleted_at === null) return idOf(known.id)
  const isTaken = (await DB.prepare('SELECT id FROM users WHERE id = ?').bind(DEMO_USER_ID).first()) !== null
  const id = isTaken ? randomUUID() : DEMO_USER_ID
  await DB.prepare('INSERT INTO users (id, clerk_user_id, created_at) VALUES (?, ?, ?)')
    .bind(id, known === null ? DEMO_CLERK_USER_ID : null, nowMs)
    .run()
  return idOf(id)
}

function idOf(text: string): UserId {
  const userId = parseUserId(text)
  if (userId === undefined) throw new TypeError('a user id is a UUID')
  return userId
}

/** [file below the demo folder, key in the bucket]. */
async function demoObjects(userId: UserId, filmKey: string): Promise<[string, string][]> {
  const entries = await readdir(join(DEMO_FOLDER, 'hls'), { recursive: true, withFileTypes: true })
  const stream = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(DEMO_FOLDER, 'hls').length + 1))
    .map((path) => path.replaceAll('\\', '/'))
  return [
    ['film.mp4', filmKey],
    ['thumbnail.jpg', thumbnailKey(userId, DEMO_JOB_ID)],
    ...stream.map((path): [string, string] => [`hls/${path}`, streamFolder(userId, DEMO_JOB_ID) + path]),
  ]
}
