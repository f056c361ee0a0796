// `npm start` as a stranger meets it: what it prints, keeps and refuses.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEMO_JOB_ID, openLocalState } from '../../src/cli/local-state.ts'
import { birthOf } from '../../src/cli/process-life.ts'
import { runningService } from '../../src/cli/service-file.ts'
import { freePort } from '../support/local-service.ts'
import { runStart, startToEnd } from '../support/start-command.ts'
import { useStartedState } from '../support/started-state.ts'

const READY = 'Ctrl-C'

const started = useStartedState()
const startedState = started.copy

describe('npm start', () => {
  it('prints the links, honours PORT and ends cleanly on Ctrl-C', () => {
    expect(started.first).toMatchObject({ code: 0, film: 200 })
    expect(started.first.output).toContain(`http://localhost:${started.first.port}/watch/${DEMO_JOB_ID}`)
    expect(started.first.output).toContain(
      `http://localhost:${started.first.port}/api/playback/stream/${DEMO_JOB_ID}/index.m3u8`,
    )
  })

  it('F16: does not need a home folder that can be written to', () => {
    expect(started.first.output).not.toMatch(/EACCES|EROFS|ENOTDIR|error/i)
    expect(existsSync(join(started.folder(), 'wrangler', 'logs'))).toBe(true)
  })

  it('F17: shows no warning of wrangler and no colour', () => {
    expect(started.first.output).not.toMatch(/warning|experimental/i)
    expect(started.first.output).not.toContain('\u001b')
  })

  it('F17: keeps its state, and makes nothing again when nothing changed', async () => {
    const own = await startedState('again')
    const files = ['local.env', 'issuer-key.pem', 'worker/worker.json', 'worker/worker.js']
    const digests = async (): Promise<string[]> =>
      await Promise.all(
        files.map(async (name) => {
          const path = join(own, name)
          return `${createHash('sha256')
            .update(await readFile(path))
            .digest('hex')} ${(await stat(path)).mtimeMs}`
        }),
      )
    const before = await digests()
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${own}`])
    await run.printed(READY)
    expect((await fetch(`http://localhost:${port}/api/playback/stream/${DEMO_JOB_ID}`)).status).toBe(200)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    expect(run.output()).not.toContain('Preparing')
    expect(await digests()).toEqual(before)
    expect((await stat(join(own, 'issuer-key.pem'))).mode & 0o077).toBe(0)
  })

  it('F17: prepares again what was made of other sources', async () => {
    const own = await startedState('changed')
    const stored = join(own, 'worker', 'worker.json')
    await writeFile(stored, (await readFile(stored, 'utf8')).replace(/"fingerprint":"\w/, '"fingerprint":"x'))
    const run = runStart([`--port=${await freePort()}`, `--state=${own}`])
    await run.printed(READY)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    expect(run.output()).toContain('Preparing')
  })

  it('F17: --log shows method, route, status and milliseconds of every request, and nothing that a caller sent', async () => {
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${await startedState('log')}`, '--log'])
    await run.printed(READY)
    const key = `lvz_live_${'5ec2e7'.repeat(10)}5ec2`
    const headers = {
      Authorization: key,
      Cookie: '__session=secret',
      Referer: 'http://secret.example/',
      'User-Agent': 'secret',
    }
    await fetch(`http://localhost:${port}/api/playback/stream/${DEMO_JOB_ID}/index.m3u8?CMCD=secret`, { headers })
    await fetch(`http://localhost:${port}/media/users/secret/film.mp4?X-Amz-Signature=secret`, { headers })
    await fetch(`http://localhost:${port}/secret/share?token=secret`, { headers })
    await fetch(`http://localhost:${port}/api/me`, { headers })
    await run.printed('GET /api/me 401')
    run.child.kill('SIGINT')
    await run.ended
    const lines = run.output().split('\n')
    expect(lines).toContainEqual(
      expect.stringMatching(/^GET \/api\/playback\/stream\/\{job_id\}\/\{path\} 200 \d+ ms$/),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^GET \/api\/me 401 \d+ ms unauthorized/))
    // One line a request, so that what is looked for could stand there; the first is of the start itself.
    expect(lines.filter((line) => /^GET \/(?:api|media)\//.test(line))).toHaveLength(4)
    expect(lines).toContainEqual(expect.stringMatching(/^GET \(no route\) 404 \d+ ms/))
    expect(run.output()).not.toMatch(/secret|5ec2e7/)
    expect(run.output().split(READY)[1]).not.toContain(DEMO_JOB_ID)
  })
})

describe('the service file', () => {
  it('F16: tells where the service runs, and a second start says so', async () => {
    const own = await startedState('twice')
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${own}`])
    await run.printed(READY)
    const url = `http://localhost:${port}`
    expect(runningService(own)).toEqual({ url, port, pid: run.child.pid })
    const second = await startToEnd([`--port=${await freePort()}`, `--state=${own}`])
    const sentence = `lynxgate is already running at ${url} (process ${run.child.pid}) on this state folder.\n`
    expect(second).toEqual({ code: 1, output: sentence })
    expect((await fetch(`${url}/api/health`)).status).toBe(200)
    run.child.kill('SIGTERM')
    await run.ended
    expect(runningService(own)).toBeUndefined()
  })

  it('F16: lets one of two starts at the same moment through', async () => {
    const own = await startedState('race')
    const runs = [
      runStart([`--port=${await freePort()}`, `--state=${own}`]),
      runStart([`--port=${await freePort()}`, `--state=${own}`]),
    ]
    const winner = await Promise.any(runs.map(async (run) => await run.printed(READY).then(() => run)))
    const loser = runs.find((run) => run !== winner)
    expect(await loser?.ended).toBe(1)
    expect(loser?.output()).toMatch(/^[^\n]*(already running|at the same time)[^\n]*\n$/)
    winner.child.kill('SIGTERM')
    expect(await winner.ended).toBe(0)
  })

  const written = async (name: string, content: string | object): Promise<string> => {
    const own = join(started.root(), name.replaceAll(' ', '-'))
    openLocalState(own)
    const whole = { url: 'http://localhost:1', port: 1 }
    const text = typeof content === 'string' ? content : JSON.stringify({ ...whole, ...content })
    await writeFile(join(own, 'service.json'), text)
    return own
  }

  it('F16: is believed of a process that runs, by its number and its birth', async () => {
    const pid = process.ppid
    const own = await written('running', { pid, birth: birthOf(pid) })
    expect(runningService(own)).toEqual({ url: 'http://localhost:1', port: 1, pid })
  })

  it.each([
    ['a process that is gone', { pid: 2 ** 30, birth: '' }],
    ['another process of the same number', { pid: process.ppid, birth: 'another birth' }],
    ['no service, cut off', '{"url":'],
  ])('F16: is ignored when it is of %s', async (name, content) => {
    expect(runningService(await written(name, content))).toBeUndefined()
  })

  it('F16: keeps no start back when it is stale', async () => {
    const own = await startedState('stale')
    const stale = { url: 'http://localhost:1', port: 1, pid: process.ppid, birth: 'another birth' }
    await writeFile(join(own, 'service.json'), JSON.stringify(stale))
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${own}`])
    await run.printed(READY)
    expect(runningService(own)).toEqual({ url: `http://localhost:${port}`, port, pid: run.child.pid })
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
  })
})

describe('npm start, refusing', () => {
  it('says in one sentence that the port is busy', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const run = await startToEnd([`--port=${port}`, `--state=${join(started.root(), 'busy')}`])
    server.close()
    expect(run).toEqual({ code: 1, output: `Port ${port} is in use. Choose another: PORT=${port + 1} npm start\n` })
  })

  it.each(['0', '65536', 'abc', '-1'])('refuses the port %s', async (port) => {
    const run = await startToEnd([`--port=${port}`])
    expect(run).toEqual({ code: 2, output: `Invalid port "${port}": use 1 to 65535.\n` })
  })

  it('refuses a delivery it does not know', async () => {
    const run = await startToEnd(['--delivery=ftp', `--port=${await freePort()}`])
    expect(run).toEqual({ code: 2, output: 'Invalid delivery "ftp": use s3 or edge.\n' })
  })

  it('says in one sentence that the database could not be migrated', async () => {
    const own = join(started.root(), 'broken')
    openLocalState(own)
    await writeFile(join(own, 'data'), 'a file where a folder is due')
    const run = await startToEnd([`--port=${await freePort()}`, `--state=${own}`])
    expect(run.code).toBe(1)
    expect(run.output).toMatch(/\nThe local database could not be migrated: .+\n$/)
  })

  it('F16: ends with one sentence where the state folder cannot be made', async () => {
    const run = await startToEnd([`--port=${await freePort()}`, '--state=/dev/null/state'])
    const output = '/dev/null/state cannot be made or written to: give another --state.\n'
    expect(run).toEqual({ code: 1, output })
  })

  it('names the variable that keeps the service from being healthy, and ends', async () => {
    const own = await startedState('misconfigured')
    const file = join(own, 'local.env')
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^CLERK_ISSUER=.*$/m, 'CLERK_ISSUER=nonsense'))
    const run = await startToEnd([`--port=${await freePort()}`, `--state=${own}`])
    expect(run.code).toBe(1)
    expect(run.output).toMatch(/\nThe service is not healthy: CLERK_ISSUER .+\n$/)
  })

  it('says in one sentence that Node is too old', async () => {
    const pretend = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.9.0'}})`
    const run = await startToEnd([], { nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`] })
    expect(run).toEqual({
      code: 1,
      output:
        'lynxgate needs Node 22.18 or newer and found 20.9.0. npm install brings its own: run this through npm,' +
        ' as in "npm start".\n',
    })
  })
})
