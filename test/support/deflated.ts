// Bytes as a packager stores them that compresses before it uploads.

export async function deflated(
  bytes: Uint8Array<ArrayBuffer>,
  format: 'gzip' | 'deflate' = 'gzip',
): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format))
  return new Uint8Array(await new Response(compressed).arrayBuffer())
}
