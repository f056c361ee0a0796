// Cloudflare's REST API, as far as a deployment asks it. Only requests that change nothing are repeated: what a failed
// POST has done is asked for by the next run.
import { parseJson } from '../../core/json.ts'
import { CommandProblem } from '../command.ts'

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
}

/** What a request is for: both end up in the sentence when it fails. */
export interface Purpose {
  /** `list the databases` */
  readonly verb: string
  /** What an API token needs for it: `D1: Edit`. */
  readonly permission: string
}

/** An answer that is not a success. Cloudflare's own words are kept, as they name the limit or the setting. */
export class ApiProblem extends CommandProblem {
  readonly status: number
  readonly code: number

  constructor(purpose: Purpose, status: number, code: number, message: string) {
    super(sentence(purpose, status, code, message))
    this.status = status
    this.code = code
  }
}

export interface CloudflareApi {
  /** The envelope's `result`. */
  get(path: string, purpose: Purpose): Promise<unknown>
  /** Undefined when there is no such thing (404). */
  find(path: string, purpose: Purpose): Promise<unknown>
  /** Every page of a list. */
  list(path: string, purpose: Purpose): Promise<unknown[]>
  post(path: string, body: object, purpose: Purpose): Promise<unknown>
}

interface Envelope {
  readonly result?: unknown
  readonly result_info?: { readonly total_count?: number }
  readonly errors?: readonly { readonly code?: number; readonly message?: string }[]
}

const DEFAULT_BASE_URL = 'https://api.cloudflare.com/client/v4'
const TIMEOUT_MS = 60_000
/** Every list of the API allows as many. */
const PER_PAGE = 50
/** Before the second and the third attempt of a request that changes nothing. */
const PAUSES_MS = [300, 1500]

/** wrangler's own variable names the API, so that both always talk to the same one. */
export function cloudflareApi({ headers }: Credentials): CloudflareApi {
  const baseUrl = process.env['CLOUDFLARE_API_BASE_URL'] ?? DEFAULT_BASE_URL

  async function ask(method: 'GET' | 'POST', path: string, purpose: Purpose, body?: object): Promise<Envelope> {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { ...headers, 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new ApiProblem(purpose, 0, 0, reasonOf(error))
    })
    const text = await response.text().catch(() => '')
    const envelope = parse(text)
    if (response.ok && envelope !== undefined) return envelope
    const [error] = envelope?.errors ?? []
    throw new ApiProblem(purpose, response.status, error?.code ?? 0, error?.message ?? 'not an answer of its API')
  }

  async function read(path: string, purpose: Purpose): Promise<Envelope> {
    for (const pauseMs of PAUSES_MS) {
      try {
        return await ask('GET', path, purpose)
      } catch (error) {
        if (!(error instanceof ApiProblem) || !isPassing(error.status)) throw error
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
    return await ask('GET', path, purpose)
  }

  return {
    get: async (path, purpose) => (await read(path, purpose)).result,
    async find(path, purpose) {
      try {
        return (await read(path, purpose)).result
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return undefined
        throw error
      }
    },
    async list(path, purpose) {
      const all: unknown[] = []
      for (let page = 1; ; page++) {
        const separator = path.includes('?') ? '&' : '?'
        const answer = await read(`${path}${separator}per_page=${PER_PAGE}&page=${page}`, purpose)
        const entries = Array.isArray(answer.result) ? answer.result : []
        all.push(...entries)
        if (entries.length < PER_PAGE || all.length >= (answer.result_info?.total_count ?? Infinity)) return all
      }
    },
    post: async (path, body, purpose) => (await ask('POST', path, purpose, body)).result,
  }
}

/** Gone by itself, most often: no answer, too many requests, a fault of the API. */
function isPassing(status: number): boolean {
  return status === 0 || status === 429 || status >= 500
}

function parse(text: string): Envelope | undefined {
  return parseJson(text) as Envelope | undefined
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}

const AGAIN = 'Run the same command again: it goes on from here.'

function sentence({ verb, permission }: Purpose, status: number, code: number, message: string): string {
  if (status === 0) return `Cloudflare's API did not answer when asked to ${verb}: ${message}. ${AGAIN}`
  const said = `${message}${code === 0 ? '' : ` [${code}]`}`
  if (status === 401 || (status === 403 && (code === 10_000 || code === 9109))) {
    return `These credentials may not ${verb}: ${said}. An API token needs "${permission}" (README, Deploy).`
  }
  return `Cloudflare answered ${status} when asked to ${verb}: ${said}.${isPassing(status) ? ` ${AGAIN}` : ''}`
}
