// Undoes the content codings of a small object with the runtime's own streams, up to a bound that a few kilobytes of
// gzip can exceed a thousandfold.

/** Deflate makes 1,032 bytes of one at most, and the runtime inflates all of a piece before any of it can be read. */
const PIECE_BYTES = 2048

/** Two are a mistake that happens; more are made to cost time. */
const MAX_CODINGS = 2

const FORMATS: ReadonlyMap<string, 'gzip' | 'deflate'> = new Map([
  ['gzip', 'gzip'],
  ['deflate', 'deflate'],
])

/** Of the Workers runtime; the types of a browser, with which tests are checked, lack its method. */
interface AtLeastReader {
  readAtLeast(
    minBytes: number,
    into: Uint8Array<ArrayBuffer>,
  ): Promise<{ readonly value?: Uint8Array<ArrayBuffer> | undefined }>
  cancel(): Promise<void>
}

/** `codings` in the order they were applied (RFC 9110 §8.4). */
export async function inflate(
  stored: Uint8Array<ArrayBuffer>,
  codings: readonly string[],
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | 'too_large' | 'undecodable'> {
  if (codings.length > MAX_CODINGS) return 'undecodable'
  let bytes = stored
  for (const coding of codings.toReversed()) {
    const format = FORMATS.get(coding)
    if (format === undefined) return 'undecodable'
    const inflated = await inflateOnce(bytes, format, maxBytes)
    if (typeof inflated === 'string') return inflated
    bytes = inflated
  }
  return bytes
}

async function inflateOnce(
  bytes: Uint8Array<ArrayBuffer>,
  format: 'gzip' | 'deflate',
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | 'too_large' | 'undecodable'> {
  const { readable, writable } = new DecompressionStream(format)
  const reader = readable.getReader({ mode: 'byob' }) as unknown as AtLeastReader
  const writer = writable.getWriter()
  let isRead = false
  // One read that ends when one byte too many is there, so that no more than a piece is ever inflated beyond it.
  const reading = reader.readAtLeast(maxBytes + 1, new Uint8Array(maxBytes + 1)).finally(() => {
    isRead = true
  })
  const writing = (async () => {
    for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
      if (isRead) return
      await writer.write(bytes.subarray(at, at + PIECE_BYTES))
    }
    await writer.close()
  })()
  try {
    const [{ value }] = await Promise.all([reading, writing])
    const inflated = value ?? new Uint8Array()
    return inflated.byteLength > maxBytes ? 'too_large' : inflated.slice()
  } catch {
    return 'undecodable'
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
