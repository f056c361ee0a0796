// Films that this browser began to send: found again by their files, and removed with all that was sent of them.
import { LynxgateError, type Client } from '../../client/client.ts'
import { parseUserId, type UserId } from '../../core/auth/principal.ts'
import { streamFolder } from '../../core/storage/media-key.ts'
import { identify } from './identify.ts'
import type { Journal, JournalFilm } from './journal.ts'

export interface BegunFilms {
  /** What is known of a film, or a new beginning. */
  open(
    file: File,
    signal: AbortSignal,
  ): Promise<{ readonly film: JournalFilm; readonly userId: UserId; readonly isContinued: boolean }>
  /** The sizes of its stream's objects in the bucket, by path; empty where the credential may not list. */
  listStored(userId: UserId, jobId: string, signal: AbortSignal): Promise<ReadonlyMap<string, number>>
  /** Its upload, its video and its objects. One that is done stays. */
  remove(file: File): Promise<void>
  /** Of this caller, those that are not done and that no tab is sending now. */
  unfinished(): Promise<readonly JournalFilm[]>
  /** As `remove`, without the file; rejects while a tab is sending it. */
  forget(key: string): Promise<void>
}

/** Held by the tab that is sending the film. */
export function lockOf({ jobId }: Pick<JournalFilm, 'jobId'>): string {
  return `lynxgate-upload ${jobId}`
}

export function createBegunFilms({
  client,
  journal,
}: {
  readonly client: Client
  readonly journal: Journal
}): BegunFilms {
  /** Whose films they are: the workspace's that the caller is in. */
  async function caller(): Promise<UserId> {
    const userId = parseUserId((await client.getCaller()).workspace.id)
    if (userId === undefined) throw new Error('The service names no user')
    return userId
  }

  async function find(file: File): Promise<{ key: string; userId: UserId; film: JournalFilm | undefined }> {
    const userId = await caller()
    const key = `${userId} ${await identify(file)}`
    return { key, userId, film: await journal.find(key) }
  }

  /** The video may have been deleted since. */
  async function isThere({ jobId }: JournalFilm, signal?: AbortSignal): Promise<boolean> {
    try {
      await client.getVideo({ job_id: jobId }, { ...(signal && { signal }) })
      return true
    } catch (error) {
      if (error instanceof LynxgateError && error.status === 404) return false
      throw error
    }
  }

  async function removeAll(userId: UserId, film: JournalFilm): Promise<void> {
    if (film.parts !== undefined) {
      const { key, upload_id } = film.parts.upload
      await client.abortMultipartUpload({ key, upload_id })
    }
    if (film.isRegistered && (await isThere(film))) {
      let left: number | undefined
      do ({ remaining: left } = await client.deleteVideo({ job_id: film.jobId, files: 'true' }))
      while (left !== undefined && left > 0)
    } else {
      const keys: string[] = []
      for await (const { key } of client.eachFile({ prefix: streamFolder(userId, film.jobId) })) keys.push(key)
      for (let at = 0; at < keys.length; at += 1000) await client.deleteFiles({ keys: keys.slice(at, at + 1000) })
    }
    await journal.remove(film)
  }

  return {
    async open(file, signal) {
      const { key, userId, film } = await find(file)
      signal.throwIfAborted()
      if (film !== undefined && (!film.isRegistered || (await isThere(film, signal)))) {
        return { film, userId, isContinued: true }
      }
      if (film !== undefined) await journal.remove(film)
      const jobId = crypto.randomUUID()
      const fresh = { key, jobId, parts: undefined, isRegistered: false, isOriginalStored: false, isDone: false }
      await journal.keep(fresh)
      return { film: fresh, userId, isContinued: false }
    },

    async listStored(userId, jobId, signal) {
      const folder = streamFolder(userId, jobId)
      const sizes = new Map<string, number>()
      try {
        for await (const { key, size } of client.eachFile({ prefix: folder }, { signal })) {
          sizes.set(key.slice(folder.length), size)
        }
      } catch (error) {
        if (!(error instanceof LynxgateError) || error.status !== 403) throw error
      }
      return sizes
    },

    async remove(file) {
      const { userId, film } = await find(file)
      if (film !== undefined && !film.isDone) await removeAll(userId, film)
    },

    async unfinished() {
      const { held = [] } = await navigator.locks.query()
      const names = new Set(held.map(({ name }) => name))
      return (await journal.unfinished(`${await caller()} `)).filter((film) => !names.has(lockOf(film)))
    },

    async forget(key) {
      const userId = await caller()
      const film = await journal.find(key)
      if (film === undefined || film.isDone || !key.startsWith(`${userId} `)) return
      await navigator.locks.request(lockOf(film), { ifAvailable: true }, async (lock) => {
        if (lock === null) throw new Error('The film is being sent by another tab')
        await removeAll(userId, film)
      })
    },
  }
}
