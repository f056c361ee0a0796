// A state folder that `npm start` has filled once, and copies of it.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { DEMO_JOB_ID } from '../../src/cli/local-state.ts'
import { freePort } from './local-service.ts'
import { runStart } from './start-command.ts'

/** No home folder can be made there. */
const NO_HOME = { HOME: '/dev/null/home', XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '' }

interface FirstStart {
  readonly code: number | null
  readonly output: string
  readonly port: number
  /** Status of the demo film's playlist. */
  readonly film: number
}

export interface StartedState {
  readonly first: FirstStart
  /** A folder for whatever a test makes. */
  readonly root: () => string
  /** The state folder of the first start. */
  readonly folder: () => string
  /** A state folder of one's own that was started before. */
  readonly copy: (name: string) => Promise<string>
}

/** Starts the service once for the tests of a file, without a home folder and with PORT from outside. */
export function useStartedState(): StartedState {
  let root = ''
  let first: FirstStart | undefined
  const folder = (): string => join(root, 'state')
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lynxgate-start-'))
    const port = await freePort()
    const run = runStart([`--state=${folder()}`], { env: { PORT: String(port), ...NO_HOME } })
    await run.printed('Ctrl-C')
    const film = (await fetch(`http://localhost:${port}/api/playback/stream/${DEMO_JOB_ID}`)).status
    run.child.kill('SIGINT')
    first = { code: await run.ended, output: run.output(), port, film }
  })
  afterAll(() => rm(root, { recursive: true, force: true }))
  return {
    get first() {
      if (first === undefined) throw new Error('the service was not started yet')
      return first
    },
    root: () => root,
    folder,
    async copy(name) {
      const own = join(root, name)
      await cp(folder(), own, { recursive: true, preserveTimestamps: true })
      return own
    },
  }
}
