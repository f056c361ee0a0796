// gzip on the wire: who takes it, and bodies that come in pieces. Compresses nothing.

/** Whether the client takes gzip (RFC 9110 §12.5.3). Cloudflare rewrites the header and keeps the client's beside it. */
export function acceptsGzip(request: Request): boolean {
  const own: unknown = request.cf?.['clientAcceptEncoding']
  const accepted = typeof own === 'string' ? own : (request.headers.get('Accept-Encoding') ?? '')
  return accepted.split(',').some((entry) => /^\s*(?:x-)?gzip\s*(?:;(?!\s*q=0(?:\.0*)?\s*$).*)?$/i.test(entry))
}

/** Bytes as a Response takes them. */
export function toBody(
  body: Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array>,
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  return body instanceof Uint8Array ? body : streamOf(body)
}

/** One piece at a time, as the client takes them. */
function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
