// A user's objects in the private bucket, as storage verbs see them.
import type { FileStore, ListedFile } from '../../domain/storage/file-store.ts'
import { toObjectKey } from '../stored-values.ts'
import { storage } from './r2-reader.ts'

/** With content types R2 gives as few as 100 objects a call; so many calls are one page of 1,000 at worst. */
const MAX_CALLS_A_PAGE = 10

export function r2Files(bucket: R2Bucket): FileStore {
  return {
    async sizeOf(key) {
      return (await storage(() => bucket.head(key)))?.size
    },
    async list({ prefix, after, limit, withContentTypes }) {
      const files: ListedFile[] = []
      let place: R2ListOptions = after === undefined ? {} : { startAfter: after }
      // An empty page in the middle has no last key to go on from, so calls go on at least until there is one.
      for (let calls = 0; calls < MAX_CALLS_A_PAGE || files.length === 0; calls++) {
        const page = await storage(() =>
          bucket.list({
            ...place,
            prefix,
            limit: limit - files.length,
            ...(withContentTypes ? { include: ['httpMetadata'] } : {}),
          }),
        )
        files.push(...page.objects.map(toFile))
        if (!page.truncated) return { files, hasMore: false }
        if (files.length >= limit) break
        place = { cursor: page.cursor }
      }
      return { files, hasMore: true }
    },
    async remove(keys) {
      await storage(() => bucket.delete([...keys]))
    },
  }
}

function toFile(object: R2Object): ListedFile {
  return {
    key: toObjectKey(object.key),
    sizeBytes: object.size,
    uploadedAtMs: object.uploaded.getTime(),
    contentType: object.httpMetadata?.contentType,
  }
}
