// The service as a stranger starts it: `npm start` on a free port, with its own state in a temporary folder. The folder
// is a copy of one that was started before, so that the service is ready in a second.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
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
    /** A state folder that was started before, without its secrets. */
    localTemplate: string
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

export interface OwnLocalService extends LocalService {
  /** A variable of its environment: a secret to sign with. */
  variable(name: string): Promise<string>
  /** A new process on the same state and port. */
  restart(): Promise<void>
  readonly processId: number | undefined
}

/** A state folder of one's own, with the demo film and new secrets. */
export async function copyTemplate(template: string = inject('localTemplate')): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), 'lynxgate-'))
  await cp(template, state, { recursive: true, preserveTimestamps: true })
  return state
}

/**
 * A service of one's own, for tests that need other options or write. `prepare` gets the folder of its state
 * before it starts: to put more than the demo film there.
 */
export async function spawnLocalService(
  options: readonly string[] = [],
  prepare: (state: string) => Promise<void> = async () => undefined,
  template?: string,
): Promise<OwnLocalService> {
  const state = await copyTemplate(template)
  await prepare(state)
  const port = await freePort()
  const args = ['src/cli/run.mjs', 'start', `--port=${port}`, `--state=${state}`, ...options]
  let running = await startProcess(args)
  return {
    url: `http://localhost:${port}`,
    demoJobId: DEMO_JOB_ID,
    stateFolder: state,
    get processId() {
      return running.id
    },
    async variable(name) {
      const line = (await readFile(join(state, 'local.env'), 'utf8'))
        .split('\n')
        .find((text) => text.startsWith(`${name}=`))
      return line?.slice(name.length + 1) ?? ''
    },
    async restart() {
      await running.end()
      running = await startProcess(args)
    },
    async stop() {
      await running.end()
      await rm(state, { recursive: true, force: true })
    },
  }
}

/** Runs until it says how to stop it. */
export async function startProcess(
  args: readonly string[],
): Promise<{ id: number | undefined; end: () => Promise<void> }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += chunk.toString()
      if (output.includes('Ctrl-C')) resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('close', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)))
  })
  return {
    id: child.pid,
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Below the ports that the system gives to whoever asks for any, so that no connection takes it before it is used. */
const PORTS = { first: 10_000, count: 20_000 }
/** Files that run at the same time never look for a port in the same place. */
const WORKER_PORTS = PORTS.count / 10
const worker = (Number(process.env['VITEST_POOL_ID'] ?? 0) % 10) * WORKER_PORTS
let nextPort = Math.floor(Math.random() * WORKER_PORTS)

/** A port that nothing listens on, and that is given out once only. */
export async function freePort(): Promise<number> {
  const port = PORTS.first + worker + nextPort
  nextPort = (nextPort + 1) % WORKER_PORTS
  return (await isFree(port)) ? port : await freePort()
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
