// Serving an object under its presigned URL: the signature first, before any I/O; then what HTTP says about
// conditions and ranges. It decides; the bytes pass through unseen.
import { evaluateConditions, rangeApplies, type Conditions } from '../../core/http/conditional.ts'
import { Fault } from '../../core/fault.ts'
import { mediaType } from '../../core/storage/media-type.ts'
import type { SignedPart } from '../../core/sigv4/presigned-query.ts'
import type { PresignedVerifier, Verdict } from '../../core/sigv4/presigned-request.ts'
import { resolveRange, type ByteRange, type RangeSpec } from '../../core/http/range.ts'
import {
  cacheControl,
  contentCodings,
  contentLanguage,
  storableHeaders,
  type StoredHeaders,
} from '../../core/http/stored-headers.ts'
import { MAX_UPLOAD_BYTES, MEDIA_PREFIX } from './signing-target.ts'

export interface ObjectInfo {
  readonly sizeBytes: number
  /** Strong, with its quotes. */
  readonly etag: string
  /** Whole epoch seconds. */
  readonly modifiedSeconds: number
  readonly stored: StoredHeaders
}

/** An object that was found. Either `read` or `close` is called, once. */
export interface FoundObject<Body> {
  readonly info: ObjectInfo
  /** True: another version may be current by now. */
  readonly isRemembered: boolean
  /** All bytes or a range of them, of exactly this version; undefined when it was replaced or deleted since. */
  read(range: ByteRange | undefined): Promise<Body | undefined>
  close(): Promise<void>
}

export interface FindContext {
  /** `https://host` the request was sent to. */
  readonly origin: string
  /** What will probably be read: nothing, everything, or a range. A hint that saves a second trip. */
  readonly wanted: 'info' | 'whole' | RangeSpec
  /** Only what the bucket says now will do. */
  readonly mustAsk: boolean
  readonly defer: (work: Promise<unknown>) => void
}

export interface NewObject<Body> {
  readonly body: Body
  /** The body is exactly this long, or the write fails. */
  readonly sizeBytes: number
  readonly headers: StoredHeaders
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
}

export interface MediaObjects<Body> {
  find(key: string, context: FindContext): Promise<FoundObject<Body> | undefined>
  /** These objects changed or went: what is remembered of them is no longer served here. */
  forget(keys: readonly string[]): void
  /** The new object's etag; undefined when a condition did not hold and nothing was written. */
  write(
    key: string,
    object: NewObject<Body>,
    context: Pick<FindContext, 'origin' | 'defer'>,
  ): Promise<string | undefined>
}

/** Parts of uploads that are open. */
export interface MediaParts<Body> {
  /** The part's etag, with its quotes; undefined when the upload has ended. */
  write(key: string, part: SignedPart & Pick<NewObject<Body>, 'body' | 'sizeBytes'>): Promise<string | undefined>
}

export interface MediaDeps<Body> {
  readonly mediaParts: MediaParts<Body>
  readonly mediaObjects: MediaObjects<Body>
  /** Undefined: this Worker serves no media. */
  readonly mediaVerifier: PresignedVerifier | undefined
  readonly nowMs: () => number
}

/** A request's address, as it was signed. */
export interface MediaAddress {
  readonly host: string
  /** Percent-encoded, as it came. */
  readonly rawPath: string
  /** Without its `?`. */
  readonly rawQuery: string
}

export interface MediaRead extends MediaAddress, ObjectRead {}

/** What is asked of an object, by a caller who may. */
export interface ObjectRead {
  readonly isHead: boolean
  /** Undefined: none that counts. */
  readonly range: RangeSpec | undefined
  readonly ifRange: string | undefined
  /** Whether the client can undo a content coding. */
  readonly takesCoding: (coding: string) => boolean
  readonly conditions: Conditions
  readonly origin: string
  readonly defer: (work: Promise<unknown>) => void
}

export interface MediaAnswer<Body> {
  readonly status: 200 | 206 | 304
  /** Undefined for HEAD and 304. */
  readonly body: Body | undefined
  readonly info: ObjectInfo
  /** Of a 206. */
  readonly range: ByteRange | undefined
  readonly contentType: string
  /** What was done to the bytes before they were stored; sent as they are. */
  readonly contentCodings: readonly string[]
  readonly contentLanguage: string | undefined
  readonly contentDisposition: string | undefined
  /** Never lets the caller's own cache keep it longer than the signature lives. */
  readonly cacheControl: string
}

