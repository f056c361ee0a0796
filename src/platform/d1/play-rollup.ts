// The sums of plays by the hour, written to D1.
import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { BatchItem } from 'drizzle-orm/batch'
import type { UserId } from '../../core/auth/principal.ts'
import type { PlayRollup } from '../../domain/analytics/store.ts'
import { fromHeat, fromSums, toPlay } from './play-rows.ts'
import { query } from './query.ts'
import { playHeat, playHours, playHoursDue, plays } from './schema/plays.ts'

const HOUR_MS = 3_600_000
const STATEMENTS_AT_ONCE = 100

export function d1PlayRollup(db: DrizzleD1Database): PlayRollup {
  return {
    async take(beforeHour) {
      const [due] = await query(() =>
        db
          .select({ hour: playHoursDue.hour })
          .from(playHoursDue)
          .where(lt(playHoursDue.hour, beforeHour))
          .orderBy(asc(playHoursDue.hour))
          .limit(1),
      )
      if (due === undefined) return undefined
      await query(() => db.update(playHoursDue).set({ isTaken: true }).where(eq(playHoursDue.hour, due.hour)))
      return due.hour
    },

    async playsOf(hour, { after, limit }) {
      const rows = await query(() =>
        db
          .select()
          .from(plays)
          .where(
            and(
              gte(plays.begunAt, after?.at ?? hour * HOUR_MS),
              lt(plays.begunAt, (hour + 1) * HOUR_MS),
              after && sql`(${plays.begunAt}, ${plays.sid}) > (${after.at}, ${after.sid})`,
            ),
          )
          .orderBy(asc(plays.begunAt), asc(plays.sid))
          .limit(limit),
      )
      // What stands in the column was an owner's id when it was written.
      return rows.map((row) => ({ ...toPlay(row), ownerId: row.userId as UserId }))
    },

    async finish(hour, { sums, heat }) {
      const owners = [...new Set(sums.map(({ ownerId }) => ownerId))]
      const statements: BatchItem<'sqlite'>[] = [
        ...owners.map((ownerId) =>
          db.delete(playHours).where(and(eq(playHours.userId, ownerId), eq(playHours.hour, hour))),
        ),
        ...sums.map(({ ownerId, ...hourSums }) =>
          db.insert(playHours).values({ userId: ownerId, ...fromSums(hourSums) }),
        ),
        ...heat.map(({ ownerId, jobId, heat: counts }) => {
          const values = fromHeat(counts)
          return db
            .insert(playHeat)
            .values({ userId: ownerId, jobId, hour, ...values })
            .onConflictDoUpdate({ target: [playHeat.userId, playHeat.jobId, playHeat.hour], set: values })
        }),
      ]
      // Until the last statement the hour is due: what is half written, nobody reads.
      for (let at = 0; at < statements.length; at += STATEMENTS_AT_ONCE) {
        const [first, ...more] = statements.slice(at, at + STATEMENTS_AT_ONCE)
        if (first !== undefined) await query(() => db.batch([first, ...more]))
      }
      await query(() => db.delete(playHoursDue).where(and(eq(playHoursDue.hour, hour), eq(playHoursDue.isTaken, true))))
    },
  }
}
