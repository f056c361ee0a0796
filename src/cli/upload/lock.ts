// A file that says which process works in a folder. One that was killed leaves it, and the next takes it over.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { birthOf, isRunning } from './process-life.ts'
import { UploadProblem } from './problem.ts'

/** For this process alone, or a problem that names the other. Returns what gives it back. */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  for (let tries = 0; tries < 10; tries++) {
    if (createLock(file)) return () => rm(file, { force: true })
    const held = await readLock(file)
    const holder = holderOf(held)
    if (holder !== undefined) throw busy(holder)
    // Moved away and looked at again: of two that take over, the second may have caught the first one's new lock.
    const aside = `${file}.part-${process.pid}`
    const isMoved = await rename(file, aside).then(
      () => true,
      () => false,
    )
    if (!isMoved) continue
    const found = await readLock(aside)
    const other = found === held ? undefined : holderOf(found)
    if (other !== undefined) {
      await rename(aside, file)
      throw busy(other)
    }
    await rm(aside, { force: true })
  }
  throw new UploadProblem('This film is being uploaded already.')
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

/** At once, so that it is empty for no longer than it takes. */
function createLock(file: string): boolean {
  let handle: number
  try {
    handle = openSync(file, 'wx', 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
  try {
    writeSync(handle, `${process.pid} ${birthOf(process.pid)}`)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
  return true
}

const EMPTY_FOR_MS = 500

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
