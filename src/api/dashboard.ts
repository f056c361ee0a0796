// GET /api/dashboard: what a user has, at one glance.
import * as v from 'valibot'
import { jobSchema } from './engine.ts'
import { timestampSchema } from './fields.ts'
import { callerSchema } from './me.ts'
import { json, noBody, noQuery, operation } from './operation.ts'
import { projectSchema } from './projects.ts'
import { videoSchema } from './videos.ts'

export const dashboardSchema = v.object({
  profile: callerSchema,
  counts: v.object({ videos: v.number(), keys: v.number(), shared_reports: v.number(), running_jobs: v.number() }),
  videos: v.array(videoSchema),
  jobs: v.array(jobSchema),
  projects: v.array(projectSchema),
  usage: v.object({ total_jobs: v.number(), bytes_stored: v.number(), first_usage: v.nullable(timestampSchema) }),
})

export const dashboardApi = {
  getDashboard: operation({
    route: 'GET /api/dashboard',
    tag: 'Videos',
    summary: 'What the caller has: counts, and the five newest videos, jobs and projects',
    description:
      '`keys` and `shared_reports` count live ones. `running_jobs`, and `jobs`, are the engine’s as last seen; nothing of' +
      ' it is asked of the engine. `bytes_stored` is the size of the originals.',
    access: 'videos:read',
    query: noQuery,
    body: noBody,
    answers: { 200: json('The dashboard', dashboardSchema) },
    refusals: {},
  }),
}
