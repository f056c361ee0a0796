// The public API as the upload command calls it: JSON in and out, refusals as sentences. Never shows the key.
import { UploadProblem } from './problem.ts'
import { Transient, withRetry } from './retry.ts'

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

const TRIES = 5
const ANSWER_WITHIN_MS = 60_000

export function createApi(options: { origin: string; key: string; signal: AbortSignal; firstWaitMs?: number }): Api {
  const { origin, key, signal } = options
  let isReached = false
  return {
    origin,
    async call(method, path, body) {
      const attempt = async (): Promise<unknown> => {
        const response = await send(origin + path, signal, {
          method,
          headers: { Authorization: key, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        isReached = true
        return await readAnswer(response, origin)
      }
      // A wrong address is said at once; one that did answer gets time to recover.
      const tries = isReached ? TRIES : 1
      return await withRetry(attempt, {
        signal,
        tries,
        ...(options.firstWaitMs && { firstWaitMs: options.firstWaitMs }),
      })
    },
  }
}

async function send(url: string, signal: AbortSignal, init: RequestInit): Promise<Response> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
    // A redirect would take the key to wherever it points.
    return await fetch(url, { ...init, redirect: 'manual', signal: patience })
  } catch {
    const { origin } = new URL(url)
    throw new Transient(`${origin} cannot be reached: is LYNXGATE_URL right, and is the service running?`)
  }
}

async function readAnswer(response: Response, origin: string): Promise<unknown> {
  const text = await response.text().catch(() => {
    throw new Transient(`${origin} broke off its answer.`)
  })
  const body = parseJson(text)
  const detail = readField(body, 'detail')
  if (response.status === 429 || response.status >= 500) {
    const seconds = Number(response.headers.get('Retry-After') ?? 0)
    throw new Transient(`The service cannot answer now: ${detail ?? `status ${response.status}`}`, seconds * 1000)
  }
  if (response.ok && body !== undefined) return body
  if (detail === undefined) {
    throw new UploadProblem(
      `${origin} does not answer like lynxgate (status ${response.status}): is LYNXGATE_URL right?`,
    )
  }
  throw new ApiRefusal(response.status, detail)
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
