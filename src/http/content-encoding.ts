// Content codings: who accepts which, and bodies that come in pieces. Compresses nothing.

/** Whether the client takes gzip (RFC 9110 §12.5.3); one that does not say gets plain text. */
export function acceptsGzip(request: Request): boolean {
  return (
    acceptedCodings(request)
      ?.split(',')
      .some((entry) => /^\s*(?:x-)?gzip\s*(?:;(?!\s*q=0(?:\.0*)?\s*$).*)?$/i.test(entry)) ?? false
  )
}

/** Whether the client can undo this coding (RFC 9110 §12.5.3); one that does not say may be sent any. */
export function takesCoding(request: Request, coding: string): boolean {
  const accepted = acceptedCodings(request)
  if (accepted === undefined) return true
  const weights = new Map(accepted.split(',').map((entry) => readWeight(entry.toLowerCase())))
  return (weights.get(coding) ?? weights.get('*') ?? 0) > 0
}

/** Cloudflare rewrites the header and keeps the client's beside it. */
function acceptedCodings(request: Request): string | undefined {
  const own: unknown = request.cf?.['clientAcceptEncoding']
  return typeof own === 'string' ? own : (request.headers.get('Accept-Encoding') ?? undefined)
}

function readWeight(entry: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = entry.split(';').map((part) => part.trim())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  return [coding.replace(/^x-/, ''), weight === undefined ? 1 : Number(weight.slice(2))]
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