export interface MediaWrite<Body> extends MediaAddress {
  readonly body: Body
  readonly contentLength: string | undefined
  readonly headers: StoredHeaders
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  readonly origin: string
  readonly defer: (work: Promise<unknown>) => void
}

/** The most a browser keeps an object, whatever its signature allows. */
const MAX_AGE_SECONDS = 3600

/** A version may be replaced while it is being opened; one that is replaced every time is somebody's mistake. */
const MAX_ATTEMPTS = 3

/** Reads an object. A HEAD is fine on a GET signature; nothing but `host` may be signed besides the query. */
export async function readMedia<Body>(deps: MediaDeps<Body>, input: MediaRead): Promise<MediaAnswer<Body>> {
  const nowSeconds = Math.floor(deps.nowMs() / 1000)
  const methods = input.isHead ? ['GET', 'HEAD'] : ['GET']
  const granted = verify(deps, { ...address(input), methods, headers: {} }, nowSeconds)
  if (granted.part !== undefined) throw new Fault('forbidden', REFUSALS.malformed)
  return await serveObject(deps, input, granted)
}

export interface Granted {
  readonly key: string
  readonly expiresAtSeconds: number
  readonly contentDisposition: string | undefined
}

/** Serves an object to a caller who may have it until `expiresAtSeconds`. */
export async function serveObject<Body>(
  deps: Pick<MediaDeps<Body>, 'mediaObjects' | 'nowMs'>,
  input: ObjectRead,
  granted: Granted,
): Promise<MediaAnswer<Body>> {
  const nowSeconds = Math.floor(deps.nowMs() / 1000)
  const hasConditions = Object.values(input.conditions).some((condition) => condition !== undefined)
  const wanted = input.isHead || hasConditions ? 'info' : (input.range ?? 'whole')

  let mustAsk = false
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const { origin, defer } = input
    const found = await deps.mediaObjects.find(granted.key, { origin, defer, wanted, mustAsk })
    if (found === undefined) throw new Fault('not_found', 'Media not found')
    const { stored } = found.info
    const codings = contentCodings(stored.contentEncoding)
    // A range counts the encoded bytes (RFC 9110 §14.1.2), and of those a client that cannot decode them takes none:
    // browsers say `identity` with every range they ask for.
    const asked = { ...input, range: codings.every(input.takesCoding) ? input.range : undefined }
    const decision = decide(asked, found.info, nowSeconds)
    if (found.isRemembered && givesLess(decision, asked, found.info)) {
      mustAsk = true
      await found.close()
      continue
    }
    const answer = {
      info: found.info,
      contentType: mediaType(granted.key, stored.contentType),
      contentCodings: codings,
      contentLanguage: contentLanguage(stored.contentLanguage),
      contentDisposition: granted.contentDisposition,
      cacheControl: cacheControl(stored, {
        maxAgeSeconds: Math.min(granted.expiresAtSeconds - nowSeconds, MAX_AGE_SECONDS),
        nowSeconds,
      }),
    }
    if (decision instanceof Fault || decision === 'not_modified' || input.isHead) {
      await found.close()
      if (decision instanceof Fault) throw decision
      return { ...answer, status: decision === 'not_modified' ? 304 : 200, range: undefined, body: undefined }
    }
    const range = decision === 'whole' ? undefined : decision
    const body = await found.read(range)
    if (body !== undefined) return { ...answer, status: range === undefined ? 200 : 206, range, body }
  }
  throw new Fault('unavailable', 'Storage is temporarily unavailable', { retryAfterSeconds: 1 })
}

