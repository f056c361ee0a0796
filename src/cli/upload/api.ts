// The public API as the upload command calls it: JSON in and out, refusals as sentences. Never shows the key.
import { interruption, UploadProblem } from './problem.ts'
import { formatTime } from './progress.ts'
import { Transient, withRetry, type RetryTerms } from './retry.ts'

export interface Api {
  /** `https://…`, without a slash at the end. */
  readonly origin: string
  /** The body of a 2xx; anything else is an `ApiRefusal`, or what a person can do about the connection. */
  call(method: string, path: string, body?: object): Promise<unknown>
}

/** The service answered, and it was no. */
export class ApiRefusal extends UploadProblem {
  readonly status: number
  readonly detail: string

  constructor(status: number, detail: string) {
    super(explainRefusal(status, detail))
    this.name = 'ApiRefusal'
    this.status = status
    this.detail = detail
  }

  /** Of a 403 that says so. */
  get missingScope(): string | undefined {
    return this.status === 403 ? /lacks the scope (\S+)/.exec(this.detail)?.[1] : undefined
  }
}

/** Longer than a deployment, a restart of a router or a walk to another network. */
const PATIENCE_MS = 600_000
/** A defect or a wrong setting of the service seldom goes away by itself. */
const DEFECT_PATIENCE_MS = 20_000
const ANSWER_WITHIN_MS = 60_000

export interface ApiOptions {
  readonly origin: string
  readonly key: string
  readonly signal: AbortSignal
  readonly onWait?: RetryTerms['onWait']
  readonly firstWaitMs?: number
}

export function createApi({ origin, key, signal, onWait, firstWaitMs }: ApiOptions): Api {
  let isReached = false
  return {
    origin,
    async call(method, path, body) {
      const attempt = async (): Promise<unknown> => {
        const response = await send(origin + path, signal, isReached, {
          method,
          headers: { Authorization: key, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        isReached = true
        return await readAnswer(response, origin)
      }
      return await withRetry(attempt, { signal, patienceMs: PATIENCE_MS, firstWaitMs, onWait })
    },
  }
}

async function send(url: string, signal: AbortSignal, isReached: boolean, init: RequestInit): Promise<Response> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
    // A redirect would take the key to wherever it points.
    return await fetch(url, { ...init, redirect: 'manual', signal: patience })
  } catch {
    const { origin } = new URL(url)
    if (signal.aborted) throw interruption()
    if (isReached) throw new Transient(`${origin} cannot be reached.`)
    // A wrong address is said at once; one that did answer gets time to recover.
    throw new UploadProblem(`${origin} cannot be reached: is LYNXGATE_URL right, and is the service running?`)
  }
}

async function readAnswer(response: Response, origin: string): Promise<unknown> {
  const text = await response.text().catch(() => {
    throw new Transient(`${origin} broke off its answer.`)
  })
  const body = parseJson(text)
  const detail = readField(body, 'detail')
  const { status } = response
  if (status === 408 || status === 429 || status >= 500) {
    const reason = detail?.replace(/\.$/, '') ?? `status ${status}`
    const waitMs = retryAfterMs(response.headers.get('Retry-After'), Date.now())
    const asked =
      waitMs === undefined || waitMs < 60_000 ? '' : ` (it asks to come back in ${formatTime(waitMs / 1000)})`
    throw new Transient(`The service cannot answer now: ${reason}${asked}.`, {
      waitMs,
      patienceMs: status === 500 ? DEFECT_PATIENCE_MS : undefined,
    })
  }
  if (response.ok && body !== undefined) return body
  if (detail === undefined) {
    throw new UploadProblem(`${origin} does not answer like lynxgate (status ${status}): is LYNXGATE_URL right?`)
  }
  throw new ApiRefusal(status, detail)
}

/** Seconds or a date (RFC 9110 §10.2.3); undefined when it is neither. */
function retryAfterMs(value: string | null, nowMs: number): number | undefined {
  if (value === null || value.trim() === '') return undefined
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

function explainRefusal(status: number, detail: string): string {
  if (status === 401) return `The service refuses the key in LYNXGATE_KEY: ${detail}.`
  return `The service refuses (${status}): ${detail}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** A text field of an answer; undefined when it is not there. */
export function readField(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null || !(name in body)) return undefined
  const value = (body as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : undefined
}

/** A text field that the contract promises. */
export function takeField(body: unknown, name: string): string {
  const value = readField(body, name)
  if (value === undefined) throw new UploadProblem(`The service's answer lacks ${name}: is LYNXGATE_URL right?`)
  return value
}
