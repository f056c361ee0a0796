// What storage verbs ask of the bucket. Keys only ever come from own-key or from the bucket itself.
import type { ObjectKey } from '../../core/storage/object-key.ts'

export interface ListedFile {
  readonly key: ObjectKey
  readonly sizeBytes: number
  readonly uploadedAtMs: number
  /** As it was uploaded; undefined when the uploader did not say, or it was not asked for. */
  readonly contentType: string | undefined
}

export interface FilePage {
  /** In the order of their keys' UTF-8 bytes. */
  readonly files: readonly ListedFile[]
  readonly hasMore: boolean
}

export interface FileStore {
  /** Of one object; undefined when there is no such object. */
  sizeOf(key: ObjectKey): Promise<number | undefined>
  /** At most `limit` objects, 1…1000, that come after a key; fewer does not mean the end. Types cost more calls. */
  list(range: {
    readonly prefix: ObjectKey
    readonly after: string | undefined
    readonly limit: number
    readonly withContentTypes: boolean
  }): Promise<FilePage>
  /** At most 1,000 keys, in one call. An object that is not there counts as removed. */
  remove(keys: readonly ObjectKey[]): Promise<void>
}

/** R2 takes and gives at most this many keys a call. */
export const MAX_KEYS_A_CALL = 1000
