// One request with its retries: what may be repeated is, after the wait the service asks for. Knows no operation.
import { errorOf, LynxgateError } from './error.ts'

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
          return await read(await fetch(url, body === undefined ? init : { ...init, body }))
        } catch (cause) {
          if (signal?.aborted === true) throw signal.reason
          const error = cause instanceof LynxgateError ? cause : unreachable(url, cause)
          if (count >= attempts || !mayRepeat(method, error)) throw error
          await pause(waitMs(count, error, random), signal)
        }
      }
    },
  }
}

async function read(response: Response): Promise<{ response: Response; body: unknown }> {
  const body = parseJson(await response.text())
  if (!response.ok) throw errorOf(response, body)
  if (body === undefined && response.status !== 204) {
    throw new LynxgateError({
      status: response.status,
      code: 'NOT_JSON',
      detail: `The answer is not lynxgate's: is the base URL right?`,
      requestId: response.headers.get('X-Request-Id') ?? undefined,
      retryAfterSeconds: undefined,
    })
  }
  return { response, body }
}

function unreachable(url: string, cause: unknown): LynxgateError {
  const detail = `${new URL(url).origin} cannot be reached`
  return new LynxgateError({
    status: undefined,
    code: 'NETWORK',
    detail,
    requestId: undefined,
    retryAfterSeconds: undefined,
    cause,
  })
}

/** Twice as long each time, half of it at random, and never shorter than the service asks for. */
function waitMs(count: number, error: LynxgateError, random: () => number): number {
  const backOffMs = FIRST_WAIT_MS * 2 ** (count - 1) * (0.5 + random() / 2)
  return Math.min(Math.max((error.retryAfterSeconds ?? 0) * 1000, backOffMs), LONGEST_WAIT_MS)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
