// /media: an object is read or stored under its presigned URL. The signature first, before any I/O.
import type { Defer } from '../defer.ts'
import { Fault } from '../../core/fault.ts'
import { mediaType } from '../../core/storage/media-type.ts'
import { parseKnownKey } from '../../core/storage/object-key.ts'
import type { SignedPart } from '../../core/sigv4/presigned-query.ts'
import type { PresignedVerifier, Verdict } from '../../core/sigv4/presigned-request.ts'
import { storableHeaders, type StoredHeaders } from '../../core/http/stored-headers.ts'
import type { MediaParts } from './media-objects.ts'
import { serveObject, type Granted, type MediaAnswer, type ObjectRead, type ServeDeps } from './serve-object.ts'
import { MAX_UPLOAD_BYTES, MEDIA_PREFIX } from './signing-target.ts'

export interface MediaDeps<Body> extends ServeDeps<Body> {
  readonly mediaParts: MediaParts<Body>
  /** Undefined: this Worker serves no media. */
  readonly mediaVerifier: PresignedVerifier | undefined
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

export interface MediaWrite<Body> extends MediaAddress {
  readonly body: Body
  readonly contentLength: string | undefined
  readonly headers: StoredHeaders
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  readonly origin: string
  readonly defer: Defer
}

/** Reads an object. A HEAD is fine on a GET signature; nothing but `host` may be signed besides the query. */
export async function readMedia<Body>(deps: MediaDeps<Body>, input: MediaRead): Promise<MediaAnswer<Body>> {
  const nowSeconds = Math.floor(deps.nowMs() / 1000)
  const methods = input.isHead ? ['GET', 'HEAD'] : ['GET']
  const granted = verify(deps, { ...address(input), methods, headers: {} }, nowSeconds)
  if (granted.part !== undefined) throw new Fault('forbidden', REFUSALS.malformed)
  return await serveObject(deps, input, granted)
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
  const key = parseKnownKey(path.slice(MEDIA_PREFIX.length))
  if (key === undefined) throw new Fault('not_found', 'Media not found')
  return { key, expiresAtSeconds, contentDisposition, part }
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
