// What was watched, read from D1: single plays, and their sums by the hour.
import { and, asc, desc, eq, gte, lt, ne, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { LiveViewers, PlayHistory } from '../../domain/analytics/store.ts'
import { areLive } from './live-plays.ts'
import { toHeat, toHourSums, toPlay } from './play-rows.ts'
import { query } from './query.ts'
import { playHeat, playHours, playHoursDue, plays } from './schema/plays.ts'
import { videos } from './schema/videos.ts'

export function d1PlayHistory(db: DrizzleD1Database): PlayHistory & LiveViewers {
  return {
    async dueHours({ from, to }) {
      const rows = await query(() =>
        db
          .select({ hour: playHoursDue.hour })
          .from(playHoursDue)
          .where(and(gte(playHoursDue.hour, from), lt(playHoursDue.hour, to)))
          .orderBy(asc(playHoursDue.hour)),
      )
      return rows.map(({ hour }) => hour)
    },

    async readHours(ownerId, { hours, jobId, after, limit }) {
      const { hour, country, device, player } = playHours
      const rows = await query(() =>
        db
          .select()
          .from(playHours)
          .where(
            and(
              eq(playHours.userId, ownerId),
              gte(hour, after?.hour ?? hours.from),
              lt(hour, hours.to),
              // Not by the index, which would make SQLite sort.
              jobId === undefined ? undefined : sql`+${playHours.jobId} = ${jobId}`,
              after &&
                sql`(${hour}, ${playHours.jobId}, ${country}, ${device}, ${player}) > (${after.hour}, ${after.jobId}, ${after.country ?? ''}, ${after.device}, ${after.player})`,
            ),
          )
          .orderBy(asc(hour), asc(playHours.jobId), asc(country), asc(device), asc(player))
          .limit(limit),
      )
      return rows.map(toHourSums)
    },

    async readPlays(ownerId, { fromMs, toMs, jobId, after, limit }) {
      const rows = await query(() =>
        db
          .select()
          .from(plays)
          .where(
            and(
              eq(plays.userId, ownerId),
              gte(plays.begunAt, after?.at ?? fromMs),
              lt(plays.begunAt, toMs),
              jobId === undefined ? undefined : eq(plays.jobId, jobId),
              after && sql`(${plays.begunAt}, ${plays.sid}) > (${after.at}, ${after.sid})`,
            ),
          )
          .orderBy(asc(plays.begunAt), asc(plays.sid))
          .limit(limit),
      )
      return rows.map(toPlay)
    },

    async newestPlays(ownerId, { before, limit }) {
      const rows = await query(() =>
        db
          .select()
          .from(plays)
          .where(
            and(
              eq(plays.userId, ownerId),
              before && sql`(${plays.begunAt}, ${plays.sid}) < (${before.at}, ${before.sid})`,
            ),
          )
          .orderBy(desc(plays.begunAt), desc(plays.sid))
          .limit(limit),
      )
      return rows.map(toPlay)
    },

    async readHeat(ownerId, jobId, { from, to }) {
      const { hour } = playHeat
      const rows = await query(() =>
        db
          .select()
          .from(playHeat)
          .where(and(eq(playHeat.userId, ownerId), eq(playHeat.jobId, jobId), gte(hour, from), lt(hour, to))),
      )
      return rows.map((row) => ({ hour: row.hour, heat: toHeat(row) }))
    },

    async projectsOf(ownerId, jobIds) {
      const rows = await query(() =>
        db
          .select({ jobId: videos.jobId, projectId: videos.projectId })
          .from(videos)
          .where(
            and(
              sql`${videos.jobId} IN (SELECT value FROM json_each(${JSON.stringify(jobIds)}))`,
              sql`+${videos.userId} = ${ownerId}`,
            ),
          ),
      )
      return new Map(rows.flatMap(({ jobId, projectId }) => (projectId === null ? [] : [[jobId, projectId] as const])))
    },

    async liveViewers(ownerId, { jobId, seenSinceMs, nowMs, limit }) {
      return await query(() =>
        db
          .select({ sid: plays.sid, jobId: plays.jobId, name: videos.name, viewerHash: plays.viewerHash })
          .from(plays)
          .innerJoin(videos, and(eq(videos.jobId, plays.jobId), ne(videos.playback, 'off')))
          .where(areLive(ownerId, { jobId, seenSinceMs, nowMs }))
          .limit(limit),
      )
    },
  }
}
