// Shared reports in D1. As with videos, the statement that changes holds its own conditions.
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { SharedReportStore, StoredReport } from '../../domain/videos/shared-reports.ts'
import { PLAYABLE, toPlayable } from './playable-videos.ts'
import { toPlaybackMode } from './playback-mode.ts'
import { reportData } from './event-data.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { notOwn } from './video-rows.ts'
import { sharedReports } from './schema/shared-reports.ts'
import { users } from './schema/users.ts'
import { videos } from './schema/videos.ts'
import { selectRow } from './select-row.ts'

const COLUMNS = {
  id: sharedReports.id,
  videoId: sharedReports.videoId,
  shareHash: sharedReports.shareHash,
  expiresAt: sharedReports.expiresAt,
  viewCount: sharedReports.viewCount,
  createdAt: sharedReports.createdAt,
}

export function d1SharedReports(db: DrizzleD1Database, outbox: Outbox): SharedReportStore {
  const owner = (jobId: string) => db.select({ userId: videos.userId }).from(videos).where(eq(videos.jobId, jobId))
  return {
    async create(userId, { id, videoId, shareHash, expiresAtMs, createdAtMs }, maxPerVideo) {
      const count = sql`(SELECT count(*) FROM ${sharedReports} WHERE video_id = ${videoId})`
      const told = outbox.write({
        type: 'report.shared',
        userId,
        resource: videoId,
        data: reportData(),
        when: sql`FROM ${sharedReports} WHERE ${eq(sharedReports.id, id)}`,
        nowMs: createdAtMs,
      })
      const [rows, owners, , deliveries] = await query(() =>
        db.batch([
          db
            .insert(sharedReports)
            .select(
              sql`SELECT ${selectRow(sharedReports, {
                id,
                videoId: sql`${videos.jobId}`,
                userId: sql`${videos.userId}`,
                shareHash,
                expiresAt: expiresAtMs ?? null,
                viewCount: 0,
                createdAt: createdAtMs,
              })} FROM ${videos} WHERE ${videos.jobId} = ${videoId} AND ${videos.userId} = ${userId}
                AND ${count} < ${maxPerVideo}`,
            )
            .returning({ id: sharedReports.id }),
          owner(videoId),
          told.event,
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return rows.length > 0 ? 'created' : (notOwn(userId, owners) ?? 'full')
    },

    async listByVideo(userId, jobId) {
      const [owners, rows] = await query(() =>
        db.batch([
          owner(jobId),
          db
            .select(COLUMNS)
            .from(sharedReports)
            .innerJoin(videos, eq(videos.jobId, sharedReports.videoId))
            .where(and(eq(sharedReports.videoId, jobId), eq(videos.userId, userId)))
            .orderBy(desc(sharedReports.createdAt), desc(sharedReports.id)),
        ]),
      )
      return notOwn(userId, owners) ?? rows.map(toReport)
    },

    async listByUser(userId, { after, limit }) {
      const rows = await query(() =>
        db
          .select({ report: COLUMNS, videoName: videos.name })
          .from(sharedReports)
          .innerJoin(videos, eq(videos.jobId, sharedReports.videoId))
          .where(
            and(
              eq(sharedReports.userId, userId),
              after && sql`(${sharedReports.createdAt}, ${sharedReports.id}) < (${after.createdAtMs}, ${after.id})`,
            ),
          )
          .orderBy(desc(sharedReports.createdAt), desc(sharedReports.id))
          .limit(limit),
      )
      return rows.map(({ report, videoName }) => ({ ...toReport(report), videoName }))
    },

    async findLive(shareHash, nowMs) {
      const [row] = await query(() =>
        db
          .select({ report: COLUMNS, video: PLAYABLE })
          .from(sharedReports)
          .innerJoin(videos, eq(videos.jobId, sharedReports.videoId))
          .innerJoin(users, eq(users.id, videos.userId))
          .where(
            and(
              eq(sharedReports.shareHash, shareHash),
              or(isNull(sharedReports.expiresAt), gt(sharedReports.expiresAt, nowMs)),
              isNull(users.deletedAt),
            ),
          )
          .limit(1),
      )
      return row && { report: toReport(row.report), video: toPlayable(row.video) }
    },

    async addView(id) {
      await query(() =>
        db
          .update(sharedReports)
          .set({ viewCount: sql`${sharedReports.viewCount} + 1` })
          .where(eq(sharedReports.id, id)),
      )
    },

    async remove(userId, id, nowMs) {
      const isOwn = and(
        eq(sharedReports.id, id),
        sql`EXISTS (SELECT 1 FROM ${videos} WHERE job_id = ${sharedReports.videoId} AND user_id = ${userId})`,
      )
      const told = outbox.write({
        type: 'report.revoked',
        userId,
        resource: sql`${sharedReports.videoId}`,
        data: reportData(),
        when: sql`FROM ${sharedReports} WHERE ${isOwn}`,
        nowMs,
      })
      const [, owners, rows, deliveries] = await query(() =>
        db.batch([
          told.event,
          db
            .select({ userId: videos.userId, playback: videos.playback })
            .from(sharedReports)
            .innerJoin(videos, eq(videos.jobId, sharedReports.videoId))
            .where(eq(sharedReports.id, id)),
          db.delete(sharedReports).where(isOwn).returning({ id: sharedReports.id }),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      const [owned] = owners
      if (rows.length === 0 || owned === undefined) return notOwn(userId, owners) ?? 'missing'
      return { playback: toPlaybackMode(owned.playback) }
    },
  }
}

function toReport(row: {
  id: string
  videoId: string
  shareHash: string
  expiresAt: number | null
  viewCount: number
  createdAt: number
}): StoredReport {
  const { expiresAt, createdAt, ...rest } = row
  return { ...rest, expiresAtMs: expiresAt ?? undefined, createdAtMs: createdAt }
}
