// GET /api/dashboard
import { dashboardApi } from '../../api/dashboard.ts'
import { reply } from '../../api/operation.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import { readDashboard } from '../../domain/overview/dashboard.ts'
import type { Router } from '../router.ts'
import { showVideo } from '../video-view.ts'
import { renderJob } from './engine.ts'
import { showCaller } from './me.ts'
import { showProject } from './projects.ts'

export function dashboardRoutes(router: Router, deps: Parameters<typeof readDashboard>[0]): void {
  router.secured(dashboardApi.getDashboard, async ({ origin, principal }) => {
    const { counts, usage, videos, jobs, projects } = await readDashboard(deps, principal)
    return reply(200, {
      profile: showCaller(principal),
      counts: {
        videos: counts.videos,
        keys: counts.keys,
        shared_reports: counts.sharedReports,
        running_jobs: counts.runningJobs,
      },
      videos: videos.map((video) => showVideo(video, origin)),
      jobs: jobs.map(renderJob),
      projects: projects.map(showProject),
      usage: {
        total_jobs: usage.jobs,
        bytes_stored: usage.storedBytes,
        first_usage: usage.firstUseMs === undefined ? null : formatTimestamp(usage.firstUseMs),
      },
    })
  })
}
