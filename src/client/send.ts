// One request with its retries: what may be repeated is, after the wait the service asks for. Knows no operation.
import { errorOf, LynxgateError, networkError, retryAfterSeconds } from './error.ts'
import { parseJson } from './json.ts'

export interface Sender {
  send(request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string | undefined
    readonly signal: AbortSignal | undefined
  }): Promise<{ readonly response: Response; readonly body: unknown }>
}

export interface SenderOptions {
  readonly fetch: typeof fetch
  /** Resolves after so many milliseconds; rejects when the signal ends. */
  readonly pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
  /** How often a request is sent at most. */
  readonly attempts: number
  readonly random: () => number
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 60_000

/** What was refused before it was done, or may be done twice. */
function mayRepeat(method: string, error: LynxgateError): boolean {
  if (error.status === 429) return true
  const isSafe = method !== 'POST' && method !== 'PATCH'
  return isSafe && (error.status === undefined || error.status === 503)
}

export function createSender({ fetch, pause, attempts, random }: SenderOptions): Sender {
  return {
    async send({ method, url, headers, body, signal }) {
      for (let count = 1; ; count += 1) {
        try {
          // A redirect would take the credential to wherever it points.
          const init = { method, headers, redirect: 'manual' as const, ...(signal && { signal }) }
          return await read(await fetch(url, body === undefined ? init : { ...init, body }), url)
        } catch (cause) {
          if (signal?.aborted === true) throw signal.reason
          const error =
            cause instanceof LynxgateError ? cause : networkError(`${new URL(url).origin} cannot be reached`, cause)
          if (count >= attempts || !mayRepeat(method, error)) throw error
          await pause(waitMs(count, error, random), signal)
        }
      }
    },
  }
}

async function read(response: Response, url: string): Promise<{ response: Response; body: unknown }> {
  const text = await response.text().catch((cause: unknown) => {
    throw networkError(`${new URL(url).origin} broke off its answer`, cause)
  })
  const body = parseJson(text)
  if (!response.ok) throw errorOf(response, body) ?? foreign(response)
  if (body === undefined && response.status !== 204) throw foreign(response)
  return { response, body }
}

/** The answer of a proxy, or of another service. */
function foreign({ status, headers }: Response): LynxgateError {
  return new LynxgateError({
    status,
    code: 'NOT_LYNXGATE',
    detail: `The answer is not lynxgate's: is the base URL right?`,
    requestId: headers.get('X-Request-Id') ?? undefined,
    retryAfterSeconds: retryAfterSeconds(headers.get('Retry-After'), Date.now()),
  })
}

/** Twice as long each time, half of it at random, and never shorter than the service asks for. */
function waitMs(count: number, error: LynxgateError, random: () => number): number {
  const backOffMs = FIRST_WAIT_MS * 2 ** (count - 1) * (0.5 + random() / 2)
  return Math.min(Math.max((error.retryAfterSeconds ?? 0) * 1000, backOffMs), LONGEST_WAIT_MS)
}