/** Stores an object, or a part of one: its key, and its length and type where they were given, are what was signed. */
export async function writeMedia<Body>(deps: MediaDeps<Body>, input: MediaWrite<Body>): Promise<{ etag: string }> {
  const { contentLength } = input
  const { contentType } = input.headers
  if (contentLength === undefined) throw new Fault('length_required', 'Content-Length is required')
  const headers = { 'content-length': contentLength, 'content-type': contentType }
  const nowSeconds = Math.floor(deps.nowMs() / 1000)
  const { key, part } = verify(deps, { ...address(input), methods: ['PUT'], headers }, nowSeconds)
  const sizeBytes = /^\d{1,15}$/.test(contentLength) ? Number(contentLength) : Number.NaN
  if (!(sizeBytes <= MAX_UPLOAD_BYTES)) throw new Fault('payload_too_large', 'Request body is too large')
  const { body, ifMatch, ifNoneMatch } = input
  if (part !== undefined) {
    const partEtag = await deps.mediaParts.write(key, { ...part, body, sizeBytes })
    if (partEtag === undefined) throw new Fault('not_found', 'Upload not found')
    return { etag: partEtag }
  }
  const stored = storableHeaders({ ...input.headers, contentType: mediaType(key, contentType) })
  const object = { body, sizeBytes, headers: stored, ifMatch, ifNoneMatch }
  const etag = await deps.mediaObjects.write(key, object, input)
  if (etag === undefined) throw new Fault('precondition_failed', 'Precondition failed')
  return { etag }
}

/** What the preconditions and the range say, in the order of RFC 9110 §13.2.2. */
function decide(
  input: Pick<MediaRead, 'isHead' | 'range' | 'ifRange' | 'conditions'>,
  info: ObjectInfo,
  nowSeconds: number,
): Fault | 'not_modified' | 'whole' | ByteRange {
  const precondition = evaluateConditions(input.conditions, info, nowSeconds)
  if (precondition === 'failed') return new Fault('precondition_failed', 'Precondition failed')
  if (precondition === 'not_modified') return 'not_modified'
  // Range is defined for GET alone (RFC 9110 §14.2).
  if (input.isHead || input.range === undefined || !rangeApplies(input.ifRange, info, nowSeconds)) return 'whole'
  const range = resolveRange(input.range, info.sizeBytes)
  if (range !== 'unsatisfiable') return range
  return new Fault('range_not_satisfiable', 'Range Not Satisfiable', { objectBytes: info.sizeBytes })
}

/**
 * Whether the caller gets less than what was asked for: a refusal, a range cut short, or one that does not count. The
 * object may have grown or been replaced since its version was read, so such an answer needs the current one.
 */
function givesLess(
  decision: ReturnType<typeof decide>,
  { isHead, range }: Pick<ObjectRead, 'isHead' | 'range'>,
  info: ObjectInfo,
): boolean {
  if (decision instanceof Fault) return true
  if (isHead || range === undefined || decision === 'not_modified') return false
  return decision === 'whole' || (range.kind === 'from' && (range.last ?? 0) >= info.sizeBytes)
}

function verify<Body>(
  deps: Pick<MediaDeps<Body>, 'mediaVerifier'>,
  request: Parameters<PresignedVerifier['verify']>[0],
  nowSeconds: number,
): Granted & { readonly part: SignedPart | undefined } {
  if (deps.mediaVerifier === undefined) throw new Fault('not_found', 'Not Found')
  const verdict = deps.mediaVerifier.verify(request, nowSeconds)
  if (!verdict.ok) throw new Fault('forbidden', REFUSALS[verdict.reason])
  if (!verdict.path.startsWith(MEDIA_PREFIX)) throw new Fault('forbidden', REFUSALS.malformed)
  const { path, expiresAtSeconds, contentDisposition, part } = verdict
  return { key: path.slice(MEDIA_PREFIX.length), expiresAtSeconds, contentDisposition, part }
}

/** Tells an old URL from a wrong one, and nothing about why it is wrong. */
const REFUSALS: Readonly<Record<Exclude<Verdict, { ok: true }>['reason'], string>> = {
  expired: 'Presigned URL has expired',
  not_yet_valid: 'Presigned URL is not valid yet',
  malformed: 'Presigned URL is invalid',
  unknown_key: 'Presigned URL is invalid',
  mismatch: 'Presigned URL is invalid',
}

function address({ host, rawPath, rawQuery }: MediaAddress): MediaAddress {
  return { host, rawPath, rawQuery }
}
