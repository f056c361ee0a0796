// Calls the engine over a URL or a binding. Every end is an outcome; a body is streamed, an answer is read whole.
import { concatBytes } from '../../core/bytes.ts'
import { ANSWER_HEADERS } from '../../core/engine/forwarded-headers.ts'
import type {
  EngineFailure,
  EngineOutcome,
  EngineRequest,
  EngineTransport,
  StreamedBody,
} from '../../domain/engine/transport.ts'
import { pumpBody, timed, type PumpEnd } from './body-pump.ts'
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
  request: EngineRequest,
  abort: AbortController,
): Promise<EngineOutcome> {
  const { body, upload, refusal } = openBody(request, options)
  const answering = fetchUrl(options.baseUrl + request.path, {
    method: request.method,
    headers: request.headers,
    body,
    redirect: 'manual',
    signal: abort.signal,
  })
  // An engine may answer before it has taken the whole body, so whichever comes first decides.
  const uploaded = upload && (await Promise.race([upload, settled(answering)]))
  const outcome = uploaded && outcomeOf(uploaded, refusal)
  if (outcome !== undefined) return outcome
  const answer = await timed(answering, options.timeoutMs)
  if (!answer.ok) return failed(answer.isLate ? 'no_answer_in_time' : 'unreachable')
  if (answer.value.status >= 520 && answer.value.status <= 530) return failed('unreachable')
  return await readAnswer(answer.value, options.timeoutMs)
}

interface OpenBody {
  readonly body: BodyInit | null
  /** Undefined when there is nothing to stream. */
  readonly upload: Promise<PumpEnd> | undefined
  /** What the inspection threw, once the upload is `refused`. */
  readonly refusal: { error: unknown }
}

const UPLOAD_FAILURES: Readonly<Record<Exclude<PumpEnd, 'refused'> | 'settled', EngineFailure | undefined>> = {
  sent: undefined,
  settled: undefined,
  // The engine closed its ear; what it said before that is the answer.
  sink_failed: undefined,
  sink_stalled: 'no_answer_in_time',
  too_large: 'body_too_large',
  source_failed: 'body_cut_short',
}

/** What the end of an upload decides by itself; undefined when the engine's answer does. */
function outcomeOf(end: PumpEnd | 'settled', refusal: OpenBody['refusal']): EngineOutcome | undefined {
  if (end === 'refused') return { kind: 'refused', error: refusal.error }
  const failure = UPLOAD_FAILURES[end]
  return failure && failed(failure)
}

function openBody({ body, inspect }: EngineRequest, { maxBodyBytes, timeoutMs }: EngineFetchOptions): OpenBody {
  const refusal: OpenBody['refusal'] = { error: undefined }
  if (body === undefined) return { body: null, upload: undefined, refusal }
  if (body instanceof Uint8Array) return { body, upload: undefined, refusal }
  const pipe = body.lengthBytes === undefined ? new IdentityTransformStream() : new FixedLengthStream(body.lengthBytes)
  const limits = { maxBytes: maxBodyBytes, sourceTimeoutMs: CLIENT_TIMEOUT_MS, sinkTimeoutMs: timeoutMs }
  const upload = pumpBody(readable(body), pipe.writable, limits, async (chunk) => {
    try {
      await inspect?.(chunk)
      return true
    } catch (error) {
      refusal.error = error
      return false
    }
  })
  return { body: pipe.readable, upload, refusal }
}

function readable({ stream }: StreamedBody): ReadableStream<Uint8Array> {
  if (stream instanceof ReadableStream) return stream as ReadableStream<Uint8Array>
  throw new TypeError('a streamed body is a ReadableStream')
}

async function settled(promise: Promise<unknown>): Promise<'settled'> {
  await promise.catch(() => undefined)
  return 'settled'
}

async function readAnswer(response: Response, timeoutMs: number): Promise<EngineOutcome> {
  const read = await timed(readAtMost(response, MAX_ANSWER_BYTES), timeoutMs)
  if (!read.ok) return failed(read.isLate ? 'answer_too_slow' : 'answer_cut_short')
  if (read.value === undefined) return failed('answer_too_large')
  const body = read.value
  const headers: Record<string, string> = {}
  for (const name of ANSWER_HEADERS) {
    const value = response.headers.get(name)
    if (value !== null) headers[name] = value
  }
  return { kind: 'answer', answer: { status: response.status, headers, body, text: decode(body) } }
}

/** The whole body, undefined when it is longer than that; what is left over is never downloaded. */
async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (response.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.byteLength
    if (length > maxBytes) return undefined
    chunks.push(chunk)
  }
  return concatBytes(chunks)
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function failed(failure: EngineFailure): EngineOutcome {
  return { kind: 'failure', failure }
}
