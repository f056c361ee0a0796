// `npm start`, stopped; by more signals, and on a database that was there before, in test/long.
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/local-service.ts'
import { allGone, familyOf, runStart } from '../support/start-command.ts'
import { READY, testStopping } from '../support/start-stopping.ts'
import { useStartedState } from '../support/started-state.ts'

const { copy: startedState } = useStartedState()

describe('npm start, stopping', () => {
  testStopping(startedState, { atNpm: ['SIGINT', 'SIGKILL'], atNode: ['SIGINT'] })

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
