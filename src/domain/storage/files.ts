// A user's objects: listing them, those that no video knows of too, and deleting them.
import { utf8 } from '../../core/bytes.ts'
import { decodeKeyCursor, encodeKeyCursor } from '../../core/cursor.ts'
import { Fault } from '../../core/fault.ts'
import { jobOfObject, userFolder } from '../../core/storage/media-key.ts'
import { MAX_KEY_BYTES, type ObjectKey } from '../../core/storage/object-key.ts'
import type { Principal, UserId } from '../../core/auth/principal.ts'
import type { ForgottenStreams } from '../playback/forgotten-streams.ts'
import { MAX_KEYS_A_CALL, type ListedFile, type FilePage, type FileStore } from './file-store.ts'
import { releaseFiles, requireMade, type MakerDeps } from './makers.ts'
import { ownKey, ownPrefix } from './own-key.ts'

/** Which of a user's paths and jobs there are videos of. */
export interface Registrations {
  /** One read, however many are asked about. */
  among(
    userId: UserId,
    candidates: { readonly paths: readonly string[]; readonly jobIds: readonly string[] },
  ): Promise<{ readonly paths: ReadonlySet<string>; readonly jobIds: ReadonlySet<string> }>
}

export interface FileDeps extends MakerDeps {
  readonly files: Pick<FileStore, 'list' | 'remove'>
  readonly registrations: Registrations
  readonly forgottenStreams: Pick<ForgottenStreams, 'forget'>
}

export interface FileList {
  readonly files: readonly ListedFile[]
  /** Undefined at the end. */
  readonly cursor: string | undefined
}

/** A request looks through so many pages of 1,000 for objects that no video knows of; then the client goes on. */
const MAX_PAGES_SEARCHED = 3

/** The principal's own objects in the order of their keys, at most `limit`; fewer with a cursor is not the end. */
export async function listFiles(
  deps: Pick<FileDeps, 'files' | 'registrations'>,
  principal: Principal,
  input: {
    readonly prefix: string
    readonly cursor: string | undefined
    readonly limit: number
    readonly isUnregistered: boolean
  },
): Promise<FileList> {
  const prefix = ownPrefix(principal, input.prefix, 'prefix')
  const after = input.cursor === undefined ? undefined : positionAfter(principal, input.cursor)
  if (input.isUnregistered) return await searchUnregistered(deps, principal, { prefix, after, limit: input.limit })
  const page = await deps.files.list({ prefix, after, limit: input.limit, withContentTypes: true })
  return { files: page.files, cursor: cursorAfter(principal, page) }
}

/** Deletes own objects in one call and says how many keys that were; one foreign key refuses all. */
export async function deleteFiles(
  deps: Pick<FileDeps, 'files' | 'forgottenStreams' | 'fileMakers'>,
  principal: Principal,
  keys: readonly string[],
): Promise<number> {
  const own = new Set(keys.map((key, index) => ownKey(principal, key, `keys.${index}`)))
  await requireMade(deps, principal, [...own])
  await deps.files.remove([...own])
  await releaseFiles(deps, principal, [...own])
  const jobs = new Set([...own].map((key) => jobOfObject(principal.userId, key)))
  for (const jobId of jobs) if (jobId !== undefined) deps.forgottenStreams.forget(jobId)
  return own.size
}

async function searchUnregistered(
  deps: Pick<FileDeps, 'files' | 'registrations'>,
  principal: Principal,
  range: { readonly prefix: ObjectKey; readonly after: string | undefined; readonly limit: number },
): Promise<FileList> {
  const found: ListedFile[] = []
  let after = range.after
  for (let pages = 0; pages < MAX_PAGES_SEARCHED; pages++) {
    const page = await deps.files.list({
      prefix: range.prefix,
      after,
      limit: MAX_KEYS_A_CALL,
      withContentTypes: true,
    })
    const unregistered = await withoutRegistered(deps, principal, page.files)
    for (const object of unregistered) {
      // Full in the middle of a page: the next request begins after the last object it is told of.
      if (found.length === range.limit) return { files: found, cursor: cursorOf(principal, found.at(-1)?.key) }
      found.push(object)
    }
    if (!page.hasMore) return { files: found, cursor: undefined }
    after = page.files.at(-1)?.key
  }
  return { files: found, cursor: cursorOf(principal, after) }
}

async function withoutRegistered(
  deps: { readonly registrations: Registrations },
  { userId }: Principal,
  objects: readonly ListedFile[],
): Promise<readonly ListedFile[]> {
  if (objects.length === 0) return objects
  const jobs = new Map(objects.map(({ key }) => [key, jobOfObject(userId, key)]))
  const registered = await deps.registrations.among(userId, {
    paths: objects.map(({ key }) => key),
    jobIds: [...new Set(jobs.values())].filter((jobId) => jobId !== undefined),
  })
  return objects.filter(({ key }) => {
    const jobId = jobs.get(key)
    return !registered.paths.has(key) && (jobId === undefined || !registered.jobIds.has(jobId))
  })
}

/** Any path below the caller's folder: what lies there was not all named by the rules for new keys. */
function positionAfter({ userId }: Principal, cursor: string): string {
  const relativeKey = decodeKeyCursor(cursor)
  const key = userFolder(userId) + (relativeKey ?? '')
  if (relativeKey === undefined || utf8(key).byteLength > MAX_KEY_BYTES) {
    throw new Fault('validation_error', 'cursor: is not a cursor of this list')
  }
  return key
}

function cursorAfter(principal: Principal, page: FilePage): string | undefined {
  return page.hasMore ? cursorOf(principal, page.files.at(-1)?.key) : undefined
}

function cursorOf({ userId }: Principal, key: string | undefined): string | undefined {
  return key === undefined ? undefined : encodeKeyCursor(key.slice(userFolder(userId).length))
}
