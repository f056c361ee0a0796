// What uploads in parts ask of the database and of the bucket. Keys only ever come from own-key.
import type { UserId } from '../../core/auth/principal.ts'
import type { UploadPosition } from '../../core/cursor.ts'
import type { Part } from '../../core/storage/parts.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'

/** An upload that was begun and is neither complete nor aborted. */
export interface OpenUpload {
  readonly uploadId: string
  readonly userId: UserId
  readonly key: ObjectKey
  readonly fileBytes: number
  readonly partBytes: number
  readonly partCount: number
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export interface StoredPart extends Part {
  readonly sizeBytes: number
}

export interface UploadStore {
  /** False when the user has so many that have not expired already. */
  add(upload: OpenUpload, maxPerUser: number): Promise<boolean>
  /** Of this user and key; undefined when it has ended or was never begun. */
  find(userId: UserId, key: ObjectKey, uploadId: string): Promise<OpenUpload | undefined>
  /** Newest first, those that have not expired; of one key, or of all. */
  list(
    userId: UserId,
    page: {
      readonly key: ObjectKey | undefined
      readonly before: UploadPosition | undefined
      readonly nowMs: number
      readonly limit: number
    },
  ): Promise<readonly OpenUpload[]>
  /** With what is known of their parts. */
  remove(uploadIds: readonly string[]): Promise<void>
  /** Those that expired before a time, the oldest first. */
  listExpired(beforeMs: number, limit: number): Promise<readonly OpenUpload[]>
}

/** The bucket's side. An upload that the bucket does not know any more is `ended`. */
export interface MultipartBucket {
  /** The id of the new upload. */
  begin(key: ObjectKey, contentType: string): Promise<string>
  /** `wrong_part`: one is missing there or has another etag; the upload stays open. The object's etag has quotes. */
  complete(
    upload: OpenUpload,
    parts: readonly Part[],
  ): Promise<{ readonly etag: string; readonly sizeBytes: number } | 'wrong_part' | 'ended'>
  abort(upload: OpenUpload): Promise<void>
}

/** Parts that this Worker took. */
export interface PartRecords {
  /** False when the upload has ended meanwhile. The same number again replaces what was known of it. */
  record(uploadId: string, part: StoredPart): Promise<boolean>
  /** In the order of their numbers. */
  recorded(uploadId: string): Promise<readonly StoredPart[]>
}

/** Which parts have arrived, wherever parts are taken; undefined where that cannot be asked. */
export interface PartLists {
  list(upload: OpenUpload, origin: string): Promise<readonly StoredPart[] | undefined>
}
