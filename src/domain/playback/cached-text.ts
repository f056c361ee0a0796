// Rewritten texts kept for a while, because within a signing window everybody gets the same one. It says what is
// kept, under which key and for how long; where it is kept is platform's business. Secrets are never kept.
import type { PlaylistInfo } from '../../core/hls/playlist.ts'
import { CARRIED_PREFIX } from '../../core/hls/variables.ts'

export interface CachedText {
  readonly contentType: string
  /** False for a media playlist, and for what is not a playlist. */
  readonly isMultivariant: boolean
  readonly etag: string
  /** Of the object it was made from. */
  readonly version: string
  /** When the database and the bucket were last asked, epoch milliseconds. */
  readonly validatedAtMs: number
  /** How long after that it is given out without asking. */
  readonly maxAgeMs: number
  /** UTF-8, and the same compressed: at least one of them. */
  readonly plain: Uint8Array<ArrayBuffer> | undefined
  readonly gzip: Uint8Array<ArrayBuffer> | undefined
}

export interface PlaylistCache {
  /** What this very address was answered with, fresh or not, if its key is still the same. Nearby only. */
  peek(address: string, nowMs: number): CachedText | undefined
  /** The text of this key answers the address; until then, in epoch milliseconds, nothing can change the key. */
  alias(address: string, key: CacheKey, untilMs: number): void
  /** What was kept under the key, fresh or not; from far away only what is believed before and after it came. */
  get(key: CacheKey, isFarBelieved: () => boolean): Promise<CachedText | undefined>
  /** It can be found nearby at once; the promise is about what is far away, and never fails. */
  put(key: CacheKey, text: CachedText): Promise<void>
  /** Drops every text of the job nearby, and the addresses of them. What is far away ends by itself. */
  forget(jobId: string): void
}

export interface CacheKey {
  /** Of the request: whose addresses the text holds. */
  readonly origin: string
  /** Everything else that changes the text; its first line is the job's id. */
  readonly variant: string
}

/** The contract bounds an ended playback and a replaced file by 60 s; what is on its way needs a moment. */
const MAX_FRESH_MS = 55_000

/**
 * How long a text may be given out unasked: a live playlist for less than half its target duration, or players would
 * fall behind; one without a target duration not at all.
 */
export function maxAgeMs(info: PlaylistInfo | undefined): number {
  if (info?.kind !== 'media' || info.isEnded) return MAX_FRESH_MS
  return Math.min(MAX_FRESH_MS, (info.targetDurationSeconds ?? 0) * 450)
}

export function isFresh(text: CachedText, nowMs: number): boolean {
  return nowMs >= text.validatedAtMs && nowMs < text.validatedAtMs + text.maxAgeMs
}

/** What a text without EXT-X-DEFINE takes from its query; anything more, such as CMCD, would keep a text a viewer. */
export function inheritedQuery(query: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (query.size === 0) return query
  return new Map([...query].filter(([name]) => name.startsWith(CARRIED_PREFIX)))
}

/** The part of the query that can change what the text becomes. */
export function effectiveQuery(text: string, query: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return text.includes('#EXT-X-DEFINE') ? query : inheritedQuery(query)
}
