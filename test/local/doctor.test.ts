// `npm run doctor` as an operator meets it, on a service that is well and on some that are not.
import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, spawnLocalService, type OwnLocalService } from '../support/local-service.ts'

let service: OwnLocalService
let stateFolder = ''

beforeAll(async () => {
  service = await spawnLocalService(['--delivery', 'edge'])
  stateFolder = service.stateFolder ?? ''
})
afterAll(() => service.stop())

async function doctor(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['src/cli/run.mjs', 'doctor', ...args], { env: { ...process.env, ...env } })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}

const here = (): string[] => ['--url', service.url, '--state', stateFolder]

describe('npm run doctor', () => {
  it('F9, F16: finds a service by its state folder and nothing wrong with it, whatever this terminal exports, and shows no secret', async () => {
    const exported = { LYNXGATE_URL: '', EDGE_SIGNING_SECRET: 'x'.repeat(40), R2_SECRET_ACCESS_KEY: 'wrong' }
    const { code, output } = await doctor(['--state', stateFolder], exported)
    expect(output).toContain(`at ${service.url}\n`)
    expect(output).not.toContain('BAD')
    expect(output).toContain('All well.')
    for (const subject of [
      'service',
      'configuration',
      'binding DB',
      'binding CACHE',
      'binding MEDIA',
      'binding STREAMS',
      'binding LIMITS',
      'binding PLAYS',
      'playback sessions',
      'migrations',
      'audit trail',
      'bucket CORS',
    ]) {
      expect(output).toContain(`ok   ${subject}: `)
    }
    for (const delivery of ['s3', 'edge']) expect(output.split(`ok   ${delivery} delivery: `)).toHaveLength(6)
    for (const name of ['EDGE_SIGNING_SECRET', 'R2_SECRET_ACCESS_KEY']) {
      expect(output).not.toContain(await service.variable(name))
    }
    expect(code).toBe(0)
  })

  it('tells a secret that differs from the service’s, and what to do', async () => {
    const file = join(stateFolder, 'other.env')
    const lines = (await readFile(join(stateFolder, 'local.env'), 'utf8'))
      .replace(/^EDGE_SIGNING_SECRET=.*$/m, `EDGE_SIGNING_SECRET=${'x'.repeat(40)}`)
      .replace(/^R2_SECRET_ACCESS_KEY=.*$/m, 'R2_SECRET_ACCESS_KEY=wrong')
    await writeFile(file, lines)
    const { code, output } = await doctor([...here(), '--env-file', file])
    expect(output).toMatch(/BAD {2}edge delivery: a signed upload is taken: no, 403 .*Presigned URL is invalid/)
    expect(output).toMatch(/BAD {2}s3 delivery: a signed upload is taken: no, 403/)
    expect(output).toContain('→ the secret, the endpoint or the bucket differs')
    expect(output).toContain('BAD  playback sessions: the service does not know a session made with this file')
    expect(output).toContain('3 to look at.')
    expect(code).toBe(1)
  })

  it('tells which migrations are not applied', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lynxgate-doctor-'))
    await copyFile(join(stateFolder, 'local.env'), join(folder, 'local.env'))
    const { output } = await doctor(['--url', service.url, '--state', folder])
    expect(output).toMatch(/BAD {2}migrations: \d+ not applied: 0000_/)
    await rm(folder, { recursive: true, force: true })
  })

  it('F16: goes where LYNXGATE_URL says first', async () => {
    const nowhere = `http://localhost:${await freePort()}`
    const told = await doctor(['--state', stateFolder], { LYNXGATE_URL: nowhere })
    expect(told.output).toContain(`BAD  service: no lynxgate answers at ${nowhere}`)
  })

  it('F16: writes nothing into a service that is not the one it was told', async () => {
    const own = await mkdtemp(join(tmpdir(), 'lynxgate-doctor-'))
    await copyFile(join(stateFolder, 'local.env'), join(own, 'local.env'))
    const none = await doctor(['--state', own], { LYNXGATE_URL: '' })
    const sentence = 'No local service is running: start it with npm start, or set LYNXGATE_URL.\n'
    expect(none).toEqual({ code: 1, output: sentence })
    const other = await doctor(['--state', stateFolder, '--url', `http://localhost:${await freePort()}`])
    expect(other.code).toBe(2)
    expect(other.output).toMatch(/^[^\n]+ is not the service of this state folder, which runs at [^\n]+\n$/)
    await rm(own, { recursive: true, force: true })
  })

  it('reports a service that does not answer', async () => {
    const own = await mkdtemp(join(tmpdir(), 'lynxgate-doctor-'))
    await copyFile(join(stateFolder, 'local.env'), join(own, 'local.env'))
    const { code, output } = await doctor(['--url', `http://localhost:${await freePort()}`, '--state', own])
    await rm(own, { recursive: true, force: true })
    expect(output).toContain('BAD  service: no lynxgate answers at')
    expect(output).toContain('→ start it: npm start')
    expect(code).toBe(1)
  })

  it.each([
    [['--url', 'nowhere'], 'is not a URL'],
    [['--state', '/nonexistent/state'], 'cannot be read'],
    [['--fix'], 'give --remote too'],
    [['--remote'], '--remote needs --env-file'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('F17: refuses %j with a sentence and exit code 2', async (args, sentence) => {
    const { code, output } = await doctor(args)
    expect(output).toContain(sentence)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })
})
