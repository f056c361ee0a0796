// Which plays are running.
import { and, eq, sql } from 'drizzle-orm'
import { playbackRevocations } from './schema/playback.ts'
import { plays } from './schema/plays.ts'

/** Ten minutes: an index in which a viewing moves once in that time, however often it is seen. */
export const SLOT_MS = 600_000

/** Of plays: no row ends them, one way each, found by index. */
export function notEnded() {
  const kinds = [
    ['session', plays.sid],
    ['job', plays.jobId],
    ['viewer', plays.viewerHash],
    ['key', plays.keyReference],
  ] as const
  return kinds.map(
    ([kind, value]) =>
      sql`NOT EXISTS (SELECT 1 FROM ${playbackRevocations} WHERE ${and(
        eq(playbackRevocations.userId, plays.userId),
        eq(playbackRevocations.kind, kind),
        eq(playbackRevocations.value, value),
        sql`${playbackRevocations.begunBefore} * 1000 >= ${plays.begunAt}`,
      )})`,
  )
}
