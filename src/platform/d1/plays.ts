// Plays in D1.
import { and, desc, eq, inArray, lt, ne, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { BatchItem } from 'drizzle-orm/batch'
import type { LivePlay, PlayReport, PlayStore } from '../../domain/playback/plays.ts'
import { areLive, SLOT_MS } from './live-plays.ts'
import { query } from './query.ts'
import { playHoursDue, plays } from './schema/plays.ts'
import { videos } from './schema/videos.ts'

const HOUR_MS = 3_600_000
/** Of the marks and errors of one play. */
const MAX_MARKS_CHARS = 600
const MAX_ERRORS_CHARS = 800

export function d1Plays(db: DrizzleD1Database): PlayStore {
  return {
    async add(reports) {
      const [first, ...more] = [
        ...reports.map((report) => addReport(db, report)),
        ...moveSlots(db, reports),
        ...dueHours(reports).map((hour) =>
          db
            .insert(playHoursDue)
            .values({ hour })
            // No row is written for an hour that is due already.
            .onConflictDoUpdate({
              target: playHoursDue.hour,
              set: { isTaken: false },
              setWhere: eq(playHoursDue.isTaken, true),
            }),
        ),
      ] satisfies BatchItem<'sqlite'>[]
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
            lastSeenAtMs: plays.seenAt,
            country: plays.country,
            player: plays.player,
            bytes: plays.bytes,
            slot: plays.seenSlot,
          })
          .from(plays)
          .innerJoin(videos, and(eq(videos.jobId, plays.jobId), ne(videos.playback, 'off')))
          .where(
            and(
              areLive(ownerId, { jobId, seenSinceMs, nowMs }),
              viewers === undefined ? undefined : inArray(plays.viewerHash, [...viewers]),
              after && sql`(${plays.seenSlot}, ${plays.sid}) < (${after.at}, ${after.sid})`,
            ),
          )
          .orderBy(desc(plays.seenSlot), desc(plays.sid))
          .limit(limit),
      )
      return rows.map(({ viewer, country, ...row }): LivePlay => ({
        ...row,
        viewer: viewer ?? undefined,
        country: country ?? undefined,
      }))
    },

    async removeBefore(begunMs, limit) {
      const removed = await query(() =>
        db
          .delete(plays)
          .where(
            inArray(
              plays.sid,
              db.select({ sid: plays.sid }).from(plays).where(lt(plays.begunAt, begunMs)).limit(limit),
            ),
          )
          .run(),
      )
      return removed.meta.changes
    },
  }
}

/** The row of a new viewing, or its sums; nothing for a report that is in there. */
function addReport(db: DrizzleD1Database, report: PlayReport) {
  const { measures } = report
  const { said } = measures
  const marks = report.mark === '' ? '' : `${report.mark};`
  const sums = {
    bytes: report.bytes,
    mediaMs: measures.mediaMs,
    seenMs: measures.seenMs,
    knownBytes: measures.knownBytes,
    unknownBytes: measures.unknownBytes,
    segments: measures.segments,
    stalls: measures.stalls,
    stallMs: measures.stallMs,
    switches: measures.switches,
    saidEvents: said.events,
    saidStalls: said.stalls,
    saidStallMs: said.stallMs,
    saidIdleMs: said.idleMs,
    saidSeeks: said.seeks,
  }
  const bits = {
    heatFirst: measures.heat[0],
    heatSecond: measures.heat[1],
    againFirst: measures.again[0],
    againSecond: measures.again[1],
    saidStates: (said.isWanted ? 1 : 0) + (said.isStarted ? 2 : 0) + (said.isEnded ? 4 : 0),
  }
  const most = { seenAt: report.seenAtMs, filmMs: measures.filmMs, saidUntil: said.untilMs }
  const least = { startupMs: measures.startupMs ?? null, saidStartupMs: said.startupMs ?? null }
  const errors = Object.entries(measures.errors)
    .map(([code, count]) => `${code}=${count};`)
    .join('')
  return db
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
      device: report.device,
      seenSlot: Math.floor(report.seenAtMs / SLOT_MS),
      marks,
      ...sums,
      ...bits,
      ...most,
      ...least,
      isEnd: measures.isEnd,
      leftMs: measures.leftMs,
      errors,
    })
    .onConflictDoUpdate({
      target: plays.sid,
      set: {
        ...combined(sums, (column, added) => sql`${column} + ${added}`),
        ...combined(bits, (column, added) => sql`${column} | ${added}`),
        ...combined(most, (column, added) => sql`max(${column}, ${added})`),
        ...combined(least, (column, added) => sql`min(coalesce(${column}, ${added}), coalesce(${added}, ${column}))`),
        viewer: sql`coalesce(${plays.viewer}, excluded.viewer)`,
        country: sql`coalesce(excluded.country, ${plays.country})`,
        isEnd: sql`${plays.isEnd} | excluded.is_end`,
        leftMs: sql`CASE WHEN excluded.left_ms > 0 AND excluded.seen_at >= ${plays.seenAt} THEN excluded.left_ms ELSE ${plays.leftMs} END`,
        errors: sql`substr(${plays.errors} || excluded.errors, 1, ${sql.raw(String(MAX_ERRORS_CHARS))})`,
        marks: sql`substr(${plays.marks} || excluded.marks, ${sql.raw(String(-MAX_MARKS_CHARS))})`,
      },
      setWhere: sql`excluded.marks = '' OR instr(${plays.marks}, excluded.marks) = 0`,
    })
}

type Summed = { readonly [Name in keyof typeof plays.$inferInsert]?: unknown }

/** For each column, what it becomes of what it is and what is added. */
function combined<Columns extends Summed>(
  columns: Columns,
  become: (column: ReturnType<typeof sql>, added: ReturnType<typeof sql>) => ReturnType<typeof sql>,
): { readonly [Name in keyof Columns]: ReturnType<typeof sql> } {
  const names = Object.keys(columns) as (keyof Columns & keyof typeof plays.$inferInsert)[]
  const pairs = names.map((name) => {
    const column = plays[name]
    return [name, become(sql`${column}`, sql.raw(`excluded.${column.name}`))] as const
  })
  return Object.fromEntries(pairs) as { readonly [Name in keyof Columns]: ReturnType<typeof sql> }
}

/** Apart from the sums: it stands in an index, and moves once in ten minutes. */
function moveSlots(db: DrizzleD1Database, reports: readonly PlayReport[]) {
  const slots = Map.groupBy(reports, ({ seenAtMs }) => Math.floor(seenAtMs / SLOT_MS))
  return [...slots].map(([seenSlot, those]) =>
    db
      .update(plays)
      .set({ seenSlot })
      .where(
        and(
          sql`${plays.sid} IN (SELECT value FROM json_each(${JSON.stringify(those.map(({ sid }) => sid))}))`,
          lt(plays.seenSlot, seenSlot),
        ),
      ),
  )
}

function dueHours(reports: readonly PlayReport[]): readonly number[] {
  return [...new Set(reports.map(({ begunAtMs }) => Math.floor(begunAtMs / HOUR_MS)))]
}
