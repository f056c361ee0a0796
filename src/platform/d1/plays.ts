// Plays in D1.
import { and, desc, eq, gt, inArray, lt, ne, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { LivePlay, PlayStore } from '../../domain/playback/plays.ts'
import { query } from './query.ts'
import { playbackRevocations } from './schema/playback.ts'
import { plays } from './schema/plays.ts'
import { videos } from './schema/videos.ts'

/** So many rows go in one statement; the rest goes on the next day. */
const MAX_REMOVED = 10_000

export function d1Plays(db: DrizzleD1Database): PlayStore {
  return {
    async add(reports) {
      const [first, ...more] = reports.map((report) =>
        db
          .insert(plays)
          .values({
            sid: report.sid,
            userId: report.ownerId,
            jobId: report.jobId,
            viewer: report.viewerName ?? null,
            viewerHash: report.viewer,
            keyReference: report.keyReference,
            begunAt: report.begunAtMs,
            lastSeenAt: report.seenAtMs,
            endsAt: report.endsAtMs,
            country: report.country ?? null,
            player: report.player,
            bytes: report.bytes,
          })
          .onConflictDoUpdate({
            target: plays.sid,
            set: {
              bytes: sql`${plays.bytes} + excluded.bytes`,
              lastSeenAt: sql`max(${plays.lastSeenAt}, excluded.last_seen_at)`,
              viewer: sql`coalesce(${plays.viewer}, excluded.viewer)`,
              country: sql`coalesce(excluded.country, ${plays.country})`,
            },
          }),
      )
      if (first !== undefined) await query(() => db.batch([first, ...more]))
    },

    async listLive(ownerId, { jobId, viewers, seenSinceMs, nowMs, after, limit }) {
      const rows = await query(() =>
        db
          .select({
            sid: plays.sid,
            jobId: plays.jobId,
            viewer: plays.viewer,
            begunAtMs: plays.begunAt,
            lastSeenAtMs: plays.lastSeenAt,
            country: plays.country,
            player: plays.player,
            bytes: plays.bytes,
          })
          .from(plays)
          .innerJoin(videos, and(eq(videos.jobId, plays.jobId), ne(videos.playback, 'off')))
          .where(
            and(
              eq(plays.userId, ownerId),
              gt(plays.lastSeenAt, seenSinceMs),
              gt(plays.endsAt, nowMs),
              jobId === undefined ? undefined : eq(plays.jobId, jobId),
              viewers === undefined ? undefined : inArray(plays.viewerHash, [...viewers]),
              after && sql`(${plays.lastSeenAt}, ${plays.sid}) < (${after.lastSeenAtMs}, ${after.sid})`,
              ...endings().map((isEnded) => sql`NOT EXISTS ${isEnded}`),
            ),
          )
          .orderBy(desc(plays.lastSeenAt), desc(plays.sid))
          .limit(limit),
      )
      return rows.map(({ viewer, country, ...row }): LivePlay => ({
        ...row,
        viewer: viewer ?? undefined,
        country: country ?? undefined,
      }))
    },

    async removeBefore(seenMs) {
      const removed = await query(() =>
        db
          .delete(plays)
          .where(
            inArray(
              plays.sid,
              db.select({ sid: plays.sid }).from(plays).where(lt(plays.lastSeenAt, seenMs)).limit(MAX_REMOVED),
            ),
          )
          .returning({ sid: plays.sid }),
      )
      return removed.length
    },
  }
}

/** The rows that end a play, one way each, found by index. */
function endings() {
  const kinds = [
    ['session', plays.sid],
    ['job', plays.jobId],
    ['viewer', plays.viewerHash],
    ['key', plays.keyReference],
  ] as const
  return kinds.map(
    ([kind, value]) =>
      sql`(SELECT 1 FROM ${playbackRevocations} WHERE ${and(
        eq(playbackRevocations.userId, plays.userId),
        eq(playbackRevocations.kind, kind),
        eq(playbackRevocations.value, value),
        sql`${playbackRevocations.begunBefore} * 1000 >= ${plays.begunAt}`,
      )})`,
  )
}
