// Revocations in the database as a busy owner leaves them behind.
import { env } from './env.ts'

/** `count` ended sessions of an owner, created one a millisecond from `createdAtMs` on, in one statement. */
export async function seedRevocations(userId: string, count: number, createdAtMs: number): Promise<void> {
  const begunBefore = Math.floor(createdAtMs / 1000)
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
     INSERT INTO playback_revocations (id, user_id, kind, value, begun_before, created_at, expires_at)
     SELECT ?1 || '-' || i, ?1, 'session', printf('%016x', i), ?4, ?3 + i % 1000, ?3 + 700000000 FROM n`,
  )
    .bind(userId, count, createdAtMs, begunBefore)
    .run()
}
