// Calls the engine over a URL or a binding. Every end is an outcome; a body is streamed, an answer is read whole.
import { readAtMost } from '../../core/read-body.ts'
import { ANSWER_HEADERS } from '../../core/engine/forwarded-headers.ts'
import type {
  EngineFailure,
  EngineOutcome,
  EngineRequest,
  EngineTransport,
  InspectedStream,
} from '../../domain/engine/transport.ts'
import { pumpBody, timed, type PumpEnd, type Sink } from './body-pump.ts'
import { decodeUtf8 } from '../utf8.ts'
import type { FetchUrl } from '../bounded-fetch.ts'

export interface EngineFetchOptions {
  /** Without a closing slash; the request's path is appended as it is. */
  readonly baseUrl: string
  /** For a status line after the last byte was sent, and again for the answer's body. */
  readonly timeoutMs: number
  readonly maxBodyBytes: number
}

const MAX_ANSWER_BYTES = 8 * 1024 * 1024
/** A client that does not fill 32 KiB in this time holds the engine's connection for nothing. */
const CLIENT_TIMEOUT_MS = 60_000

export function engineFetch(fetchUrl: FetchUrl, options: EngineFetchOptions): EngineTransport {
  return {
    async send(request) {
      // The only way to take back a request: to end its body would make the part that arrived look whole.
      const abort = new AbortController()
      try {
        return await exchange(fetchUrl, options, request, abort)
      } finally {
        abort.abort()
      }
    },
  }
}

async function exchange(
  fetchUrl: FetchUrl,
  options: EngineFetchOptions,
  { method, path, headers, body }: EngineRequest,
  abort: AbortController,
): Promise<EngineOutcome> {
  const ask = async (content: BodyInit | null): Promise<Response> =>
    await fetchUrl(options.baseUrl + path, {
      method,
      headers,
      body: content,
      redirect: 'manual',
      signal: abort.signal,
    })
  const content = body?.content ?? null
  if (content === null || content instanceof Uint8Array) return await answerOf(ask(content), options)
  return await stream(content, ask, options)
}

/** The engine is asked when the first bytes have passed the inspection; a short body passes it whole before that. */
async function stream(
  body: InspectedStream,
  ask: (content: ReadableStream) => Promise<Response>,
  options: EngineFetchOptions,
): Promise<EngineOutcome> {
  const answering = Promise.withResolvers<Response>()
  const refusal: { error: unknown } = { error: undefined }
  let takenChunks = 0
  const openSink = (): Sink => {
    const { lengthBytes } = body
    const pipe = lengthBytes === undefined ? new IdentityTransformStream() : new FixedLengthStream(lengthBytes)
    answering.resolve(ask(pipe.readable))
    return { stream: pipe.writable, onTaken: () => (takenChunks += 1) }
  }
  const limits = {
    maxBytes: options.maxBodyBytes,
    sourceTimeoutMs: CLIENT_TIMEOUT_MS,
    sinkTimeoutMs: options.timeoutMs,
  }
  const upload = pumpBody(readable(body), openSink, limits, async (chunk) => {
    try {
      await body.inspect(chunk)
      return true
    } catch (error) {
      refusal.error = error
      return false
    }
  })
  // An engine may answer before it has taken the whole body, so whichever comes first decides.
  const end = await Promise.race([upload, settled(answering.promise)])
  if (end === 'refused') return { outcome: 'refused', error: refusal.error }
  const failure = UPLOAD_FAILURES[end]
  if (failure !== undefined) return failed(failure)
  const outcome = await answerOf(answering.promise, options)
  // One chunk is taken before the runtime knows whether there is a connection; the second goes over it.
  const isClosed = outcome.outcome === 'failure' && outcome.failure === 'unreachable' && takenChunks > 1
  return isClosed ? failed('closed_during_upload') : outcome
}

/** What the end of an upload decides by itself; undefined when the engine's answer does. */
const UPLOAD_FAILURES: Readonly<Record<Exclude<PumpEnd, 'refused'> | 'settled', EngineFailure | undefined>> = {
  sent: undefined,
  settled: undefined,
  // The engine stopped reading; what it said before that is the answer.
  sink_failed: undefined,
  sink_stalled: 'no_answer_in_time',
  too_large: 'body_too_large',
  source_failed: 'body_cut_short',
}

async function answerOf(answering: Promise<Response>, { timeoutMs }: EngineFetchOptions): Promise<EngineOutcome> {
  const answer = await timed(answering, timeoutMs)
  if (!answer.ok) return failed(answer.isLate ? 'no_answer_in_time' : 'unreachable')
  if (answer.value.status >= 520 && answer.value.status <= 530) return failed('unreachable')
  return await readAnswer(answer.value, timeoutMs)
}

function readable({ stream: body }: InspectedStream): ReadableStream<Uint8Array> {
  if (body instanceof ReadableStream) return body as ReadableStream<Uint8Array>
  throw new TypeError('a streamed body is a ReadableStream')
}

async function settled(promise: Promise<unknown>): Promise<'settled'> {
  await promise.catch(() => undefined)
  return 'settled'
}

async function readAnswer(response: Response, timeoutMs: number): Promise<EngineOutcome> {
  const read = await timed(readAtMost(response.body, MAX_ANSWER_BYTES), timeoutMs)
  if (!read.ok) return failed(read.isLate ? 'answer_too_slow' : 'answer_cut_short')
  if (read.value === undefined) return failed('answer_too_large')
  const body = withoutMark(read.value)
  const headers: Record<string, string> = {}
  for (const name of ANSWER_HEADERS) {
    const value = response.headers.get(name)
    if (value !== null) headers[name] = value
  }
  return { outcome: 'answer', answer: { status: response.status, headers, body, text: decodeUtf8(body) } }
}

function withoutMark(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return isMarked ? bytes.subarray(3) : bytes
}

function failed(failure: EngineFailure): EngineOutcome {
  return { outcome: 'failure', failure }
}
