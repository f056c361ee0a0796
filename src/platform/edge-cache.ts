// The Cache API in front of R2, asked only for requests that were already verified. Objects are kept whole and
// by version; which version is current is remembered for at most a minute, so that is how long a deleted or
// replaced object can still be served. Never stores a range, an answer, or anything of who asked.
import type { ByteRange } from '../core/range.ts'
import { encodeComponent, encodePath } from '../core/uri-encoding.ts'
import type { FindContext, FoundObject, MediaObjects, ObjectFacts } from '../domain/media.ts'
import type { ByteStream, R2Objects } from './r2-objects.ts'

/** The bound after a deletion or a replacement. */
const REMEMBER_MS = 60_000

/** Bytes of a version never change; a day unasked for and the cache may forget them. */
const BYTES_MAX_AGE_SECONDS = 86_400

/** Segments, not films: a film on a cold range would be read whole for the few seconds that were asked for. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024

/** Versions one isolate remembers: about half a megabyte. */
const MAX_REMEMBERED = 2000

/** A cache that keeps nothing (workers.dev, previews) would make every read two. */
const MAX_VAIN_FILLS = 3

/** Fills at once in one isolate; beyond, the next reader tries again. */
const MAX_FILLS = 16

/** A fill whose request was ended by the runtime never says so. */
const FILL_TIMEOUT_MS = 60_000

interface Remembered {
  readonly facts: ObjectFacts
  readonly readAtMs: number
}

