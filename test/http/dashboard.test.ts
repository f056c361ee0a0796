import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller } from '../support/known-caller.ts'
import { makeVideo } from '../support/videos.ts'

interface Dashboard {
  readonly videos: { job_id: string }[]
  readonly projects: { name: string; video_count: number }[]
  readonly jobs: { job_id: string; status: string | null }[]
  readonly counts: Readonly<Record<string, number>>
}

async function addJobs(userId: string, statuses: readonly (string | null)[]): Promise<void> {
  const insert = env.DB.prepare(
    'INSERT INTO engine_jobs (job_id, user_id, created_at, status, is_gone) VALUES (?, ?, ?, ?, ?)',
  )
  await env.DB.batch(
    statuses.map((status, at) =>
      insert.bind(crypto.randomUUID(), userId, 1000 + at, status, status === 'gone' ? 1 : 0),
    ),
  )
}

describe('GET /api/dashboard', () => {
  it('is empty for a new user but for their key', async () => {
    const caller = await knownCaller()
    const { userId, clerkUserId } = caller.key
    expect(await caller.answer('GET', '/api/dashboard')).toEqual([
      200,
      {
        profile: {
          user_id: userId,
          clerk_user_id: clerkUserId,
          auth_type: 'api_key',
          workspace: { id: userId, kind: 'personal', name: null, role: 'admin' },
        },
        counts: { videos: 0, keys: 1, shared_reports: 0, running_jobs: 0 },
        videos: [],
        jobs: [],
        projects: [],
        usage: { total_jobs: 0, bytes_stored: 0, first_usage: null },
      },
    ])
  })

  it('counts what is live, shows the five newest, and nothing of another user or of a key', async () => {
    const caller = await knownCaller()
    const { userId } = caller.key
    await env.DB.prepare('UPDATE videos SET file_size = 5 WHERE job_id = ?')
      .bind((await makeVideo()).jobId)
      .run()
    const made = []
    for (let at = 0; at < 7; at++) {
      const { jobId } = await makeVideo({ userId, fileName: `${at}.mp4` })
      await env.DB.prepare('UPDATE videos SET file_size = 1000, created_at = ? WHERE job_id = ?')
        .bind(2000 + at, jobId)
        .run()
      made.unshift(jobId)
    }
    const [, project] = await caller.answer('POST', '/api/projects', { name: 'Spring' })
    const { id } = project as { id: string }
    await caller.ask('PATCH', `/api/videos/${made[0]}`, { project_id: id })
    const soon = new Date(caller.service.clock.nowMs + 1000).toISOString()
    await caller.ask('POST', '/api/shared-reports', { video_id: made[0] })
    await caller.ask('POST', '/api/shared-reports', { video_id: made[0], expires_at: soon })
    await caller.ask('POST', '/api/keys', { name: 'another', expires_at: soon })
    caller.service.clock.nowMs += 2000
    await addJobs(userId, ['completed', 'failed', 'CANCELLED', 'processing', null, 'gone', 'queued'])
    await addJobs((await knownCaller()).key.userId, ['processing'])
    const response = await caller.ask('GET', '/api/dashboard')
    const text = await response.text()
    expect(text).not.toContain('lvz_live_')
    const body = JSON.parse(text) as Dashboard
    expect(body.counts).toEqual({ videos: 7, keys: 1, shared_reports: 1, running_jobs: 3 })
    expect(body.videos.map(({ job_id }) => job_id)).toEqual(made.slice(0, 5))
    expect(body.projects).toMatchObject([{ name: 'Spring', video_count: 1 }])
    expect(body.jobs.map(({ status }) => status)).toEqual(['queued', null, 'processing', 'CANCELLED', 'failed'])
    expect(body).toMatchObject({
      usage: { total_jobs: 6, bytes_stored: 7000, first_usage: '1970-01-01T00:00:01.000Z' },
    })
  })
})
