// 10,000 videos of one user, put into the local database before the service starts.
import type { D1Database } from '@cloudflare/workers-types'
import { openLocalState } from '../../../src/cli/local-state.ts'
import { startRuntime } from '../../../src/cli/start/local-runtime.ts'
import { prepareLocalWorker } from '../../../src/cli/start/local-worker.ts'

const MANY = 10_000
export const MANY_USER = 'user_many'

const USER_ID = '00000000-0000-4000-8000-000000010000'

export async function seedMany(state: string): Promise<void> {
  const folders = openLocalState(state)
  const worker = await prepareLocalWorker(folders, () => undefined)
  const runtime = await startRuntime({ state: folders, worker, port: 0, variables: {}, onLine: () => undefined })
  try {
    const { DB } = await runtime.getBindings<{ DB: D1Database }>()
    await DB.prepare('INSERT INTO users (id, clerk_user_id, created_at) VALUES (?, ?, 0)')
      .bind(USER_ID, MANY_USER)
      .run()
    await DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
       INSERT INTO videos (job_id, user_id, name, status, duration_seconds, storage_path, created_at, updated_at)
       SELECT printf('00000000-0000-4000-8000-1%011d', i), ?2, printf('Film %05d', i), 'completed', i % 5000,
              'users/' || ?2 || '/' || i || '.mp4', i * 1000, 0 FROM n`,
    )
      .bind(MANY, USER_ID)
      .run()
  } finally {
    await runtime.dispose()
  }
}
