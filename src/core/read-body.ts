// Bodies that come in pieces, read within a limit.
import { concatBytes } from './bytes.ts'

/** The whole body, read only as far as the limit; undefined when it is longer. The rest is cancelled, never read. */
export async function readAtMost(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.byteLength
    if (length > maxBytes) return undefined
    chunks.push(chunk)
  }
  return concatBytes(chunks)
}
