// Keeps rewritten texts in the isolate, bounded by bytes, and behind it in the data centre's cache.
// Values only, never promises: a request must not wait for another one's work.
import { createBoundedMap } from '../../core/bounded-map.ts'
import { hex, utf8 } from '../../core/bytes.ts'
import { isRecord, parseJson } from '../../core/json.ts'
import { sha256 } from '../../core/sha256.ts'
import type { CachedText, CacheKey, PlaylistCache } from '../../domain/playback/cached-text.ts'

/** An isolate has 128 MB; a compressed film of two hours takes 50 kB. */
const MAX_BYTES = 16 * 1024 * 1024
/** What an entry costs besides its bytes. */
const ENTRY_BYTES = 1024
const MAX_ADDRESSES = 4096

export function createPlaylistCache(caches: CacheStorage): PlaylistCache {
  const isolate = boundedTexts()
  const addresses = createBoundedMap<string, { readonly name: string; readonly untilMs: number }>(MAX_ADDRESSES)
  return {
    peek(address, nowMs) {
      const known = addresses.get(address)
      return known === undefined || nowMs >= known.untilMs ? undefined : isolate.get(known.name)
    },
    alias(address, key, untilMs) {
      addresses.set(address, { name: nameOf(key), untilMs })
    },
    async get(key, isFarBelieved) {
      const name = nameOf(key)
      const near = isolate.get(name)
      if (near !== undefined || !isFarBelieved()) return near
      const far = await fromCache(caches, key)
      if (far === undefined || !isFarBelieved()) return undefined
      isolate.put(name, far)
      return far
    },
    async put(key, text) {
      isolate.put(nameOf(key), text)
      await toCache(caches, key, text)
    },
    forget(jobId) {
      const isOfJob = (name: string): boolean => name.startsWith(`${jobId}\n`, name.indexOf(' ') + 1)
      addresses.deleteWhere(({ name }) => isOfJob(name))
      isolate.dropWhere(isOfJob)
    },
  }
}

/** Least recently used first out. */
function boundedTexts() {
  const texts = new Map<string, CachedText>()
  let bytes = 0
  const drop = (name: string): void => {
    const text = texts.get(name)
    if (text !== undefined) bytes -= weight(text)
    texts.delete(name)
  }
  return {
    dropWhere(test: (name: string) => boolean): void {
      for (const name of texts.keys()) if (test(name)) drop(name)
    },
    get(name: string): CachedText | undefined {
      const text = texts.get(name)
      if (text === undefined) return undefined
      texts.delete(name)
      texts.set(name, text)
      return text
    },
    put(name: string, text: CachedText): void {
      drop(name)
      if (weight(text) > MAX_BYTES / 4) return
      texts.set(name, text)
      bytes += weight(text)
      for (const oldest of texts.keys()) {
        if (bytes <= MAX_BYTES) break
        drop(oldest)
      }
    },
  }
}

function nameOf(key: CacheKey): string {
  return `${key.origin} ${key.variant}`
}

function weight(text: CachedText): number {
  return ENTRY_BYTES + (text.plain?.byteLength ?? 0) + (text.gzip?.byteLength ?? 0)
}

const CACHE = 'kept-texts'
const METADATA_HEADER = 'X-Kept-Text'

type CachedMetadata = Omit<CachedText, 'plain' | 'gzip'> & { readonly isGzip: boolean }

/** A cache that is away is an empty one. */
async function fromCache(caches: CacheStorage, key: CacheKey): Promise<CachedText | undefined> {
  try {
    const cache = await caches.open(CACHE)
    const response = await cache.match(addressOf(key))
    if (response === undefined) return undefined
    const cached = parseMetadata(response.headers.get(METADATA_HEADER) ?? '')
    if (cached === undefined) {
      await response.body?.cancel()
      return undefined
    }
    const { isGzip, ...metadata } = cached
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { ...metadata, plain: isGzip ? undefined : bytes, gzip: isGzip ? bytes : undefined }
  } catch {
    return undefined
  }
}

/** Written by this very file, but perhaps by another release of it. */
function parseMetadata(text: string): CachedMetadata | undefined {
  const value = parseJson(text)
  if (!isRecord(value)) return undefined
  const { contentType, isMultivariant, etag, version, validatedAtMs, maxAgeMs, isGzip } = value
  const isWhole =
    typeof contentType === 'string' &&
    typeof isMultivariant === 'boolean' &&
    typeof etag === 'string' &&
    typeof version === 'string' &&
    typeof validatedAtMs === 'number' &&
    typeof maxAgeMs === 'number' &&
    typeof isGzip === 'boolean'
  return isWhole ? { contentType, isMultivariant, etag, version, validatedAtMs, maxAgeMs, isGzip } : undefined
}

async function toCache(caches: CacheStorage, key: CacheKey, text: CachedText): Promise<void> {
  const { plain, gzip, ...rest } = text
  const metadata: CachedMetadata = { ...rest, isGzip: gzip !== undefined }
  const seconds = Math.floor(text.maxAgeMs / 1000)
  if (seconds < 1) return
  // No Content-Encoding: the cache would unpack the bytes and pack them again.
  const response = new Response(gzip ?? plain, {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': `max-age=${seconds}`,
      [METADATA_HEADER]: JSON.stringify(metadata),
    },
  })
  try {
    const cache = await caches.open(CACHE)
    await cache.put(addressOf(key), response)
  } catch {
    // The next isolate makes the text again.
  }
}

/** An address of our own that no route answers; it hides the job id, which is a secret. */
function addressOf(key: CacheKey): string {
  return `${key.origin}/api/playback/kept/${hex(sha256(utf8(key.variant)))}`
}
