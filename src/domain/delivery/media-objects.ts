// The objects and parts that this Worker serves itself, as the domain asks for them.
import type { Defer } from '../defer.ts'
import type { SignedPart } from '../../core/sigv4/presigned-query.ts'
import type { ByteRange, RangeSpec } from '../../core/http/range.ts'
import type { StoredHeaders } from '../../core/http/stored-headers.ts'
import type { ObjectKey } from '../../core/storage/object-key.ts'

export interface ObjectInfo {
  readonly sizeBytes: number
  /** Strong, with its quotes. */
  readonly etag: string
  /** Whole epoch seconds. */
  readonly modifiedSeconds: number
  readonly stored: StoredHeaders
}

/** An object that was found. Either `read` or `close` is called, once. */
export interface FoundObject<Body> {
  readonly info: ObjectInfo
  /** True: another version may be current by now. */
  readonly isRemembered: boolean
  /** All bytes or a range of them, of exactly this version; undefined when it was replaced or deleted since. */
  read(range: ByteRange | undefined): Promise<Body | undefined>
  close(): Promise<void>
}

export interface FindContext {
  /** `https://host` the request was sent to. */
  readonly origin: string
  /** What will probably be read: nothing, everything, or a range. A hint that saves a second trip. */
  readonly wanted: 'info' | 'whole' | RangeSpec
  /** Only what the bucket says now will do. */
  readonly mustAsk: boolean
  readonly defer: Defer
}

export interface NewObject<Body> {
  readonly body: Body
  /** The body is exactly this long, or the write fails. */
  readonly sizeBytes: number
  readonly headers: StoredHeaders
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
}

export interface MediaObjects<Body> {
  find(key: ObjectKey, context: FindContext): Promise<FoundObject<Body> | undefined>
  /** These objects changed or went: what is remembered of them is no longer served here. */
  forget(keys: readonly ObjectKey[]): void
  /** The new object's etag; undefined when a condition did not hold and nothing was written. */
  write(
    key: ObjectKey,
    object: NewObject<Body>,
    context: Pick<FindContext, 'origin' | 'defer'>,
  ): Promise<string | undefined>
}

/** Parts of uploads that are open. */
export interface MediaParts<Body> {
  /** The part's etag, with its quotes; undefined when the upload has ended. */
  write(key: ObjectKey, part: SignedPart & Pick<NewObject<Body>, 'body' | 'sizeBytes'>): Promise<string | undefined>
}
