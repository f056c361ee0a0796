// The Cache API in front of R2, for requests that were already verified: versions remembered for a minute, bytes kept
// by version, everything else straight from the bucket.
import type { ByteRange } from '../../core/http/range.ts'
import type { FileStore } from '../../domain/storage/file-store.ts'
import type { FindContext, FoundObject, MediaObjects, ObjectInfo } from '../../domain/delivery/media-objects.ts'
import { cachedBytes } from './cached-bytes.ts'
import { objectVersions } from './object-versions.ts'
import type { ByteStream, R2Objects } from './r2-objects.ts'

/** One R2 read for a cold object, and one more to fill the cache; none for a warm one. */
export function edgeCache(objects: R2Objects, nowMs: () => number): MediaObjects<ByteStream> {
  let namespace: Cache | undefined

  /** A namespace of its own: what is in it cannot be had from the CDN in front of the Worker. */
  async function openCache(): Promise<Cache> {
    namespace ??= await caches.open('media')
    return namespace
  }

  const versions = objectVersions(openCache, nowMs)
  const bytes = cachedBytes(objects, openCache, nowMs)

  function known(
    key: string,
    info: ObjectInfo,
    { origin, defer }: FindContext,
    isRemembered: boolean,
  ): FoundObject<ByteStream> {
    return {
      info,
      isRemembered,
      async read(range) {
        const cached = await bytes.read(key, info, range, origin)
        if (cached !== undefined) return cached
        const body = await objects.openVersion(key, info.etag, range)
        if (body === undefined) versions.forget(key)
        else defer(bytes.fill(key, info, origin))
        return body
      },
      close: () => Promise.resolve(),
    }
  }

  return {
    async find(key, context) {
      const { origin, defer, wanted, mustAsk } = context
      const remembered = mustAsk ? undefined : await versions.get(key, origin)
      if (remembered !== undefined) return known(key, remembered, context, true)

      const readAtMs = nowMs()
      if (wanted === 'info') {
        const info = await objects.head(key)
        if (info === undefined) return undefined
        defer(versions.remember(key, origin, { info, readAtMs }))
        return known(key, info, context, false)
      }
      const opened = await objects.open(key, wanted)
      if (opened === undefined) return undefined
      const { info, body } = opened
      defer(versions.remember(key, origin, { info, readAtMs }))
      return {
        info,
        isRemembered: false,
        async read(range) {
          if (body !== undefined && isSame(range, opened.range)) {
            defer(bytes.fill(key, info, origin))
            return body
          }
          await body?.cancel()
          return await known(key, info, context, false).read(range)
        },
        async close() {
          await body?.cancel()
        },
      }
    },
    forget(keys) {
      for (const key of keys) versions.forget(key)
    },
    async write(key, object, { origin }) {
      const etag = await objects.put(key, object)
      if (etag !== undefined) await versions.forgetEverywhere(key, origin)
      return etag
    },
  }
}

/** A bucket whose removals are heard of here at once, and within a minute everywhere. */
export function removingFrom(media: Pick<MediaObjects<unknown>, 'forget'>, files: FileStore): FileStore {
  return {
    ...files,
    async remove(keys) {
      await files.remove(keys)
      media.forget(keys)
    },
  }
}

function isSame(a: ByteRange | undefined, b: ByteRange | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.offset === b.offset && a.length === b.length)
}
