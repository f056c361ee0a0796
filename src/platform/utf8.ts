// Bytes that are there or come in pieces, as text.

/** The text of UTF-8 bytes, with its byte order mark if it has one; undefined when they are malformed. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** UTF-8; what is malformed becomes U+FFFD. */
export async function readText(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  if (body instanceof Uint8Array) return decoder.decode(body)
  let text = ''
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}
