// The first encoding of a text that was just made: the one its reader takes, unless it is too short or too long for it.
import { concatBytes } from '../../core/bytes.ts'
import type { CachedText } from './cached-text.ts'

type Chunk = Uint8Array<ArrayBuffer>

/** Below this, compressing saves no packet. */
export const MIN_GZIP_BYTES = 1024
/** A longer text is kept compressed only: an isolate has 128 MB for everybody. */
const MAX_PLAIN_BYTES = 1024 * 1024

/**
 * In the encoding the client wants: too short for gzip, it stays plain; too long to be held plain, it is compressed as
 * it is made, whatever the client wants, and unpacked on its way out.
 */
export async function encodeText(
  deps: { readonly gzip: (chunks: Iterable<Chunk>) => Promise<Chunk> },
  acceptsGzip: boolean,
  chunks: Iterable<Chunk>,
): Promise<Pick<CachedText, 'plain' | 'gzip'>> {
  const maxPlainBytes = acceptsGzip ? MIN_GZIP_BYTES : MAX_PLAIN_BYTES
  const iterator = chunks[Symbol.iterator]()
  const first: Chunk[] = []
  let byteLength = 0
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    first.push(next.value)
    byteLength += next.value.byteLength
    if (byteLength >= maxPlainBytes) return { plain: undefined, gzip: await deps.gzip(followed(first, iterator)) }
  }
  return { plain: concatBytes(first), gzip: undefined }
}

function* followed(first: readonly Chunk[], rest: Iterator<Chunk>): Generator<Chunk> {
  yield* first
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value
}
