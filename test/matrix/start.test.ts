// `npm start`, stopped; by more signals, and on a database that was there before, in test/long.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/local-service.ts'
import { allGone, familyOf, runStart } from '../support/start-command.ts'
import { useStartedState } from '../support/started-state.ts'

const READY = 'Ctrl-C'

const { copy: startedState } = useStartedState()

describe('npm start, stopping', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)(
    'F16: ends node and workerd and frees the port when npm gets %s',
    async (signal) => {
      const own = await startedState(`npm-${signal}`)
      const port = await freePort()
      const run = runStart([`--port=${port}`, `--state=${own}`], { byNpm: true })
      await run.printed(READY)
      const family = familyOf(run.child.pid ?? 0)
      // npm, perhaps a shell, node and workerd.
      expect(family.length).toBeGreaterThanOrEqual(3)
      if (signal === 'SIGINT') for (const pid of family.slice(0, -1)) process.kill(pid, signal)
      else run.child.kill(signal)
      await allGone(family, port)
      expect(existsSync(join(own, 'service.json'))).toBe(false)
    },
  )

  it.each(['SIGINT'] as const)('F16: ends with 0 when node itself gets %s', async (signal) => {
    const port = await freePort()
    const run = runStart([`--port=${port}`, `--state=${await startedState(`node-${signal}`)}`])
    await run.printed(READY)
    const family = familyOf(run.child.pid ?? 0)
    expect(family.length).toBeGreaterThanOrEqual(2)
    run.child.kill(signal)
    expect(await run.ended).toBe(0)
    await allGone(family, port)
  })

  it('F16: starts again on the same port after it was killed at once', async () => {
    const port = await freePort()
    const args = [`--port=${port}`, `--state=${await startedState('killed')}`]
    const killed = runStart(args)
    await killed.printed(READY)
    const family = familyOf(killed.child.pid ?? 0)
    killed.child.kill('SIGKILL')
    await killed.ended
    const next = runStart(args)
    await next.printed(READY)
    next.child.kill('SIGTERM')
    expect(await next.ended).toBe(0)
    await allGone(family, port)
  })
})
