// A stream's own files: playlists, keys, and the JSON and WebVTT that name objects, rewritten for this moment.
// While a text is fresh it comes out of memory; nothing else is kept, and a key never.
import { Fault } from '../../core/fault.ts'
import type { Links } from '../../core/hls/assemble.ts'
import { resolveReference } from '../../core/hls/reference.ts'
import { ENTRY_PLAYLIST, streamFolder, streamKey } from '../../core/storage/media-key.ts'
import { parseUuid } from '../../core/uuid.ts'
import type { Defer } from '../defer.ts'
import { effectiveQuery, isFresh, maxAgeMs, type CacheKey } from './cached-text.ts'
import { encodeText } from './encode-text.ts'
import { streamNotFound, type PlayableVideo, type PlaybackDeps } from './playback.ts'
import {
  findCached,
  textKeeper,
  textKey,
  weakEtag,
  type Found,
  type StreamCacheDeps,
  type TextKeeper,
} from './stream-cache.ts'
import { asTaken, keyFile, type FileTerms, type StreamFile } from './stream-file.ts'
import { isNamedPlaylist, rewriteText } from './stream-text.ts'

type Chunk = Uint8Array<ArrayBuffer>

export interface StreamDeps extends PlaybackDeps, Omit<StreamCacheDeps, 'delivery'> {
  readonly gzip: (chunks: Iterable<Chunk>) => Promise<Chunk>
  readonly gunzip: (bytes: Chunk) => AsyncIterable<Uint8Array>
  readonly nowMs: () => number
}

export interface StreamRequest extends FileTerms {
  /** What becomes of the references in it, and what those that are rewritten begin with. */
  readonly links: Links
  readonly base: string
  /** The whole URL, as it came. */
  readonly address: string
  readonly jobId: string
  /** The path below the stream as it came, undecoded; undefined means the entry playlist. */
  readonly rawPath: string | undefined
  readonly query: ReadonlyMap<string, string>
  readonly origin: string
  readonly defer: Defer
}

/** A playlist that players still read at a glance: about 90,000 short segments. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024

/**
 * One file of a stream as players get it: without I/O while it is fresh, else one read each of database and bucket.
 * What this isolate has just answered is there at once: a hot playlist is all that most requests ask for.
 * `findVideo`: the video, to a request that may have it; asked only when no fresh text is there.
 */
export function readStreamFile(
  deps: StreamDeps,
  request: StreamRequest,
  findVideo: () => Promise<PlayableVideo>,
): StreamFile | Promise<StreamFile> {
  const nowMs = deps.nowMs()
  const text = deps.playlistCache.peek(request.address, nowMs)
  const file = text !== undefined && isFresh(text, nowMs) ? asTaken(text, request, true) : undefined
  return file ?? findStreamFile(deps, request, findVideo, nowMs)
}

/** `validatedAtMs` is before anything is asked, so that what is kept never counts as younger than what it rests on. */
async function findStreamFile(
  deps: StreamDeps,
  request: StreamRequest,
  findVideo: () => Promise<PlayableVideo>,
  validatedAtMs: number,
): Promise<StreamFile> {
  const path = request.rawPath === undefined ? ENTRY_PLAYLIST : folderPath(request.rawPath)
  const jobId = parseUuid(request.jobId)
  const keyOf = (query: ReadonlyMap<string, string>): CacheKey =>
    textKey(deps, { origin: request.origin, jobId: jobId ?? '', path, links: request.links }, query)
  const keeper = textKeeper(deps, request, jobId)
  const found = jobId === undefined ? undefined : await findCached(deps, jobId, keyOf, request.query)
  if (found !== undefined && isFresh(found.text, validatedAtMs)) {
    return serveText(deps, request, keeper, found, true)
  }

  const video = await findVideo()
  const folder = streamFolder(video.userId, video.jobId)
  const objectKey = streamKey(video.userId, video.jobId, path)
  if (found !== undefined && (await deps.media.version(objectKey)) === found.text.version) {
    const renewed = { key: found.key, text: { ...found.text, validatedAtMs } }
    keeper.keep(renewed)
    return serveText(deps, request, keeper, renewed)
  }

  const object = await deps.media.read(objectKey, MAX_TEXT_BYTES)
  if (object === undefined) throw streamNotFound()
  if (object.content === undefined) throw unreadable(path, object.problem)
  const stored = object.content.text()
  const key = keyOf(effectiveQuery(stored, request.query))
  const etag = weakEtag(key, object.version)
  const { origin, query, links, base } = request
  const place = { path, apiBase: base, origin, query, folder, storedAtMs: object.storedAtMs, links }
  const rewritten = rewriteText(deps, stored, place)
  if (rewritten === undefined) return keyFile(object.content)
  const { contentType, info, chunks } = rewritten
  const encodings = await encodeText(deps, request.acceptsGzip(), chunks)
  const isMultivariant = info?.kind === 'multivariant'
  const text = {
    contentType,
    isMultivariant,
    etag,
    version: object.version,
    validatedAtMs,
    maxAgeMs: maxAgeMs(info),
    ...encodings,
  } as const
  keeper.keep({ key, text })
  return serveText(deps, request, keeper, { key, text })
}

/** The text in the encoding the client takes, which is made once and kept. */
async function serveText(
  deps: StreamDeps,
  request: StreamRequest,
  keeper: TextKeeper,
  { key, text }: Found,
  isFromMemory = false,
): Promise<StreamFile> {
  keeper.remember({ key, text })
  const taken = asTaken(text, request, isFromMemory)
  if (taken !== undefined) return taken
  const { contentType, isMultivariant, etag, plain } = text
  const answer = { contentType, isMultivariant, etag, isSecret: false, isFromMemory }
  if (plain === undefined) return { ...answer, body: text.gzip && deps.gunzip(text.gzip), isGzip: false }
  const gzip = await deps.gzip([plain])
  keeper.keep({ key, text: { ...text, gzip } })
  return { ...answer, body: gzip, isGzip: true }
}

/** The path below the stream's folder, decoded once. What would leave the folder is simply not there: no I/O. */
export function folderPath(rawPath: string): string {
  const resolved = resolveReference(rawPath, ENTRY_PLAYLIST)
  if (resolved.kind !== 'inside') throw streamNotFound()
  return decodeURIComponent(resolved.encodedPath)
}

/** Of large objects only what calls itself a playlist is told apart: no other is served here at all. */
function unreadable(path: string, problem: 'too_large' | 'undecodable'): Fault {
  if (problem === 'undecodable') {
    return new Fault('validation_error', 'The stored Content-Encoding must be gzip or deflate, and fit the bytes')
  }
  return isNamedPlaylist(path) ? new Fault('validation_error', 'Playlist is too large') : streamNotFound()
}
