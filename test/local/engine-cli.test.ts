// The engine's commands in the terminal: the stand-in behind npm start, and the import of what was there before.
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { queryDatabase } from '../../src/cli/database.ts'
import { startStandInEngine, type StandInEngine } from '../../src/cli/start/stand-in-engine.ts'
import { readEnvelope } from '../../src/core/engine/envelope.ts'
import { copyTemplate, startLocalService } from '../support/local-service.ts'

interface Answer {
  readonly status: number
  readonly data: Record<string, unknown>
  readonly code: unknown
}

describe('the stand-in engine', () => {
  let engine: StandInEngine
  beforeAll(async () => {
    engine = await startStandInEngine()
  })
  afterAll(() => engine.close())

  async function ask(method: string, path: string, body?: BodyInit): Promise<Answer> {
    const response = await fetch(engine.url + path, { method, ...(body !== undefined && { body }) })
    const text = await response.text()
    expect(readEnvelope(text)).toBeDefined()
    const { data, error }: { data: Record<string, unknown>; error?: { code: unknown } } = JSON.parse(text)
    return { status: response.status, data, code: error?.code }
  }

  it('follows the documented calls, from upload to cancelling', async () => {
    const form = new FormData()
    form.set('file', new Blob(['a film']), 'film.mp4')
    const uploaded = await ask('POST', '/api/v1/videos/upload', form)
    expect(uploaded.data).toMatchObject({ video_id: expect.stringMatching(/^vid_/), filename: 'film.mp4' })
    const created = await ask('POST', '/api/v1/jobs', JSON.stringify({ video_id: uploaded.data['video_id'] }))
    expect(created.data).toMatchObject({ status: 'queued', progress_percent: 0, current_stage: null })
    const path = `/api/v1/jobs/${String(created.data['job_id'])}`
    expect((await ask('GET', path)).data['video_id']).toBe(uploaded.data['video_id'])
    expect(await ask('GET', `${path}/result`)).toMatchObject({ status: 409, code: 'RESULT_NOT_READY' })
    expect((await ask('GET', '/api/v1/jobs')).data['total']).toBe(1)
    expect((await ask('DELETE', path)).data['status']).toBe('cancelled')
  })

  it.each([
    ['POST', '/api/v1/videos/upload', 'no form', 422, 'MISSING_FIELD'],
    ['POST', '/api/v1/jobs', '{"video_id":"vid_none"}', 404, 'VIDEO_NOT_FOUND'],
    ['POST', '/api/v1/jobs', '{', 400, 'BAD_REQUEST'],
    ['GET', '/api/v1/jobs/job_none', undefined, 404, 'JOB_NOT_FOUND'],
    ['GET', '/api/v1/nothing', undefined, 404, 'NOT_FOUND'],
  ])('refuses %s %s of %s in an envelope', async (method, path, body, status, code) => {
    expect(await ask(method, path, body)).toMatchObject({ status, code })
  })

  it('stands behind the gate of npm start', async () => {
    const { url } = await startLocalService()
    const response = await fetch(`${url}/api/v1/health`)
    expect(await response.json()).toMatchObject({ success: true, data: { engine: 'stand-in' } })
    const keys: { keys: unknown[] } = await (await fetch(`${url}/api/v1/.well-known/jwks.json`)).json()
    expect(keys.keys).toHaveLength(1)
  })
})

describe('npm run engine-import', () => {
  const ALICE = '00000000-0000-4000-8000-0000000a11ce'
  const BOB = '00000000-0000-4000-8000-000000000b0b'
  let folder = ''

  beforeAll(async () => {
    folder = await copyTemplate()
    const users = `INSERT INTO users (id, created_at) VALUES ('${ALICE}', 0), ('${BOB}', 0)`
    await queryDatabase({ state: folder, remote: false, env: undefined }, users)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, ['src/cli/run.mjs', 'engine-import', `--state=${folder}`, ...args])
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, output }
  }

  it('gives a user what has no owner, may be repeated, and takes nothing from its owner', async () => {
    const mine = ['--user', ALICE, '--job', 'job_1', '--job', 'job_2', '--video', 'vid_1']
    for (const { code, output } of [await run(...mine), await run(...mine)]) {
      expect(code).toBe(0)
      for (const id of ['job job_1', 'job job_2', 'video vid_1']) expect(output).toContain(`${id} belongs to ${ALICE}`)
    }
    const theirs = await run('--user', BOB, '--job', 'job_1', '--job', 'job_3')
    expect(theirs.code).toBe(1)
    expect(theirs.output).toContain('job job_1 has another owner')
    expect(theirs.output).toContain(`job job_3 belongs to ${BOB}`)
    expect(theirs.output).not.toContain(ALICE)
  })

  it('F9: takes as many as a command line holds', async () => {
    const jobs = Array.from({ length: 200 }, (_, index) => `job_${index}`.padEnd(128, 'x'))
    const videos = Array.from({ length: 150 }, (_, index) => `vid_${index}`.padEnd(128, 'x'))
    const flags = [...jobs.flatMap((id) => ['--job', id]), ...videos.flatMap((id) => ['--video', id])]
    const { code, output } = await run('--user', ALICE, ...flags)
    expect(code).toBe(0)
    expect(output.trim().split('\n')).toHaveLength(350)
  })

  it.each([
    [['--user', 'alice', '--job', 'job_1'], 2, '--user must be a UUID'],
    [['--user', ALICE], 2, 'Give a --job or a --video'],
    [['--user', ALICE, '--job', "x'); DROP TABLE users; --"], 2, 'cannot be an id'],
    [['--user', '00000000-0000-4000-8000-000000000000', '--job', 'job_9'], 1, 'There is no such user'],
  ])('refuses %j', async (args, expected, sentence) => {
    const { code, output } = await run(...args)
    expect(code).toBe(expected)
    expect(output).toContain(sentence)
    expect(output.trim().split('\n')).toHaveLength(1)
  })
})
