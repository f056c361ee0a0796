// The private bucket. One call here is one R2 operation.
import { Fault } from '../../core/fault.ts'
import { contentCodings } from '../../core/http/stored-headers.ts'
import type { MediaReader } from '../../domain/playback/playback.ts'
import { inflate } from '../inflate.ts'
import { R2_LIMIT_MS, withinTime } from '../time-limit.ts'

/** Reads small objects whole and asks whether others exist. */
export function r2Media(bucket: R2Bucket): MediaReader {
  return {
    async exists(key) {
      return (await storage(() => bucket.head(key))) !== null
    },
    async version(key) {
      return (await storage(() => bucket.head(key)))?.etag
    },
    async read(key, maxBytes) {
      const object = await storage(() => bucket.get(key))
      if (object === null) return undefined
      const metadata = { sizeBytes: object.size, version: object.etag, storedAtMs: object.uploaded.getTime() }
      if (object.size > maxBytes) {
        await object.body.cancel()
        return { ...metadata, content: undefined, problem: 'too_large' }
      }
      const stored = new Uint8Array(await storage(() => object.arrayBuffer()))
      const bytes = await inflate(stored, contentCodings(object.httpMetadata?.contentEncoding), maxBytes)
      if (typeof bytes === 'string') return { ...metadata, content: undefined, problem: bytes }
      return { ...metadata, content: { bytes, text: () => new TextDecoder().decode(bytes) } }
    },
    async readStart(key, maxBytes) {
      const object = await storage(() => bucket.get(key, { range: { offset: 0, length: maxBytes } }))
      return object === null ? undefined : new Uint8Array(await storage(() => object.arrayBuffer()))
    },
  }
}

/** Runs a call of the bucket that carries no body of its caller's; a failure or a stall becomes a 503. */
export async function storage<T>(run: () => Promise<T>): Promise<T> {
  return await transfer(() => withinTime(R2_LIMIT_MS, run))
}

/** Runs a call that takes as long as its caller sends; any failure becomes a 503. */
export async function transfer<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw new Fault('unavailable', 'Storage is temporarily unavailable', { cause, retryAfterSeconds: 5 })
  }
}
