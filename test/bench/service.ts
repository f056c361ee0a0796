// The whole service in workerd, with local stores and a film in them: what the rows of whole requests are measured on.
import { readFile, readdir } from 'node:fs/promises'
import { streamFolder } from '../../src/core/media-key.ts'
import { bundle, start, type Runtime } from './runtime.ts'

export const USER_ID = '0b8c6f0e-2f0e-4f7a-9a34-6f1f2a9f3c11'
export const JOB_ID = '5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22'

const MIGRATIONS = new URL('../../migrations/', import.meta.url)
const VARIABLES = {
  CLERK_ISSUER: 'https://clerk.example.com',
  S3_ENDPOINT: 'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com',
  S3_BUCKET: 'lynxgate-media',
  R2_ACCESS_KEY_ID: '0123456789abcdef0123456789abcdef',
  R2_SECRET_ACCESS_KEY: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
}

/** The service with one user, and one film whose entry playlist this is. */
export async function startService(playlist: string, options: object = {}): Promise<Runtime> {
  const script = await bundle(`export { default } from '../../src/index.ts'`)
  const runtime = await start(script, {
    bindings: VARIABLES,
    d1Databases: ['DB'],
    kvNamespaces: ['CACHE'],
    r2Buckets: ['MEDIA'],
    ...options,
  })
  const database = await runtime.miniflare.getD1Database('DB')
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
  for (const name of files) {
    const statements = (await readFile(new URL(name, MIGRATIONS), 'utf8')).split('--> statement-breakpoint')
    await database.batch(statements.map((statement) => database.prepare(statement)))
  }
  await database.batch([
    database.prepare('INSERT INTO users (id, created_at) VALUES (?, 0)').bind(USER_ID),
    database
      .prepare(
        'INSERT INTO videos (job_id, user_id, name, status, duration_seconds, storage_path, created_at, updated_at)' +
          " VALUES (?, ?, 'A film', 'completed', 7200, ?, 0, 0)",
      )
      .bind(JOB_ID, USER_ID, `users/${USER_ID}/film.mp4`),
  ])
  const bucket = await runtime.miniflare.getR2Bucket('MEDIA')
  await bucket.put(`${streamFolder(USER_ID, JOB_ID)}index.m3u8`, playlist)
  return runtime
}
