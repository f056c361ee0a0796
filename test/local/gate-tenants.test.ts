// Two tenants, two hundred jobs at once, clients that leave at any moment: every job has exactly its creator.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { json, readAll, startEngineServer, success, type EngineServer } from '../support/engine-server.ts'
import { startLocalGate, type LocalGate } from '../support/local-gate.ts'

const JOBS = 200
const TENANTS = ['user_alice', 'user_bob'] as const

let engine: EngineServer
let gate: LocalGate
/** Job id → for whom the engine made it, by the gate's word. */
const madeFor = new Map<string, string>()

beforeAll(async () => {
  engine = await startEngineServer(
    readAll((request, response) => {
      const jobId = `job_${crypto.randomUUID()}`
      madeFor.set(jobId, String(request.headers['x-lynxgate-user']))
      setTimeout(() => json(200, success({ job_id: jobId, status: 'queued' }))(request, response), madeFor.size % 20)
    }),
  )
  gate = await startLocalGate({ CLIPZY_ORIGIN: engine.url })
})

afterAll(async () => {
  await gate.stop()
  await engine.close()
})

async function listAll(authorization: string): Promise<string[]> {
  const ids: string[] = []
  for (let page = 1; ; page++) {
    const response = await fetch(`${gate.url}/api/v1/jobs?page=${page}&page_size=50`, {
      headers: { Authorization: authorization },
    })
    const { data }: { data: { jobs: { job_id: string }[]; total: number } } = await response.json()
    ids.push(...data.jobs.map((job) => job.job_id))
    if (data.jobs.length === 0) {
      expect(ids).toHaveLength(data.total)
      return ids.sort()
    }
  }
}

/** Every third client leaves: before its request is sent, while the engine works, or as the answer comes. */
async function createJob(index: number, authorization: string): Promise<void> {
  const leaving = new AbortController()
  const isLeaving = index % 3 === 0
  const call = fetch(`${gate.url}/api/v1/jobs`, {
    method: 'POST',
    headers: { Authorization: authorization, 'Content-Type': 'application/json' },
    body: JSON.stringify({ video_id: `vid_${index}` }),
    signal: leaving.signal,
  })
  if (isLeaving) setTimeout(() => leaving.abort(), (index * 7) % 60)
  const response = await call.catch(() => undefined)
  if (!isLeaving) expect(response?.status).toBe(200)
  await response?.arrayBuffer().catch(() => undefined)
}

it('keeps the lists of two tenants complete and disjoint', async () => {
  const authorizations = await Promise.all(TENANTS.map((tenant) => gate.authorization(tenant)))
  const userIds = await Promise.all(
    authorizations.map(async (authorization) => {
      const response = await fetch(`${gate.url}/api/me`, { headers: { Authorization: authorization } })
      const { user_id: userId }: { user_id: string } = await response.json()
      return userId
    }),
  )
  const of = <T>(values: readonly T[], index: number): T => values[index % values.length] as T

  const indices = Array.from({ length: JOBS }, (_, index) => index)
  // In waves, as more clients at once than the local runtime has sockets would only test those.
  for (let start = 0; start < JOBS; start += 20) {
    await Promise.all(indices.slice(start, start + 20).map((index) => createJob(index, of(authorizations, index))))
  }

  const expected = (userId: string) =>
    [...madeFor]
      .filter(([, user]) => user === userId)
      .map(([jobId]) => jobId)
      .sort()
  await vi.waitFor(
    async () => {
      const [alice = [], bob = []] = await Promise.all(authorizations.map(listAll))
      expect(alice).toEqual(expected(userIds[0] ?? ''))
      expect(bob).toEqual(expected(userIds[1] ?? ''))
    },
    { timeout: 60_000, interval: 200 },
  )
  const lists = await Promise.all(authorizations.map(listAll))
  expect(new Set(lists.flat()).size).toBe(madeFor.size)
  expect(madeFor.size).toBeGreaterThanOrEqual(JOBS - Math.ceil(JOBS / 3))
  for (const foreign of lists[1]?.slice(0, 3) ?? []) {
    const response = await fetch(`${gate.url}/api/v1/jobs/${foreign}`, {
      headers: { Authorization: authorizations[0] ?? '' },
    })
    expect(response.status).toBe(403)
  }
})
