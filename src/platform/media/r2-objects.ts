// Objects of the bucket as streams: what /media serves and takes. One call here is one R2 operation, unless a range
// turns out to select nothing; no byte is buffered.
import { resolveRange, type ByteRange, type RangeSpec } from '../../core/http/range.ts'
import type { StoredHeaders } from '../../core/http/stored-headers.ts'
import type { NewObject, ObjectInfo } from '../../domain/delivery/media-objects.ts'
import { storage, transfer } from './r2-reader.ts'

export type ByteStream = ReadableStream<Uint8Array>

export interface OpenedObject {
  readonly info: ObjectInfo
  /** Which bytes `body` holds; undefined: all. */
  readonly range: ByteRange | undefined
  /** Undefined when nothing was opened, because the range selects nothing. */
  readonly body: ByteStream | undefined
}

/** Objects as streams. */
export interface R2Objects {
  head(key: string): Promise<ObjectInfo | undefined>
  /** Opens what was asked for, cut to the object's size. */
  open(key: string, wanted: 'whole' | RangeSpec): Promise<OpenedObject | undefined>
  /** The bytes of exactly this version; undefined when it is gone or another. */
  openVersion(key: string, etag: string, range: ByteRange | undefined): Promise<ByteStream | undefined>
  /** The etag; undefined when a condition did not hold. */
  put(key: string, object: NewObject<ByteStream>): Promise<string | undefined>
}

export function r2Objects(bucket: R2Bucket): R2Objects {
  const head = async (key: string): Promise<ObjectInfo | undefined> => {
    const object = await storage(() => bucket.head(key))
    return object === null ? undefined : toInfo(object)
  }
  /** The binding fails for a range that selects nothing, and not always with the same error: the size tells. */
  const unlessEmpty = (key: string, wanted: RangeSpec) => async (error: unknown) => {
    const info = await head(key)
    if (info === undefined) return null
    if (typeof resolveRange(wanted, info.sizeBytes) === 'string') return info
    throw error
  }
  return {
    head,
    async open(key, wanted) {
      const range = wanted === 'whole' ? undefined : toR2Range(wanted)
      if (wanted === 'whole' || range === undefined) {
        const object = await storage(() => bucket.get(key))
        return object === null ? undefined : { info: toInfo(object), range: undefined, body: object.body }
      }
      const object = await storage(() => bucket.get(key, { range }).catch(unlessEmpty(key, wanted)))
      if (object === null) return undefined
      if (!('body' in object)) return { info: object, range: undefined, body: undefined }
      const info = toInfo(object)
      const opened = resolveRange(wanted, info.sizeBytes)
      return { info, range: typeof opened === 'string' ? undefined : opened, body: object.body }
    },
    async openVersion(key, etag, range) {
      const object = await storage(() =>
        bucket.get(key, { onlyIf: { etagMatches: etag.slice(1, -1) }, ...(range === undefined ? {} : { range }) }),
      )
      return object !== null && 'body' in object ? object.body : undefined
    },
    async put(key, { body, sizeBytes, headers, ifMatch, ifNoneMatch }) {
      const conditions = new Headers()
      if (ifMatch !== undefined) conditions.set('If-Match', ifMatch)
      if (ifNoneMatch !== undefined) conditions.set('If-None-Match', ifNoneMatch)
      // Native, so the bytes never meet JavaScript; one byte too few or too many fails the write as a whole.
      const exact = new FixedLengthStream(sizeBytes)
      const [stored] = await transfer(() =>
        Promise.all([
          bucket.put(key, exact.readable, { onlyIf: conditions, httpMetadata: toMetadata(headers) }),
          body.pipeTo(exact.writable),
        ]),
      )
      return stored?.httpEtag
    },
  }
}

/** As the binding wants it; undefined when only the whole can tell (a range beyond what a number can count). */
function toR2Range(spec: RangeSpec): R2Range | undefined {
  if (spec.kind === 'suffix') {
    return spec.length > 0 && Number.isSafeInteger(spec.length) ? { suffix: spec.length } : undefined
  }
  if (!Number.isSafeInteger(spec.first)) return undefined
  const length = spec.last === undefined ? undefined : spec.last - spec.first + 1
  return length !== undefined && Number.isSafeInteger(length) ? { offset: spec.first, length } : { offset: spec.first }
}

function toInfo(object: R2Object): ObjectInfo {
  return {
    sizeBytes: object.size,
    etag: object.httpEtag,
    modifiedSeconds: Math.floor(object.uploaded.getTime() / 1000),
    stored: storedHeaders(object),
  }
}

/** What an uploader said of the object. */
function storedHeaders({ httpMetadata = {} }: R2Object): StoredHeaders {
  const { contentType, contentEncoding, contentLanguage, cacheControl, cacheExpiry } = httpMetadata
  const expiresSeconds = cacheExpiry && Math.floor(cacheExpiry.getTime() / 1000)
  return { contentType, contentEncoding, contentLanguage, cacheControl, expiresSeconds }
}

function toMetadata({ expiresSeconds, ...headers }: StoredHeaders): R2HTTPMetadata {
  const texts = Object.entries(headers).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(texts),
    ...(expiresSeconds === undefined ? {} : { cacheExpiry: new Date(expiresSeconds * 1000) }),
  }
}
