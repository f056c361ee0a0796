// `npm start` on what was there before, and in the ways it is stopped that test/matrix leaves out.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEMO_JOB_ID, openLocalState } from '../../src/cli/local-state.ts'
import { runWrangler } from '../../src/cli/wrangler.ts'
import { runCommandLine } from '../support/command-line.ts'
import { freePort } from '../support/local-service.ts'
import { allGone, familyOf, runStart } from '../support/start-command.ts'
import { useStartedState } from '../support/started-state.ts'

const READY = 'Ctrl-C'

const started = useStartedState()
const startedState = started.copy

describe('npm start on a database that was there before', () => {
  it('F8: gives the demo film to the user_demo it finds', async () => {
    const own = join(started.root(), 'tables')
    const { dataFolder } = openLocalState(own)
    await runWrangler(['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', dataFolder])
    const key = await runCommandLine('key', ['--user', 'user_demo', '--state', own])
    expect(key).toMatchObject({ code: 0 })
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${own}`])
    await run.printed(READY)
    const headers = { Authorization: key.stdout.trim() }
    const videos = await (await fetch(`http://localhost:${port}/api/videos`, { headers })).text()
    expect(videos).toContain(DEMO_JOB_ID)
    expect((await fetch(`http://localhost:${port}/api/playback/stream/${DEMO_JOB_ID}`)).status).toBe(200)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
  })
})

describe('npm start, stopping', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'F16: ends node and workerd and frees the port when npm gets %s',
    async (signal) => {
      const own = await startedState(`npm-${signal}`)
      const port = await freePort()
      const run = runStart([`--port=${port}`, `--state=${own}`], { byNpm: true })
      await run.printed(READY)
      const family = familyOf(run.child.pid ?? 0)
      // npm, perhaps a shell, node and workerd.
      expect(family.length).toBeGreaterThanOrEqual(3)
      run.child.kill(signal)
      await allGone(family, port)
      expect(existsSync(join(own, 'service.json'))).toBe(false)
    },
  )

  it.each(['SIGTERM', 'SIGHUP'] as const)('F16: ends with 0 when node itself gets %s', async (signal) => {
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${await startedState(`node-${signal}`)}`])
    await run.printed(READY)
    const family = familyOf(run.child.pid ?? 0)
    expect(family.length).toBeGreaterThanOrEqual(2)
    run.child.kill(signal)
    expect(await run.ended).toBe(0)
    await allGone(family, port)
  })
})
