// Deleting a video, with its objects or without. However many objects: a request does a bounded part and says what is
// left, and the next one goes on where it stopped, because the record goes last.
import { reportKey, streamFolder, thumbnailKey } from '../../core/storage/media-key.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'
import type { Principal } from '../../core/auth/principal.ts'
import { MAX_KEYS_A_CALL, type FileStore } from '../storage/file-store.ts'
import { releaseFiles } from '../storage/makers.ts'
import type { VideoStore } from './store.ts'
import { parseJobIdOr404, notOwn, type VideoDeps } from './videos.ts'

export interface Deletion {
  /** Objects, by this request. */
  readonly deletedCount: number
  /** Objects still there; at least so many when they are more than a request counts. */
  readonly remainingCount: number
}

/** Objects a request deletes: 5,000, in ten calls of the bucket. A free plan allows 50 calls a request. */
const MAX_ROUNDS = 5
const MAX_PAGES_COUNTED = 10

/** Removes the record and its shared reports; playback ends here at once. The objects stay, and are then listed as unregistered. */
export async function deleteVideo(
  deps: Pick<VideoDeps, 'videoStore' | 'forgottenStreams' | 'nowMs'>,
  principal: Principal,
  id: string,
): Promise<void> {
  const jobId = parseJobIdOr404(id)
  const outcome = await deps.videoStore.remove(principal, jobId, deps.nowMs())
  if (outcome !== 'removed') throw notOwn(outcome)
  deps.forgottenStreams.forget(jobId)
}

/**
 * Ends playback and shared reports at once, then deletes the stream's objects, then the rest and the record. A request
 * that ran into its bound, or broke off, is repeated.
 */
export async function deleteVideoAndFiles(
  deps: Pick<VideoDeps, 'videoStore' | 'files' | 'fileMakers' | 'forgottenStreams' | 'nowMs'>,
  principal: Principal,
  id: string,
): Promise<Deletion> {
  const jobId = parseJobIdOr404(id)
  const { userId } = principal
  const video = await deps.videoStore.close(principal, jobId, deps.nowMs())
  if (typeof video === 'string') throw notOwn(video)
  deps.forgottenStreams.forget(jobId)
  const folder = streamFolder(userId, jobId)
  const others = [video.storagePath, thumbnailKey(userId, jobId), reportKey(userId, jobId)]

  const whole = { prefix: folder, withContentTypes: false }
  const limit = MAX_KEYS_A_CALL - others.length
  let deletedCount = 0
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { files, hasMore } = await deps.files.list({ ...whole, after: undefined, limit })
    const last = hasMore ? [] : await present(deps.files, others, folder)
    const keys = [...files.map(({ key }) => key), ...last]
    if (keys.length > 0) await deps.files.remove(keys)
    deletedCount += keys.length
    if (hasMore) continue
    await removeRecord(deps, principal, jobId)
    await releaseFiles(deps, principal, [video.storagePath])
    return { deletedCount, remainingCount: 0 }
  }
  const remainingCount = (await count(deps.files, folder)) + (await present(deps.files, others, folder)).length
  return { deletedCount, remainingCount }
}

/** Those that are there, outside the folder that was listed already. */
async function present(
  files: Pick<FileStore, 'sizeOf'>,
  keys: readonly ObjectKey[],
  folder: ObjectKey,
): Promise<ObjectKey[]> {
  const outside = keys.filter((key) => !key.startsWith(folder))
  const sizes = await Promise.all(outside.map((key) => files.sizeOf(key)))
  return outside.filter((_, index) => sizes[index] !== undefined)
}

async function count(files: Pick<FileStore, 'list'>, prefix: ObjectKey): Promise<number> {
  let total = 0
  let after: string | undefined
  for (let pages = 0; pages < MAX_PAGES_COUNTED; pages++) {
    const page = await files.list({ prefix, after, limit: MAX_KEYS_A_CALL, withContentTypes: false })
    total += page.files.length
    if (!page.hasMore) break
    after = page.files.at(-1)?.key
  }
  return total
}

/** Missing is no failure here: two requests that end at once both did what they were asked. */
async function removeRecord(
  deps: { readonly videoStore: Pick<VideoStore, 'remove'>; readonly nowMs: () => number },
  principal: Principal,
  jobId: string,
): Promise<void> {
  const outcome = await deps.videoStore.remove(principal, jobId, deps.nowMs())
  if (outcome === 'foreign' || outcome === 'made_by_other') throw notOwn(outcome)
}
