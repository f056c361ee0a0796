// One request to another service, bounded in time and size, and never following a redirect to somewhere else.
import { parseJson } from '../core/json.ts'
import { readAtMost } from '../core/read-body.ts'

/** Global fetch, as far as it is needed here. */
export type FetchUrl = (url: string, init?: RequestInit) => Promise<Response>

export interface BoundedRequest extends RequestInit {
  readonly timeoutMs: number
  readonly maxBytes: number
}

export interface BoundedAnswer {
  readonly status: number
  /** Undefined unless the body is JSON, no deeper than MAX_JSON_DEPTH. */
  readonly json: unknown
  /** Seconds of `Retry-After`; undefined without one, or when it is a date. */
  readonly retryAfterSeconds: number | undefined
}

export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'
}

/** Throws when no whole answer comes back in time; AnswerTooLarge for more than `maxBytes`. */
export async function fetchBounded(
  fetchUrl: FetchUrl,
  url: string,
  { timeoutMs, maxBytes, ...init }: BoundedRequest,
): Promise<BoundedAnswer> {
  const response = await fetchUrl(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
  const bytes = await readAtMost(response.body, maxBytes)
  if (bytes === undefined) throw new AnswerTooLarge()
  const json = parseJson(new TextDecoder().decode(bytes))
  return { status: response.status, json, retryAfterSeconds: readSeconds(response) }
}

function readSeconds({ headers }: Response): number | undefined {
  const text = headers.get('Retry-After') ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
