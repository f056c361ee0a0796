// The whole service in workerd itself, with local stores and a film in them, and another app beside it if wanted: one
// process, because two of the same code differ by more than what is to be measured. There is no wrangler between: its
// development server loses answers that come before the end of an upload.
import { userIdOf } from './user-id.ts'
import { randomUUID } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { hashApiKey } from '../../src/core/auth/api-key.ts'
import { streamFolder } from '../../src/core/storage/media-key.ts'
import { bundle, COMPATIBILITY_DATE, workerModules } from './bundle.ts'

export const JOB_ID = '5f3e9a52-7d6b-4a0e-8f4c-0d6c7e9b1a22'
export const ISSUER = 'https://clerk.example.com'
export const CLERK_USER_ID = 'user_2abcdefghijklmnopqrstuvwxyz'
const USER_ID = '0b8c6f0e-2f0e-4f7a-9a34-6f1f2a9f3c11'

const MIGRATIONS = new URL('../../migrations/', import.meta.url)
const VARIABLES = {
  CLERK_ISSUER: ISSUER,
  S3_ENDPOINT: 'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com',
  S3_BUCKET: 'lynxgate-media',
  R2_ACCESS_KEY_ID: '0123456789abcdef0123456789abcdef',
  R2_SECRET_ACCESS_KEY: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
}

export interface WorkerdServiceOptions {
  /** The module of the app beside it, relative to `test`. */
  readonly bare?: string
  /** The film's entry playlist. */
  readonly playlist?: string
  /** A key of the user. */
  readonly rawKey?: string
  /** Another one, with limits that are never reached. */
  readonly limitedKey?: string
  readonly variables?: Readonly<Record<string, string>>
  /** The folder of its database and bucket, which another process may share; without it they end with the service. */
  readonly stores?: string
  /** What is in the stores is there already. */
  readonly isSeeded?: boolean
}

export interface WorkerdService {
  /** Of a path, at the service or at the bare app. */
  address(worker: 'lynxgate' | 'bare', path: string): URL
  /** An object below the film's folder. */
  putStreamFile(path: string, content: string | ArrayBuffer): Promise<void>
  stop(): Promise<void>
}

/** One user, one film. */
export async function startWorkerdService({
  bare,
  playlist = '',
  rawKey,
  limitedKey,
  variables = {},
  stores,
  isSeeded = false,
}: WorkerdServiceOptions): Promise<WorkerdService> {
  const worker = async (name: string, source: string) => ({
    name,
    modules: await workerModules(await bundle(source)),
    compatibilityDate: COMPATIBILITY_DATE,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  })
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      // Log lines are made, as in production; they are not read here.
      handleStructuredLogs: () => undefined,
      ...(stores !== undefined && { resourcePersistencePath: stores }),
      workers: [
        ...(bare === undefined ? [] : [await worker('bare', `export { default } from '${bare}'`)]),
        {
          ...(await worker('lynxgate', `export { default, KeyCounter } from '../src/index.ts'`)),
          d1Databases: { DB: 'bench' },
          durableObjects: { LIMITS: { className: 'KeyCounter', useSQLite: true } },
          kvNamespaces: { CACHE: 'bench' },
          r2Buckets: { MEDIA: 'bench' },
          bindings: { ...VARIABLES, ...variables },
        },
      ],
    }),
  )
  await miniflare.ready
  const putStreamFile = async (path: string, content: string | ArrayBuffer): Promise<void> => {
    const bucket = await miniflare.getR2Bucket('MEDIA', 'lynxgate')
    await bucket.put(streamFolder(userIdOf(USER_ID), JOB_ID) + path, content)
  }
  if (!isSeeded) {
    await seed(await miniflare.getD1Database('DB', 'lynxgate'), rawKey, limitedKey)
    await putStreamFile('index.m3u8', playlist)
  }
  const lynxgate = await miniflare.unsafeGetDirectURL('lynxgate')
  const beside = bare === undefined ? lynxgate : await miniflare.unsafeGetDirectURL('bare')
  return {
    address: (name, path) => new URL(path, name === 'bare' ? beside : lynxgate),
    putStreamFile,
    stop: async () => await miniflare.dispose(),
  }
}

async function seed(
  database: Awaited<ReturnType<Miniflare['getD1Database']>>,
  rawKey?: string,
  limitedKey?: string,
): Promise<void> {
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
  for (const name of files) {
    const statements = (await readFile(new URL(name, MIGRATIONS), 'utf8')).split('--> statement-breakpoint')
    await database.batch(statements.map((statement) => database.prepare(statement)))
  }
  const insert = async (statement: string, ...values: string[]): Promise<unknown> =>
    await database
      .prepare(statement)
      .bind(...values)
      .run()
  await insert('INSERT INTO users (id, clerk_user_id, created_at) VALUES (?, ?, 0)', USER_ID, CLERK_USER_ID)
  await insert(
    'INSERT INTO videos (job_id, user_id, name, status, duration_seconds, storage_path, created_at, updated_at)' +
      " VALUES (?, ?, 'A film', 'completed', 7200, ?, 0, 0)",
    JOB_ID,
    USER_ID,
    `users/${USER_ID}/film.mp4`,
  )
  const limits = JSON.stringify({ requests_per_minute: 1_000_000_000, requests_per_day: 1_000_000_000 })
  for (const [key, own] of [[rawKey], [limitedKey, limits]] as const) {
    if (key === undefined) continue
    await insert(
      'INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, scopes, limits, created_at)' +
        " VALUES (?, ?, 'bench', ?, 'bench', '*', nullif(?, ''), 0)",
      randomUUID(),
      USER_ID,
      hashApiKey(key),
      own ?? '',
    )
  }
}
