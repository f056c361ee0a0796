// `npm start` on what was there before, and in the ways it is stopped that test/matrix leaves out.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEMO_JOB_ID, openLocalState } from '../../src/cli/local-state.ts'
import { runWrangler } from '../../src/cli/wrangler.ts'
import { runCommandLine } from '../support/command-line.ts'
import { freePort } from '../support/local-service.ts'
import { runStart } from '../support/start-command.ts'
import { READY, testStopping } from '../support/start-stopping.ts'
import { useStartedState } from '../support/started-state.ts'

const started = useStartedState()

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
  testStopping(started.copy, { atNpm: ['SIGTERM', 'SIGHUP'], atNode: ['SIGTERM', 'SIGHUP'] })
})
