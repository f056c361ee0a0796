// One file of a stream as it is answered: a text in the encoding that the client takes, or a key.
import type { CachedText } from './cached-text.ts'
import { MIN_GZIP_BYTES } from './encode-text.ts'
import { streamNotFound, type StoredContent } from './playback.ts'

type Chunk = Uint8Array<ArrayBuffer>

export interface StreamFile {
  /** Undefined: the client has it. */
  readonly body: Chunk | AsyncIterable<Uint8Array> | undefined
  readonly isGzip: boolean
  readonly contentType: string
  readonly isMultivariant: boolean
  /** Weak; absent for what may not be kept at all. */
  readonly etag: string | undefined
  /** A key: no cache may keep it. */
  readonly isSecret: boolean
  /** It cost no I/O. */
  readonly isFromMemory: boolean
}

/** AES-128 keys are 16 bytes, AES-256 keys 32. */
const MAX_KEY_BYTES = 64
/** What of a request decides about the form of the answer. */
export interface FileTerms {
  readonly acceptsGzip: () => boolean
  /** Whether the client has the text of this ETag. */
  readonly has: (etag: string) => boolean
}

/** The text as the client takes it; undefined when it is not kept that way. */
export function asTaken(text: CachedText, terms: FileTerms, isFromMemory: boolean): StreamFile | undefined {
  const { contentType, isMultivariant, etag, plain, gzip } = text
  if (terms.has(etag))
    return { contentType, isMultivariant, etag, isSecret: false, isFromMemory, body: undefined, isGzip: false }
  const isGzip =
    terms.acceptsGzip() && (gzip !== undefined || plain === undefined || plain.byteLength >= MIN_GZIP_BYTES)
  const body = isGzip ? gzip : plain
  return body && { contentType, isMultivariant, etag, isSecret: false, isFromMemory, body, isGzip }
}

/** Key files are small; anything else that names no objects is fetched with a presigned URL, not here. */
export function keyFile(content: StoredContent): StreamFile {
  if (content.bytes.byteLength > MAX_KEY_BYTES) throw streamNotFound()
  return {
    body: content.bytes,
    isGzip: false,
    contentType: 'application/octet-stream',
    isMultivariant: false,
    etag: undefined,
    isSecret: true,
    isFromMemory: false,
  }
}
