// The service as the upload command calls it: through the typed client, with patience for one that is away, and with
// refusals as sentences. Never shows the key.
import { createClient, LynxgateError, type Client } from '../../../client/client.ts'
import { interruption, UploadProblem } from '../problem.ts'
import { formatTime } from '../progress.ts'
import { Transient, withRetry, type RetryTerms } from './retry.ts'

export interface Api {
  /** `https://…`, without a slash at the end. */
  readonly origin: string
  /** What a call of the client gives; anything else is an `ApiRefusal`, or what a person can do about the connection. */
  ask<T>(call: (client: Client) => Promise<T>): Promise<T>
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
  const client = createClient({
    baseUrl: origin,
    key,
    // `withRetry` tries again, for longer and with a word to the person who waits.
    attempts: 1,
    async fetch(input, init) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
      const response = await fetch(input, { ...init, signal: patience })
      isReached = true
      return response
    },
  })
  return {
    origin,
    async ask(call) {
      const attempt = async (): Promise<Awaited<ReturnType<typeof call>>> => {
        try {
          return await call(client)
        } catch (error) {
          if (signal.aborted) throw interruption()
          throw error instanceof LynxgateError ? explain(error, origin, isReached) : error
        }
      }
      return await withRetry(attempt, { signal, patienceMs: PATIENCE_MS, firstWaitMs, onWait })
    },
  }
}

function explain(error: LynxgateError, origin: string, isReached: boolean): Error {
  const { status, detail } = error
  if (status === undefined) {
    if (isReached) return new Transient(`${detail}.`)
    // A wrong address is said at once; one that did answer gets time to recover.
    return new UploadProblem(`${detail}: is LYNXGATE_URL right, and is the service running?`)
  }
  const isForeign = error.code === 'NOT_LYNXGATE'
  if (status === 408 || status === 429 || status >= 500) {
    const reason = isForeign ? `status ${status}` : detail.replace(/\.$/, '')
    const { retryAfterSeconds: seconds } = error
    const asked = seconds === undefined || seconds < 60 ? '' : ` (it asks to come back in ${formatTime(seconds)})`
    return new Transient(`The service cannot answer now: ${reason}${asked}.`, {
      waitMs: seconds === undefined ? undefined : seconds * 1000,
      patienceMs: status === 500 ? DEFECT_PATIENCE_MS : undefined,
    })
  }
  if (!isForeign) return new ApiRefusal(status, detail)
  return new UploadProblem(`${origin} does not answer like lynxgate (status ${status}): is LYNXGATE_URL right?`)
}

function explainRefusal(status: number, detail: string): string {
  if (status === 401) return `The service refuses the key in LYNXGATE_KEY: ${detail}.`
  return `The service refuses (${status}): ${detail}`
}

/** A text field that the contract promises: at the address there may be another service that answers in JSON. */
export function takeField<Name extends string>(answer: { readonly [One in Name]: string }, name: Name): string {
  const value: unknown = Object(answer)[name]
  if (typeof value === 'string') return value
  throw new UploadProblem(`The service's answer lacks ${name}: is LYNXGATE_URL right?`)
}
