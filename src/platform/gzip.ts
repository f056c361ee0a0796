// gzip with the runtime's own streams.

/** Compresses chunks as they come, so that they need not be in memory together. */
export async function gzip(chunks: Iterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new CompressionStream('gzip')
  const compressed = new Response(readable).arrayBuffer()
  const writer = writable.getWriter()
  for (const chunk of chunks) await writer.write(chunk)
  await writer.close()
  return new Uint8Array(await compressed)
}

/** The bytes again, in pieces: they may be a hundred times as many. */
export function gunzip(bytes: Uint8Array<ArrayBuffer>): AsyncIterable<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
}
