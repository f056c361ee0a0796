// What unfinished uploads left to send: listed, removed when that is asked for, and removed when it is old. What is
// known of finished ones, some hundred bytes each, stays.
import { isRecord, parseJson } from '../../../core/json.ts'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lockHolder, takeLock } from './lock.ts'
import { UploadProblem } from '../problem.ts'

/** In each film's folder: which film it is; written whenever an upload begins. */
export const FILM_RECORD = 'film.json'

/** A month: longer than a holiday, shorter than people remember what they began. */
export const KEPT_DAYS = 30

export interface Leftover {
  readonly folder: string
  /** Its path; undefined when the folder does not say. */
  readonly film: string | undefined
  readonly bytes: number
  readonly usedAtMs: number
  /** The upload that works on it now. */
  readonly processId: number | undefined
}

/** Newest first; empty where there is no such folder. */
export async function listLeftovers(root: string): Promise<Leftover[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const found: Leftover[] = []
  for (const entry of entries) {
    // Nothing else in there was made by this command.
    if (!entry.isDirectory() || !/^[0-9a-f]{32}$/.test(entry.name)) continue
    const leftover = await describe(join(root, entry.name))
    if (leftover.bytes > 0 || leftover.processId !== undefined) found.push(leftover)
  }
  return found.sort((a, b) => b.usedAtMs - a.usedAtMs)
}

/** False when an upload works on it. The next upload of this film makes all of it anew, under the same job. */
export async function removeLeftover({ folder }: Pick<Leftover, 'folder'>): Promise<boolean> {
  const release = await takeLock(join(folder, LOCK)).catch((error: unknown) => {
    if (error instanceof UploadProblem) return undefined
    throw error
  })
  if (release === undefined) return false
  try {
    await removeMade(folder)
  } finally {
    await release()
  }
  return true
}

/** Removes what was not used again, and returns what that was. */
export async function removeOld(root: string, nowMs: number): Promise<Leftover[]> {
  const oldestMs = nowMs - KEPT_DAYS * 86_400_000
  const removed: Leftover[] = []
  for (const leftover of await listLeftovers(root)) {
    if (leftover.usedAtMs < oldestMs && (await removeLeftover(leftover))) removed.push(leftover)
  }
  return removed
}

/** Everything in a film's folder but what says whose it is. */
export async function removeMade(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!isFinishedJob(name)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

export const LOCK = 'lock'

function isFinishedJob(name: string): boolean {
  return name === FILM_RECORD || name.startsWith(LOCK) || /^job-[0-9a-f]+\.json$/.test(name)
}

async function describe(folder: string): Promise<Leftover> {
  const record = join(folder, FILM_RECORD)
  const { mtimeMs } = await stat(record).catch(() => stat(folder))
  return {
    folder,
    film: readPath(await readFile(record, 'utf8').catch(() => '')),
    bytes: await sizeOf(folder),
    usedAtMs: mtimeMs,
    processId: await lockHolder(join(folder, LOCK)),
  }
}

function readPath(text: string): string | undefined {
  const value = parseJson(text)
  const path = isRecord(value) ? value['path'] : undefined
  return typeof path === 'string' ? path : undefined
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await readdir(folder)) {
    if (isFinishedJob(name)) continue
    const files = await readdir(join(folder, name), { recursive: true }).catch(() => [''])
    for (const file of files) {
      // An upload that works on it moves files meanwhile.
      const found = await stat(join(folder, name, file)).catch(() => undefined)
      if (found?.isFile() === true) bytes += found.size
    }
  }
  return bytes
}
