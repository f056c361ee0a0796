import { describe, expect, it } from 'vitest'
import { env } from '../support/env.ts'
import { knownCaller, type KnownCaller } from '../support/known-caller.ts'

interface Project {
  readonly id: string
  readonly name: string
  readonly video_count: number
}

async function makeProject(caller: KnownCaller, name = 'Spring'): Promise<Project> {
  const [status, project] = await caller.answer('POST', '/api/projects', { name })
  expect(status).toBe(201)
  return project as Project
}

async function register(caller: KnownCaller, name: string, project_id?: string): Promise<[number, unknown]> {
  await env.MEDIA.put(`${caller.folder}${name}.mp4`, 'a film')
  const body = { file_path: `${name}.mp4`, file_name: name, ...(project_id === undefined ? {} : { project_id }) }
  return await caller.answer('POST', '/api/processing/register-upload', body)
}

const jobIdOf = ([, body]: [number, unknown]): string => (body as { job_id: string }).job_id
const namesOf = ([, body]: [number, unknown]): string[] => (body as { name: string }[]).map(({ name }) => name)

describe('/api/projects', () => {
  it('makes, lists, shows, changes and deletes them', async () => {
    const caller = await knownCaller()
    const [, made] = await caller.answer('POST', '/api/projects', { name: 'Spring', description: 'All of April.' })
    const { id } = made as Project
    const at = new Date(caller.service.clock.nowMs).toISOString()
    expect(made).toEqual({
      id,
      name: 'Spring',
      description: 'All of April.',
      video_count: 0,
      created_at: at,
      updated_at: at,
    })
    caller.service.clock.nowMs += 1000
    await makeProject(caller, 'Summer')
    expect(namesOf(await caller.answer('GET', '/api/projects'))).toEqual(['Summer', 'Spring'])
    const [, changed] = await caller.answer('PATCH', `/api/projects/${id}`, { name: 'April' })
    expect(changed).toMatchObject({ name: 'April', description: 'All of April.', created_at: at })
    expect((changed as { updated_at: string }).updated_at).not.toBe(at)
    expect(await caller.answer('GET', `/api/projects/${id}`)).toEqual([200, changed])
    expect(await caller.answer('DELETE', `/api/projects/${id}`)).toEqual([200, { ok: true }])
    expect(await caller.answer('GET', `/api/projects/${id}`)).toEqual([404, { detail: 'Project not found' }])
  })

  it.each([
    [{}, 'name: is required'],
    [{ name: '' }, 'name: must not be empty'],
    [{ name: 'x'.repeat(256) }, 'name: must be at most 255 characters'],
    [{ name: 'x', id: 'y' }, 'id: is not a known field'],
  ])('refuses %j', async (body, detail) => {
    const caller = await knownCaller()
    expect(await caller.answer('POST', '/api/projects', body)).toEqual([422, { detail }])
  })

  it('asks a key for videos:write to change and videos:read to see', async () => {
    const reader = await knownCaller({ scopes: 'videos:read' })
    expect(await reader.answer('GET', '/api/projects')).toEqual([200, []])
    expect(await reader.answer('POST', '/api/projects', { name: 'x' })).toEqual([
      403,
      { detail: 'API key lacks the scope videos:write' },
    ])
  })
})

describe('a video’s project', () => {
  it('is given at registration or later, counted, listed by, and taken away', async () => {
    const caller = await knownCaller()
    const spring = await makeProject(caller)
    const first = jobIdOf(await register(caller, 'first', spring.id))
    caller.service.clock.nowMs += 1000
    const second = jobIdOf(await register(caller, 'second'))
    expect(await caller.answer('GET', `/api/videos/${first}`)).toMatchObject([200, { project_id: spring.id }])
    expect(
      await caller.answer('PATCH', `/api/videos/${second}`, { project_id: spring.id.toUpperCase() }),
    ).toMatchObject([200, { project_id: spring.id, name: 'second' }])
    expect(await caller.answer('GET', `/api/projects/${spring.id}`)).toMatchObject([200, { video_count: 2 }])
    const listed = `/api/videos?project_id=${spring.id}`
    expect(namesOf(await caller.answer('GET', listed))).toEqual(['second', 'first'])
    expect(namesOf(await caller.answer('GET', `${listed}&sort=name&status=uploaded&q=FIR`))).toEqual(['first'])
    const page = await caller.ask('GET', `${listed}&limit=1`)
    const next = /<([^>]+)>/.exec(page.headers.get('Link') ?? '')?.[1] ?? ''
    expect(namesOf(await caller.answer('GET', next))).toEqual(['first'])
    expect(await caller.answer('PATCH', `/api/videos/${second}`, { project_id: null })).toMatchObject([
      200,
      { project_id: null },
    ])
    expect(namesOf(await caller.answer('GET', listed))).toEqual(['first'])
  })

  it('goes with the project, and the video stays', async () => {
    const caller = await knownCaller()
    const spring = await makeProject(caller)
    const jobId = jobIdOf(await register(caller, 'film', spring.id))
    await caller.ask('DELETE', `/api/projects/${spring.id}`)
    expect(await caller.answer('GET', `/api/videos/${jobId}`)).toMatchObject([200, { project_id: null, name: 'film' }])
  })

  it('is one of the owner’s: another user’s is a 403, an unknown one a 404, and nothing changes', async () => {
    const [caller, other] = [await knownCaller(), await knownCaller()]
    const theirs = await makeProject(other)
    const jobId = jobIdOf(await register(caller, 'film'))
    const foreign = [403, { detail: 'Project does not belong to this user' }]
    const missing = [404, { detail: 'Project not found' }]
    for (const [id, refusal] of [
      [theirs.id, foreign],
      [crypto.randomUUID(), missing],
      ['none', missing],
    ] as const) {
      const change = { name: 'changed', project_id: id }
      expect(await caller.answer('PATCH', `/api/videos/${jobId}`, change)).toEqual(refusal)
      expect(await register(caller, 'another', id)).toEqual(refusal)
    }
    expect(await caller.answer('GET', '/api/videos')).toMatchObject([200, [{ name: 'film', project_id: null }]])
    expect(await other.answer('GET', `/api/projects/${theirs.id}`)).toMatchObject([200, { video_count: 0 }])
  })

  it('says which of status and project was wrong', async () => {
    const caller = await knownCaller()
    const spring = await makeProject(caller)
    const jobId = jobIdOf(await register(caller, 'film'))
    const change = { status: 'completed', project_id: spring.id }
    expect((await caller.answer('PATCH', `/api/videos/${jobId}`, change))[0]).toBe(409)
  })
})
