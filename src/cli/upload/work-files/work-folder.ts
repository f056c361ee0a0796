// What an interrupted upload leaves for the next: encoded files and the job's id, in a folder that belongs to one state
// of one file. Sends nothing; holds no key.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { usageProblem } from '../../command.ts'
import { readJsonFile, writeJsonFile } from '../../json-file.ts'
import { FILM_RECORD, LOCK, removeMade } from './leftovers.ts'
import { takeLock } from './lock.ts'
import { UploadProblem } from '../problem.ts'

export interface Identity {
  /** Of the file, as it was given. */
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** Everything else that decides what is made. */
  readonly settings: string
}

export interface WorkFolder {
  readonly path: string
  /** The job of this film at this service for this user: the same each time. */
  openJob(origin: string, userId: string): Promise<Job>
  /** Removes what was encoded; the jobs stay known. */
  clear(): Promise<void>
  close(): Promise<void>
}

export interface Job {
  readonly jobId: string
  /** Known once all of it was sent and registered. */
  readonly doneSeconds: number | undefined
  readonly shareHash: string | undefined
  keep(change: { doneSeconds?: number; shareHash?: string }): Promise<Job>
  /** The same film under a new id. */
  renew(): Promise<Job>
}

interface JobRecord {
  readonly jobId: string
  readonly doneSeconds?: number
  readonly shareHash?: string
}

/** Opens the folder for this process alone. */
export async function openWorkFolder(root: string, identity: Identity): Promise<WorkFolder> {
  const film = await realpath(identity.path)
  const path = join(root, folderName({ ...identity, path: film }))
  const release = await enterFolder(root, path)
  await writeFile(join(path, FILM_RECORD), JSON.stringify({ path: film }), { mode: 0o600 })
  for (const entry of await readdir(path, { recursive: true })) {
    if (/\.part-\d+$/.test(entry)) await rm(join(path, entry), { recursive: true, force: true })
  }
  return {
    path,
    openJob: async (origin, userId) => {
      const file = join(path, `job-${digest([origin, userId])}.json`)
      return asJob(file, (await readRecord(file)) ?? (await writeRecord(file, newRecord())))
    },
    clear: () => removeMade(path),
    close: release,
  }
}

async function enterFolder(root: string, path: string): Promise<() => Promise<void>> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    return await takeLock(join(path, LOCK))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw usageProblem(`${root} is not a folder: name one with --work, for what is made before it is sent.`)
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new UploadProblem(`This user may not write in ${root}: name another folder with --work.`)
    }
    throw error
  }
}

/** Pure: a film that was changed, or is made otherwise, is another film. */
export function folderName(identity: Identity): string {
  return digest([identity.path, identity.sizeBytes, identity.modifiedMs, identity.settings])
}

function digest(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

function asJob(file: string, record: JobRecord): Job {
  return {
    jobId: record.jobId,
    doneSeconds: record.doneSeconds,
    shareHash: record.shareHash,
    keep: async (change) => asJob(file, await writeRecord(file, { ...record, ...change })),
    renew: async () => asJob(file, await writeRecord(file, newRecord())),
  }
}

function newRecord(): JobRecord {
  return { jobId: randomUUID() }
}

async function readRecord(file: string): Promise<JobRecord | undefined> {
  const { jobId, doneSeconds, shareHash } = (await readJsonFile(file)) ?? {}
  if (typeof jobId !== 'string') return undefined
  return {
    jobId,
    ...(typeof doneSeconds === 'number' && { doneSeconds }),
    ...(typeof shareHash === 'string' && { shareHash }),
  }
}

/** Half a record would be a new job, and everything would be sent again. */
async function writeRecord(file: string, record: JobRecord): Promise<JobRecord> {
  await writeJsonFile(file, record)
  return record
}
