// Which cached text answers a request for a stream's file, and what of a new one is cached. It asks neither database
// nor bucket.
import { hex, utf8 } from '../../core/bytes.ts'
import { sha256 } from '../../core/sha256.ts'
import type { Links } from '../../core/hls/assemble.ts'
import type { Defer } from '../defer.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { inheritedQuery, type CachedText, type CacheKey, type PlaylistCache } from './cached-text.ts'
import type { ForgottenStreams } from './forgotten-streams.ts'

export interface StreamCacheDeps {
  readonly playlistCache: PlaylistCache
  readonly forgottenStreams: Pick<ForgottenStreams, 'moment' | 'isForgotten'>
  readonly delivery: Pick<Delivery, 'epoch' | 'epochEndsMs'>
  readonly config: { readonly version: string }
}

/** Longer URLs are not cached: no player sends one. */
const MAX_SHARED_CHARS = 512

export interface Found {
  readonly key: CacheKey
  readonly text: CachedText
}

/** Of everything that changes the text but the object: the signing window, the origin, the query, this version. */
export function textKey(
  deps: StreamCacheDeps,
  { origin, jobId, path, links }: { origin: string; jobId: string; path: string; links: Links },
  query: ReadonlyMap<string, string>,
): CacheKey {
  // A path holds no line break, and the query is written so that it holds none. What is not signed has no window.
  const isSigned = links === 'presigned' || links === 'kept_and_presigned'
  const epoch = `${links}\n${isSigned ? deps.delivery.epoch(origin) : ''}\n${deps.config.version}`
  return { origin, variant: `${jobId}\n${path}\n${epoch}${query.size === 0 ? '' : `\n${JSON.stringify([...query])}`}` }
}

export function weakEtag(key: CacheKey, version: string): string {
  return `W/"${hex(sha256(utf8(JSON.stringify([key.origin, key.variant, version])))).slice(0, 32)}"`
}

/** A text without variables lies under the part of the query that can still change it. */
export async function findCached(
  deps: StreamCacheDeps,
  jobId: string,
  keyOf: (query: ReadonlyMap<string, string>) => CacheKey,
  query: ReadonlyMap<string, string>,
): Promise<Found | undefined> {
  // What ended here, another isolate of the data centre may have kept a moment before.
  const isFarBelieved = (): boolean => !deps.forgottenStreams.isForgotten(jobId)
  const carried = inheritedQuery(query)
  for (const part of carried.size === query.size ? [query] : [carried, query]) {
    const key = keyOf(part)
    const text = await deps.playlistCache.get(key, isFarBelieved)
    if (text !== undefined) return { key, text }
  }
  return undefined
}

export interface TextKeeper {
  keep(found: Found): void
  /** That the text answers the request's address. */
  remember(found: Found): void
}

/** Made before anything is asked: it keeps nothing of a stream that was forgotten since. */
export function textKeeper(
  deps: StreamCacheDeps,
  request: { readonly address: string; readonly defer: Defer },
  jobId: string | undefined,
): TextKeeper {
  const since = deps.forgottenStreams.moment()
  const isKept = ({ maxAgeMs: milliseconds }: CachedText): boolean =>
    milliseconds > 0 && jobId !== undefined && !deps.forgottenStreams.isForgotten(jobId, since)
  return {
    keep({ key, text }) {
      if (isKept(text)) request.defer(deps.playlistCache.put(key, text))
    },
    remember({ key, text }) {
      if (!isKept(text) || !isShared(request.address)) return
      // Of the time before the key was made: a window may have ended while others were asked.
      deps.playlistCache.alias(request.address, key, deps.delivery.epochEndsMs(text.validatedAtMs))
    },
  }
}

/** Not a viewer's own, as one with CMCD in its query: such would crowd out what many ask for. */
function isShared(address: string): boolean {
  return address.length <= MAX_SHARED_CHARS && !address.includes('?')
}
