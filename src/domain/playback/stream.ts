// A stream's own files: playlists, keys, and the JSON and WebVTT that name objects, rewritten for this moment.
// While a text is fresh it comes out of memory; nothing else is kept, and a key never.
import { hex, utf8 } from '../../core/bytes.ts'
import { Fault } from '../../core/fault.ts'
import { resolveReference } from '../../core/hls/reference.ts'
import { ENTRY_PLAYLIST, streamFolder } from '../../core/storage/media-key.ts'
import { sha256 } from '../../core/sha256.ts'
import { parseUuid } from '../../core/uuid.ts'
import type { Defer } from '../defer.ts'
import {
  carriedQuery,
  effectiveQuery,
  freshMs,
  isFresh,
  type KeptText,
  type TextKey,
  type TextShelf,
} from './cached-text.ts'
import { encodeText, MIN_GZIP_BYTES } from './encode-text.ts'
import type { ForgottenStreams } from './forgotten-streams.ts'
import { playableByJob, streamNotFound, type PlaybackDeps, type StoredContent } from './playback.ts'
import { isNamedPlaylist, rewriteText } from './stream-text.ts'

type Chunk = Uint8Array<ArrayBuffer>

export interface StreamDeps extends PlaybackDeps {
  readonly shelf: TextShelf
  readonly forgottenStreams: Pick<ForgottenStreams, 'moment' | 'isForgotten'>
  readonly gzip: (chunks: Iterable<Chunk>) => Promise<Chunk>
  readonly gunzip: (bytes: Chunk) => AsyncIterable<Uint8Array>
  readonly nowMs: () => number
}

export interface StreamRequest {
  /** The whole URL, as it came. */
  readonly address: string
  readonly jobId: string
  /** The path below the stream as it came, undecoded; undefined means the entry playlist. */
  readonly rawPath: string | undefined
  readonly query: ReadonlyMap<string, string>
  readonly origin: string
  readonly acceptsGzip: () => boolean
  /** Whether the client has the text of this ETag. */
  readonly has: (etag: string) => boolean
  readonly defer: Defer
}

export interface StreamFile {
  /** Undefined: the client has it. */
  readonly body: Chunk | AsyncIterable<Uint8Array> | undefined
  readonly isGzip: boolean
  readonly contentType: string
  /** Weak; absent for what may not be kept at all. */
  readonly etag: string | undefined
  /** A key: no cache may keep it. */
  readonly isSecret: boolean
  /** Nobody was asked for it. */
  readonly isFromMemory: boolean
}

/** A playlist that players still read at a glance: about 90,000 short segments. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024
/** AES-128 keys are 16 bytes, AES-256 keys 32. */
const MAX_KEY_BYTES = 64
/** A longer address is nobody's but its author's. */
const MAX_SHARED_CHARS = 512

/**
 * One file of a stream as players get it: without I/O while it is fresh, else one read each of database and bucket.
 * What this isolate has just answered is there at once: a hot playlist is all that most requests ask for.
 */
export function readStreamFile(deps: StreamDeps, request: StreamRequest): StreamFile | Promise<StreamFile> {
  const nowMs = deps.nowMs()
  const text = deps.shelf.recall(request.address, nowMs)
  const file = text !== undefined && isFresh(text, nowMs) ? asTaken(text, request, true) : undefined
  return file ?? findStreamFile(deps, request, nowMs)
}

/** `checkedAtMs` is before anything is asked, so that what is kept never counts as younger than what it rests on. */
async function findStreamFile(deps: StreamDeps, request: StreamRequest, checkedAtMs: number): Promise<StreamFile> {
  const path = request.rawPath === undefined ? ENTRY_PLAYLIST : folderPath(request.rawPath)
  const jobId = parseUuid(request.jobId)
  const keyOf = (query: ReadonlyMap<string, string>): TextKey => textKey(deps, request.origin, jobId ?? '', path, query)
  const keeper = textKeeper(deps, request, jobId)
  const found = jobId === undefined ? undefined : await findKept(deps, jobId, keyOf, request.query)
  if (found !== undefined && isFresh(found.text, checkedAtMs)) {
    return serveText(deps, request, keeper, found, true)
  }

  const video = await playableByJob(deps, request.jobId)
  const folder = streamFolder(video.userId, video.jobId)
  if (found !== undefined && (await deps.media.version(folder + path)) === found.text.version) {
    const renewed = { key: found.key, text: { ...found.text, checkedAtMs } }
    keeper.keep(renewed)
    return serveText(deps, request, keeper, renewed)
  }

  const object = await deps.media.read(folder + path, MAX_TEXT_BYTES)
  if (object === undefined) throw streamNotFound()
  if (object.content === undefined) throw unreadable(path, object.problem)
  const stored = object.content.text()
  const key = keyOf(effectiveQuery(stored, request.query))
  const etag = weakEtag(key, object.version)
  const apiBase = `/api/playback/stream/${video.jobId}/`
  const { storedAtMs } = object
  const place = { path, apiBase, origin: request.origin, query: request.query, folder, storedAtMs }
  const rewritten = rewriteText(deps, stored, place)
  if (rewritten === undefined) return keyFile(object.content)
  const { contentType, facts, chunks } = rewritten
  const encodings = await encodeText(deps, request.acceptsGzip(), chunks)
  const text = { contentType, etag, version: object.version, checkedAtMs, freshMs: freshMs(facts), ...encodings }
  keeper.keep({ key, text })
  return serveText(deps, request, keeper, { key, text })
}

