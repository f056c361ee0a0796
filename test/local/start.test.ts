// `npm start` as a stranger meets it: what it prints, keeps and refuses.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_JOB_ID, openLocalState } from '../../src/cli/local-state.ts'
import { freePort } from '../support/local-service.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lynxgate-start-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Run {
  readonly code: number | null
  readonly output: string
}

/** Runs `npm start`'s command; once `until` is printed it gets a Ctrl-C. */
async function start(
  args: readonly string[],
  options: { env?: Record<string, string>; nodeArgs?: string[]; until?: string; whenUp?: () => Promise<void> } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), 'src/cli/run.mjs', 'start', ...args], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let isUp = false
  const listen = (chunk: Buffer): void => {
    output += chunk.toString()
    if (isUp || options.until === undefined || !output.includes(options.until)) return
    isUp = true
    void (options.whenUp?.() ?? Promise.resolve()).finally(() => child.kill('SIGINT'))
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}

describe('npm start', () => {
  it('prints the links, keeps its state for the second start, honours PORT and ends cleanly on Ctrl-C', async () => {
    const state = join(folder, 'state')
    const port = await freePort()
    const statuses: number[] = []
    const once = () =>
      start([`--state=${state}`], {
        env: { PORT: String(port) },
        until: 'Ctrl-C',
        whenUp: async () => {
          statuses.push((await fetch(`http://localhost:${port}/api/playback/stream/${DEMO_JOB_ID}`)).status)
        },
      })
    const first = await once()
    expect(first).toMatchObject({ code: 0 })
    expect(first.output).toContain(`http://localhost:${port}/watch/${DEMO_JOB_ID}`)
    expect(first.output).toContain(`http://localhost:${port}/api/playback/stream/${DEMO_JOB_ID}/index.m3u8`)
    const secrets = await readFile(join(state, 'local.env'), 'utf8')
    expect(await once()).toMatchObject({ code: 0 })
    expect(await readFile(join(state, 'local.env'), 'utf8')).toBe(secrets)
    expect((await stat(join(state, 'issuer-key.pem'))).mode & 0o077).toBe(0)
    expect(statuses).toEqual([200, 200])
  })

  it('says in one sentence that the port is busy', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const run = await start([`--port=${port}`, `--state=${join(folder, 'busy')}`])
    server.close()
    expect(run).toEqual({ code: 1, output: `Port ${port} is in use. Choose another: PORT=${port + 1} npm start\n` })
  })

  it.each(['0', '65536', 'abc', '-1'])('refuses the port %s', async (port) => {
    const run = await start([`--port=${port}`])
    expect(run).toEqual({ code: 2, output: `Invalid port "${port}": use 1 to 65535.\n` })
  })

  it('refuses a delivery it does not know', async () => {
    const run = await start(['--delivery=ftp', `--port=${await freePort()}`])
    expect(run).toEqual({ code: 2, output: 'Invalid delivery "ftp": use s3 or edge.\n' })
  })

  it('says in one sentence that the database could not be migrated', async () => {
    const state = join(folder, 'broken')
    openLocalState(state)
    await writeFile(join(state, 'data'), 'a file where a folder is due')
    const run = await start([`--port=${await freePort()}`, `--state=${state}`])
    expect(run.code).toBe(1)
    expect(run.output).toMatch(/\nThe local database could not be migrated: .+\n$/)
  })

  it('says in one sentence that Node is too old', async () => {
    const pretend = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.9.0'}})`
    const run = await start([], { nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`] })
    expect(run).toEqual({
      code: 1,
      output:
        'lynxgate needs Node 22.18 or newer and found 20.9.0. npm install brings its own: run this through npm,' +
        ' as in "npm start".\n',
    })
  })
})
