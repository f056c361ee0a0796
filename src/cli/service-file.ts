// Which service runs on a state folder, and where: a file with its port and process, so that the port is told once and
// two services never write into one folder.
import { parseJson } from '../core/json.ts'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { CommandProblem, usageProblem } from './command.ts'
import { localFolders } from './local-state.ts'
import { endOrphanedRuntime } from './orphan.ts'
import { birthOf, isRunning } from './process-life.ts'

export interface RunningService {
  /** `http://localhost:port` */
  readonly url: string
  readonly port: number
  /** Of `npm start`'s own process. */
  readonly pid: number
}

interface ServiceFile extends RunningService {
  /** When the process began: its number is given out again, after a restart or in another container. */
  readonly birth: string
}

/** The service that `npm start` runs on this folder now; undefined when there is none. */
export function runningService(state: string | undefined): RunningService | undefined {
  const file = readService(localFolders(state).serviceFile)
  if (file === undefined || file.pid === process.pid || !isRunning(file.pid)) return undefined
  if (file.birth !== '' && file.birth !== birthOf(file.pid)) return undefined
  return { url: file.url, port: file.port, pid: file.pid }
}

/**
 * Where a command finds the service it works with: LYNXGATE_URL if it is set, else the one that runs on the state
 * folder, else a CommandProblem. It is never guessed: another service could listen at the usual port.
 */
export function serviceUrl(state: string | undefined): string {
  const url = findServiceUrl(state)
  if (url === undefined)
    throw new CommandProblem('No local service is running: start it with npm start, or set LYNXGATE_URL.')
  return url
}

/** The same; undefined when there is no such service. */
export function findServiceUrl(state: string | undefined): string | undefined {
  const told = process.env['LYNXGATE_URL']
  if (!told) return runningService(state)?.url
  const url = URL.parse(told)
  const isOrigin = url?.pathname === '/' && url.search === '' && url.username === '' && /^https?:$/.test(url.protocol)
  if (isOrigin) return url.origin
  throw usageProblem('LYNXGATE_URL must be an address such as https://video.example.com, without a path.')
}

export interface ServiceClaim {
  /** False when another start took the folder in the meantime. */
  isHeld(): boolean
  release(): void
}

/** Takes the folder for this process; a CommandProblem when a service runs on it already. */
export async function claimService(state: string | undefined, port: number): Promise<ServiceClaim> {
  const { serviceFile } = localFolders(state)
  const running = runningService(state)
  if (running !== undefined) throw alreadyRunning(running)
  const stale = readService(serviceFile)
  if (stale !== undefined && endOrphanedRuntime(stale.port)) await untilFree(stale.port)
  rmSync(serviceFile, { force: true })
  const own: ServiceFile = { url: `http://localhost:${port}`, port, pid: process.pid, birth: birthOf(process.pid) }
  try {
    writeFileSync(serviceFile, `${JSON.stringify(own)}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    // Another start was quicker by a moment.
    const other = readService(serviceFile)
    throw other === undefined ? error : alreadyRunning(other)
  }
  const isHeld = (): boolean => readService(serviceFile)?.pid === process.pid
  return {
    isHeld,
    release: () => {
      if (isHeld()) rmSync(serviceFile, { force: true })
    },
  }
}

/** The system takes a moment to free the port of a process that was ended. */
async function untilFree(port: number): Promise<void> {
  const deadline = Date.now() + 5000
  while (Date.now() < deadline && (await isListening(port))) await setTimeout(20)
}

function alreadyRunning({ url, pid }: RunningService): CommandProblem {
  return new CommandProblem(`lynxgate is already running at ${url} (process ${pid}) on this state folder.`)
}

function readService(file: string): ServiceFile | undefined {
  if (!existsSync(file)) return undefined
  const {
    url,
    port,
    pid,
    birth = '',
  } = (parseJson(readFileSync(file, 'utf8')) as Partial<ServiceFile> | undefined) ?? {}
  const isWhole = typeof url === 'string' && typeof port === 'number' && typeof pid === 'number'
  return isWhole ? { url, port, pid, birth } : undefined
}

async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