interface TextKeeper {
  keep(found: Found): void
  /** That the text answers the request's address. */
  remember(found: Found): void
}

/** Made before anything is asked: it keeps nothing of a stream that was forgotten since. */
function textKeeper(deps: StreamDeps, request: StreamRequest, jobId: string | undefined): TextKeeper {
  const since = deps.forgottenStreams.moment()
  const isKept = ({ freshMs: milliseconds }: KeptText): boolean =>
    milliseconds > 0 && jobId !== undefined && !deps.forgottenStreams.isForgotten(jobId, since)
  return {
    keep({ key, text }) {
      if (isKept(text)) request.defer(deps.shelf.keep(key, text))
    },
    remember({ key, text }) {
      if (!isKept(text) || !isShared(request.address)) return
      // Of the time before the key was made: a window may have ended while others were asked.
      deps.shelf.remember(request.address, key, deps.delivery.epochEndsMs(text.checkedAtMs))
    },
  }
}

/** Of everything that changes the text but the object: the signing window, the origin, the query, this version. */
function textKey(
  deps: StreamDeps,
  origin: string,
  jobId: string,
  path: string,
  query: ReadonlyMap<string, string>,
): TextKey {
  // A path holds no line break, and the query is written so that it holds none.
  const epoch = `${deps.delivery.epoch(origin)}\n${deps.config.version}`
  return { origin, facts: `${jobId}\n${path}\n${epoch}${query.size === 0 ? '' : `\n${JSON.stringify([...query])}`}` }
}

function weakEtag(key: TextKey, version: string): string {
  return `W/"${hex(sha256(utf8(JSON.stringify([key.origin, key.facts, version])))).slice(0, 32)}"`
}

interface Found {
  readonly key: TextKey
  readonly text: KeptText
}

/** A text without variables lies under the part of the query that can still change it. */
async function findKept(
  deps: StreamDeps,
  jobId: string,
  keyOf: (query: ReadonlyMap<string, string>) => TextKey,
  query: ReadonlyMap<string, string>,
): Promise<Found | undefined> {
  // What ended here, another isolate of the data centre may have kept a moment before.
  const isFarBelieved = (): boolean => !deps.forgottenStreams.isForgotten(jobId)
  const carried = carriedQuery(query)
  for (const part of carried.size === query.size ? [query] : [carried, query]) {
    const key = keyOf(part)
    const text = await deps.shelf.find(key, isFarBelieved)
    if (text !== undefined) return { key, text }
  }
  return undefined
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
  const { contentType, etag, plain } = text
  const answer = { contentType, etag, isSecret: false, isFromMemory }
  if (plain === undefined) return { ...answer, body: text.gzip && deps.gunzip(text.gzip), isGzip: false }
  const gzip = await deps.gzip([plain])
  keeper.keep({ key, text: { ...text, gzip } })
  return { ...answer, body: gzip, isGzip: true }
}

/** Not a viewer's own, as one with CMCD in its query: such would crowd out what many ask for. */
function isShared(address: string): boolean {
  return address.length <= MAX_SHARED_CHARS && !address.includes('?')
}

/** The text as the client takes it; undefined when it is not kept that way. */
function asTaken(text: KeptText, request: StreamRequest, isFromMemory: boolean): StreamFile | undefined {
  const { contentType, etag, plain, gzip } = text
  if (request.has(etag)) return { contentType, etag, isSecret: false, isFromMemory, body: undefined, isGzip: false }
  const isGzip =
    request.acceptsGzip() && (gzip !== undefined || plain === undefined || plain.byteLength >= MIN_GZIP_BYTES)
  const body = isGzip ? gzip : plain
  return body && { contentType, etag, isSecret: false, isFromMemory, body, isGzip }
}

/** The path below the stream's folder, decoded once. What would leave the folder is simply not there: no I/O. */
function folderPath(rawPath: string): string {
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

/** Key files are small; anything else that names no objects is fetched with a presigned URL, not here. */
function keyFile(content: StoredContent): StreamFile {
  if (content.bytes.byteLength > MAX_KEY_BYTES) throw streamNotFound()
  return {
    body: content.bytes,
    isGzip: false,
    contentType: 'application/octet-stream',
    etag: undefined,
    isSecret: true,
    isFromMemory: false,
  }
}
