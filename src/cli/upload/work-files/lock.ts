// A file that says which process works in a folder. One that was killed leaves it, and the next takes it over.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { birthOf, isRunning } from '../../process-life.ts'
import { UploadProblem } from '../problem.ts'

/** For this process alone, or a problem that names the other. Returns what gives it back. */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  for (;;) {
    if (create(file)) return () => rm(file, { force: true })
    const held = await readLock(file)
    const holder = holderOf(held)
    if (holder !== undefined) throw busy(holder)
    await removeStale(file, held)
  }
}

/** Longer than a process needs to read one file and remove it. */
const TAKEOVER_MS = 10_000

/** One process at a time, so that of two that found the same stale lock the second does not remove the first one's new. */
async function removeStale(file: string, held: string): Promise<void> {
  const takeover = `${file}.takeover`
  if (create(takeover)) {
    if ((await readLock(file)) === held) await rm(file, { force: true })
    await rm(takeover, { force: true })
    return
  }
  const madeAtMs = await stat(takeover).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity,
  )
  if (Date.now() - madeAtMs > TAKEOVER_MS) await rm(takeover, { force: true })
  await sleep(20)
}

/** The process that holds it; undefined when it is free. */
export async function lockHolder(file: string): Promise<number | undefined> {
  return holderOf(await readLock(file))
}

/** Undefined when a process of this id runs no more, or began at another time. */
function holderOf(text: string): number | undefined {
  const [, id = '', birth = ''] = /^(\d+) ?(.*)$/.exec(text) ?? []
  const pid = Number(id)
  if (pid === process.pid || !isRunning(pid)) return undefined
  return birth !== '' && birthOf(pid) !== birth ? undefined : pid
}

/** False when it is there. Empty for no longer than it takes. */
function create(file: string): boolean {
  const text = `${process.pid} ${birthOf(process.pid)}`
  let handle: number
  try {
    handle = openSync(file, 'wx', 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
  try {
    writeSync(handle, text)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
  return true
}

const EMPTY_FOR_MS = 3_000

async function readLock(file: string): Promise<string> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) return ''
    if (text !== '' || waitedMs >= EMPTY_FOR_MS) return text
    await sleep(50)
  }
}

function busy(pid: number): UploadProblem {
  return new UploadProblem(`This film is being uploaded already, by process ${pid}: wait for it, or end it.`)
}
