// The service as a stranger starts it: `npm start` on a free port, with its own state in a temporary folder.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { DEMO_JOB_ID } from '../../src/cli/local-state.ts'

export interface LocalService {
  /** `http://localhost:port` */
  readonly url: string
  readonly demoJobId: string
  /** Of `npm start --state`; undefined for the service that all files share. */
  readonly stateFolder: string | undefined
  stop(): Promise<void>
}

declare module 'vitest' {
  interface ProvidedContext {
    localServiceUrl: string
  }
}

/** The one service that all files share: they only read from it. */
export async function startLocalService(): Promise<LocalService> {
  return {
    url: inject('localServiceUrl'),
    demoJobId: DEMO_JOB_ID,
    stateFolder: undefined,
    stop: async () => undefined,
  }
}

/**
 * A service of one's own, for tests that need other options or write. `prepare` gets the folder of its state
 * before it starts: to put more than the demo film there.
 */
export async function spawnLocalService(
  options: readonly string[] = [],
  prepare: (state: string) => Promise<void> = async () => undefined,
): Promise<LocalService> {
  const state = await mkdtemp(join(tmpdir(), 'lynxgate-'))
  await prepare(state)
  const port = await freePort()
  const child = spawn(
    process.execPath,
    ['src/cli/run.mjs', 'start', `--port=${port}`, `--state=${state}`, ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += chunk.toString()
      if (output.includes('Ctrl-C')) resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('close', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)))
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await ready
  return {
    url: `http://localhost:${port}`,
    demoJobId: DEMO_JOB_ID,
    stateFolder: state,
    async stop() {
      child.kill('SIGTERM')
      await ended
      await rm(state, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
