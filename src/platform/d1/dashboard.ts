// The dashboard in D1: one batch, each statement by an index of the user's.
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { DashboardStore } from '../../domain/overview/dashboard.ts'
import { newestJobs, toJob } from './engine-owners.ts'
import { newestProjects, toProject } from './projects.ts'
import { query } from './query.ts'
import { engineJobs } from './schema/engine.ts'
import { apiKeys } from './schema/keys.ts'
import { sharedReports } from './schema/shared-reports.ts'
import { videos } from './schema/videos.ts'
import { toVideo, VIDEO_COLUMNS } from './video-rows.ts'

const COUNT = sql<number>`count(*)`
/** The engine's words for what moves no more; one that it never told of is under way. */
const IS_RUNNING = sql`coalesce(lower(${engineJobs.status}), '') NOT IN ('completed', 'failed', 'cancelled', 'canceled')`

export function d1Dashboard(db: DrizzleD1Database): DashboardStore {
  return {
    async read(userId, { newest, nowMs }) {
      const isUsers = eq(videos.userId, userId)
      const [[held], [keys], [reports], [jobCounts], newestVideos, jobs, projects] = await query(() =>
        db.batch([
          db
            .select({
              count: COUNT,
              bytes: sql<number>`total(${videos.fileSize})`,
              first: sql<number | null>`min(${videos.createdAt})`,
            })
            .from(videos)
            .where(isUsers),
          db
            .select({ count: COUNT })
            .from(apiKeys)
            .where(
              and(
                eq(apiKeys.userId, userId),
                eq(apiKeys.isActive, true),
                isNull(apiKeys.deletedAt),
                or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, nowMs)),
              ),
            ),
          db
            .select({ count: COUNT })
            .from(videos)
            .innerJoin(sharedReports, eq(sharedReports.videoId, videos.jobId))
            .where(and(isUsers, or(isNull(sharedReports.expiresAt), gt(sharedReports.expiresAt, nowMs)))),
          db
            .select({
              count: COUNT,
              running: sql<number>`count(CASE WHEN ${IS_RUNNING} THEN 1 END)`,
              first: sql<number | null>`min(${engineJobs.createdAt})`,
            })
            .from(engineJobs)
            .where(and(eq(engineJobs.userId, userId), sql`${engineJobs.isGone} = 0`)),
          db
            .select(VIDEO_COLUMNS)
            .from(videos)
            .where(isUsers)
            .orderBy(desc(videos.createdAt), desc(videos.jobId))
            .limit(newest),
          newestJobs(db, userId).limit(newest),
          newestProjects(db, userId).limit(newest),
        ]),
      )
      const firsts = [held?.first, jobCounts?.first].filter((at) => typeof at === 'number')
      return {
        counts: {
          videos: held?.count ?? 0,
          keys: keys?.count ?? 0,
          sharedReports: reports?.count ?? 0,
          runningJobs: jobCounts?.running ?? 0,
        },
        usage: {
          jobs: jobCounts?.count ?? 0,
          storedBytes: held?.bytes ?? 0,
          firstUseMs: firsts.length === 0 ? undefined : Math.min(...firsts),
        },
        videos: newestVideos.map(toVideo),
        jobs: jobs.map(toJob),
        projects: projects.map(toProject),
      }
    },
  }
}
