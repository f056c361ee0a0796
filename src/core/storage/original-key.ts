// Where a film's original lies in the bucket. Pure.
import type { UserId } from '../auth/principal.ts'
import { sanitizeFileName } from './file-name.ts'
import { userFolder } from './media-key.ts'
import { extensionOf } from './media-type.ts'
import type { ObjectKey } from './object-key.ts'

/**
 * Where the original goes: beside those of all other films, so its name carries the job. Two films of one name would
 * otherwise be one object.
 */
export function originalKey(
  { userId, jobId }: { readonly userId: UserId; readonly jobId: string },
  fileName: string,
): ObjectKey {
  const extension = extensionOf(fileName) ?? 'mp4'
  const stem = fileName.slice(0, fileName.length - extension.length - 1)
  const mark = `-${jobId.slice(0, 8)}`
  const name = sanitizeFileName(`${Array.from(stem).slice(0, 60).join('')}${mark}.${extension}`)
  return (userFolder(userId) + (name ?? `video${mark}.${extension}`)) as ObjectKey
}
