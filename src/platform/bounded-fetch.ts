// One request to another service, bounded in time and size, and never following a redirect to somewhere else.

import { parseJson } from '../core/json.ts'

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
  const text = await readText(response, maxBytes)
  return { status: response.status, json: parseJson(text), retryAfterSeconds: readSeconds(response) }
}

function readSeconds({ headers }: Response): number | undefined {
  const text = headers.get('Retry-After') ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let byteLength = 0
  // Leaving the loop by a throw cancels the stream, so that the rest is never downloaded.
  for await (const chunk of response.body) {
    byteLength += chunk.byteLength
    if (byteLength > maxBytes) throw new AnswerTooLarge()
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
