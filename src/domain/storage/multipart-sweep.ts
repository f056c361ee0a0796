// Aborts expired multipart uploads, so that no parts lie in the bucket unseen and paid for.
import { causeName, type Log } from '../log.ts'
import type { MultipartBucket, UploadStore } from './multipart-store.ts'

export interface SweepDeps {
  readonly uploadStore: Pick<UploadStore, 'listExpired' | 'remove'>
  readonly multipartBucket: Pick<MultipartBucket, 'abort'>
  readonly nowMs: () => number
  readonly log: Log
}

/** Of one run; what is left is met by the next one. */
const MAX_SWEPT = 200

/** Longer than any outage: after it the bucket's own rule has ended the upload too. */
const GIVEN_UP_MS = 7 * 86_400_000

/** Ends uploads that have expired and says how many. What the bucket fails to end is tried again at the next run. */
export async function sweepUploads({ uploadStore, multipartBucket, nowMs, log }: SweepDeps): Promise<number> {
  const now = nowMs()
  const ended: string[] = []
  for (const upload of await uploadStore.listExpired(now, MAX_SWEPT)) {
    try {
      await multipartBucket.abort(upload)
      ended.push(upload.uploadId)
    } catch (cause) {
      log({ level: 'warn', message: 'an unfinished upload could not be ended', cause: causeName(cause) })
      if (upload.expiresAtMs + GIVEN_UP_MS < now) ended.push(upload.uploadId)
    }
  }
  if (ended.length > 0) await uploadStore.remove(ended)
  return ended.length
}
