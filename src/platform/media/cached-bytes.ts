// Whole objects in the Cache API, by version. Never a range, an answer, or anything about the caller. Readers
// know which version is current, and that the request was verified.
import type { ByteRange } from '../../core/http/range.ts'
import { encodeComponent, encodePath } from '../../core/uri-encoding.ts'
import type { ObjectInfo } from '../../domain/delivery/media-objects.ts'
import type { ByteStream, R2Objects } from './r2-objects.ts'

/** Bytes of a version never change; after a day the data centre may evict them. */
const MAX_AGE_SECONDS = 86_400

/** Segments, not films: a film on a cold range would be read whole for the few seconds that were asked for. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024

/** A cache that keeps nothing (workers.dev, previews) would make every read two. */
const MAX_FAILED_FILLS = 3

/** Fills at once in one isolate; beyond, the next reader tries again. */
const MAX_FILLS = 16

/** A fill whose request was ended by the runtime never says so. */
const FILL_TIMEOUT_MS = 60_000

export interface CachedBytes {
  /** All bytes or a range of them; undefined when they are not kept here. */
  read(key: string, info: ObjectInfo, range: ByteRange | undefined, origin: string): Promise<ByteStream | undefined>
  /** Reads the object from R2 and keeps it, unless it is large, kept already, or being read. */
  fill(key: string, info: ObjectInfo, origin: string): Promise<void>
}

export function cachedBytes(
  objects: Pick<R2Objects, 'openVersion'>,
  openCache: () => Promise<Cache>,
  nowMs: () => number,
): CachedBytes {
  const startedMs = new Map<string, number>()
  let failedFills = 0

  /** Asks for one byte, to have nothing to throw away. */
  async function isKept(address: string): Promise<boolean> {
    const response = await (await openCache()).match(new Request(address, { headers: { Range: 'bytes=0-0' } }))
    await response?.arrayBuffer()
    return response !== undefined
  }

  async function keep(address: string, key: string, info: ObjectInfo): Promise<void> {
    if (await isKept(address)) return
    // A read of its own rather than a tee of the viewer's: a slow viewer's branch would pile up in memory.
    const body = await objects.openVersion(key, info.etag, undefined)
    if (body === undefined) return
    const headers = {
      'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}`,
      'Content-Length': String(info.sizeBytes),
      ETag: info.etag,
    }
    await (await openCache()).put(address, new Response(body, { headers }))
    failedFills = (await isKept(address)) ? 0 : failedFills + 1
  }

  return {
    async read(key, info, range, origin) {
      if (info.sizeBytes > MAX_CACHED_BYTES) return undefined
      const headers = range && { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` }
      const request = new Request(addressOf(key, info, origin), headers && { headers })
      const response = await (await openCache()).match(request)
      if (response === undefined || response.body === null) return undefined
      const length = Number(response.headers.get('Content-Length') ?? Number.NaN)
      const isAsked = response.status === (range ? 206 : 200) && length === (range?.length ?? info.sizeBytes)
      if (isAsked) return response.body
      await response.body.cancel()
      return undefined
    },
    async fill(key, info, origin) {
      if (info.sizeBytes === 0 || info.sizeBytes > MAX_CACHED_BYTES || failedFills >= MAX_FAILED_FILLS) return
      const address = addressOf(key, info, origin)
      for (const [other, startMs] of startedMs) {
        if (nowMs() - startMs >= FILL_TIMEOUT_MS) startedMs.delete(other)
      }
      if (startedMs.has(address) || startedMs.size >= MAX_FILLS) return
      startedMs.set(address, nowMs())
      try {
        await keep(address, key, info)
      } finally {
        startedMs.delete(address)
      }
    },
  }
}

/** Below /media, which is this Worker's whatever else the host serves: asked from outside, it meets the signature check. */
function addressOf(key: string, info: ObjectInfo, origin: string): string {
  return `${origin}/media/${encodePath(key)}?bytes=${encodeComponent(info.etag)}`
}