/** One R2 read for a cold object, and one more to fill the cache; none for a warm one. */
export function edgeCache(objects: R2Objects, nowMs: () => number): MediaObjects<ByteStream> {
  const remembered = new Map<string, Remembered>()
  const filling = new Map<string, number>()
  let vainFills = 0
  let namespace: Cache | undefined

  /** A namespace of its own: what is in it cannot be had from the CDN in front of the Worker. */
  async function openCache(): Promise<Cache> {
    namespace ??= await caches.open('media')
    return namespace
  }

  const isFresh = ({ readAtMs }: Remembered): boolean => {
    const age = nowMs() - readAtMs
    return age >= 0 && age < REMEMBER_MS
  }

  async function recall(key: string, origin: string): Promise<ObjectFacts | undefined> {
    const own = remembered.get(key)
    if (own !== undefined && isFresh(own)) return own.facts
    remembered.delete(key)
    const response = await (await openCache()).match(factsAddress(origin, key))
    const shared = response && parseRemembered(await response.text())
    if (shared === undefined || !isFresh(shared)) return undefined
    keep(key, shared)
    return shared.facts
  }

  function keep(key: string, entry: Remembered): void {
    remembered.set(key, entry)
    if (remembered.size <= MAX_REMEMBERED) return
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest)
      break
    }
  }

  function remember(key: string, facts: ObjectFacts, { origin, defer }: FindContext): void {
    const entry = { facts, readAtMs: nowMs() }
    keep(key, entry)
    const response = new Response(JSON.stringify(entry), {
      headers: { 'Cache-Control': `public, max-age=${REMEMBER_MS / 1000}`, 'Content-Type': 'application/json' },
    })
    defer(openCache().then((cache) => cache.put(factsAddress(origin, key), response)))
  }

  async function forget(key: string, origin: string): Promise<void> {
    remembered.delete(key)
    await (await openCache()).delete(factsAddress(origin, key))
  }

  async function readCached(
    key: string,
    facts: ObjectFacts,
    range: ByteRange | undefined,
    origin: string,
  ): Promise<ByteStream | undefined> {
    if (facts.sizeBytes > MAX_CACHED_BYTES) return undefined
    const headers = range && { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` }
    const response = await (await openCache()).match(new Request(bytesAddress(origin, key, facts), headers && { headers }))
    if (response === undefined || response.body === null) return undefined
    const length = Number(response.headers.get('Content-Length') ?? Number.NaN)
    if (response.status === (range ? 206 : 200) && length === (range?.length ?? facts.sizeBytes)) return response.body
    await response.body.cancel()
    return undefined
  }

  /** Reads the object a second time rather than teeing the first: a slow client's branch would pile up in memory. */
  async function fill(key: string, facts: ObjectFacts, origin: string): Promise<void> {
    const address = bytesAddress(origin, key, facts)
    for (const [other, startedMs] of filling) {
      if (nowMs() - startedMs >= FILL_TIMEOUT_MS) filling.delete(other)
    }
    if (filling.has(address) || filling.size >= MAX_FILLS || vainFills >= MAX_VAIN_FILLS) return
    filling.set(address, nowMs())
    try {
      if (await isCached(address)) return
      const body = await objects.openVersion(key, facts.etag, undefined)
      if (body === undefined) return
      await (await openCache()).put(
        address,
        new Response(body, {
          headers: {
            'Cache-Control': `public, max-age=${BYTES_MAX_AGE_SECONDS}`,
            'Content-Length': String(facts.sizeBytes),
            ETag: facts.etag,
          },
        }),
      )
      vainFills = (await isCached(address)) ? 0 : vainFills + 1
    } finally {
      filling.delete(address)
    }
  }

  /** Asks for one byte, to have nothing to throw away. */
  async function isCached(address: string): Promise<boolean> {
    const response = await (await openCache()).match(new Request(address, { headers: { Range: 'bytes=0-0' } }))
    await response?.arrayBuffer()
    return response !== undefined
  }

  function fillLater(key: string, facts: ObjectFacts, { origin, defer }: FindContext): void {
    if (facts.sizeBytes > 0 && facts.sizeBytes <= MAX_CACHED_BYTES) defer(fill(key, facts, origin))
  }

  function foundRemembered(key: string, facts: ObjectFacts, context: FindContext): FoundObject<ByteStream> {
    return {
      facts,
      async read(range) {
        const cached = await readCached(key, facts, range, context.origin)
        if (cached !== undefined) return cached
        const body = await objects.openVersion(key, facts.etag, range)
        if (body === undefined) await forget(key, context.origin)
        else fillLater(key, facts, context)
        return body
      },
      close: () => Promise.resolve(),
    }
  }

  return {
    async find(key, context) {
      const facts = await recall(key, context.origin)
      if (facts !== undefined) return foundRemembered(key, facts, context)
      if (context.wanted === 'facts') {
        const current = await objects.head(key)
        if (current === undefined) return undefined
        remember(key, current, context)
        return foundRemembered(key, current, context)
      }
      const opened = await objects.open(key, context.wanted)
      if (opened === undefined) return undefined
      remember(key, opened.facts, context)
      const found = foundRemembered(key, opened.facts, context)
      return {
        facts: opened.facts,
        async read(range) {
          if (opened.body !== undefined && isSame(range, opened.range)) {
            fillLater(key, opened.facts, context)
            return opened.body
          }
          await opened.body?.cancel()
          return await found.read(range)
        },
        async close() {
          await opened.body?.cancel()
        },
      }
    },
    async write(key, object, { origin }) {
      const etag = await objects.put(key, object)
      if (etag !== undefined) await forget(key, origin)
      return etag
    },
  }
}

// Both addresses lie below /media, which is this Worker's whatever else the host serves: should they ever be
// asked for from outside, they meet the signature check and not a cache.
function bytesAddress(origin: string, key: string, facts: ObjectFacts): string {
  return `${origin}/media/${encodePath(key)}?bytes=${encodeComponent(facts.etag)}`
}

function factsAddress(origin: string, key: string): string {
  return `${origin}/media/${encodePath(key)}?facts`
}

function isSame(a: ByteRange | undefined, b: ByteRange | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.offset === b.offset && a.length === b.length)
}

/** Written by this very file, but perhaps by another release of it. */
function parseRemembered(text: string): Remembered | undefined {
  try {
    const { facts, readAtMs } = JSON.parse(text) as { facts: Partial<ObjectFacts>; readAtMs: unknown }
    const { sizeBytes, etag, modifiedSeconds, storedType } = facts
    if (
      typeof sizeBytes !== 'number' ||
      typeof etag !== 'string' ||
      typeof modifiedSeconds !== 'number' ||
      typeof readAtMs !== 'number'
    ) {
      return undefined
    }
    return { facts: { sizeBytes, etag, modifiedSeconds, storedType: typeof storedType === 'string' ? storedType : undefined }, readAtMs }
  } catch {
    return undefined
  }
}
