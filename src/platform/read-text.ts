// Bytes that are there or come in pieces, as text.

/** UTF-8; what is malformed becomes U+FFFD. */
export async function readText(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  if (body instanceof Uint8Array) return decoder.decode(body)
  let text = ''
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}
