// Which plays are running.
import { and, eq, gt, gte, sql, type SQL } from 'drizzle-orm'
import { playbackRevocations } from './schema/playback.ts'
import { plays } from './schema/plays.ts'

/** Ten minutes: an index in which a viewing moves once in that time, however often it is seen. */
export const SLOT_MS = 600_000

/** Of plays: the owner's, of one film or of all, that were seen since then, run still, and were ended by nothing. */
export function areLive(
  ownerId: string,
  terms: { readonly jobId: string | undefined; readonly seenSinceMs: number; readonly nowMs: number },
): SQL | undefined {
  return and(
    eq(plays.userId, ownerId),
    gte(plays.seenSlot, Math.floor(terms.seenSinceMs / SLOT_MS)),
    gt(plays.seenAt, terms.seenSinceMs),
    gt(plays.endsAt, terms.nowMs),
    terms.jobId === undefined ? undefined : eq(plays.jobId, terms.jobId),
    ...notEnded(),
  )
}

/** No row ends them, one way each, found by index. */
function notEnded() {
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
