// gzip on the wire: who takes it, and a response whose bytes are compressed already.
import type { HttpContext } from './context.ts'

/** Whether the client takes gzip (RFC 9110 §12.5.3). Cloudflare rewrites the header and keeps the client's beside it. */
export function acceptsGzip(request: Request): boolean {
  const own: unknown = request.cf?.['clientAcceptEncoding']
  const accepted = typeof own === 'string' ? own : (request.headers.get('Accept-Encoding') ?? '')
  return accepted.split(',').some((entry) => /^\s*(?:x-)?gzip\s*(?:;(?!\s*q=0(?:\.0*)?\s*$).*)?$/i.test(entry))
}

/** A 200 whose bytes are sent as they are, whatever Content-Encoding was set. */
export function sendEncoded(c: HttpContext, body: Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array>): Response {
  const bytes = body instanceof Uint8Array ? body : streamOf(body)
  // Hono merges the headers set so far into a response it makes itself.
  const { headers } = c.body(null)
  return new Response(bytes, { headers, encodeBody: 'manual' })
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
