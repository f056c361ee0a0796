// One request to a customer's system: bounded in time, its answer in size, and never to where a redirect points.
import type { Attempt, WebhookSender } from '../../domain/events/store.ts'
import type { FetchUrl } from '../bounded-fetch.ts'

const TIMEOUT_MS = 10_000
const MAX_EXCERPT_BYTES = 1024

export function webhookSender(fetchUrl: FetchUrl, nowMs: () => number): WebhookSender {
  return {
    async post({ url, headers, body }) {
      const atMs = nowMs()
      const done = (rest: Pick<Attempt, 'responseStatus' | 'error' | 'bodyExcerpt'>): Attempt => ({
        atMs,
        durationMs: Math.max(0, nowMs() - atMs),
        ...rest,
      })
      // Not AbortSignal.timeout, whose timer outlives a quick answer.
      const ending = new AbortController()
      const timer = setTimeout(() => ending.abort(), TIMEOUT_MS)
      try {
        const { signal } = ending
        const response = await fetchUrl(url, { method: 'POST', headers, body, redirect: 'manual', signal })
        const { status } = response
        return done({ responseStatus: status, error: errorOf(status), bodyExcerpt: await readExcerpt(response) })
      } catch {
        const error = ending.signal.aborted ? `No answer within ${TIMEOUT_MS / 1000} seconds` : 'The connection failed'
        return done({ responseStatus: undefined, error, bodyExcerpt: '' })
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function errorOf(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined
  return status >= 300 && status < 400 ? 'Redirects are not followed' : `Answered ${status}`
}

/** What was taken is taken: a body that breaks off, or never ends, changes nothing. */
async function readExcerpt({ body }: Response): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let left = MAX_EXCERPT_BYTES
  try {
    // Leaving the loop cancels the stream, so that the rest is never downloaded.
    for await (const chunk of body) {
      text += decoder.decode(chunk.subarray(0, left), { stream: true })
      left -= chunk.byteLength
      if (left <= 0) break
    }
  } catch {
    return text
  }
  return text
}
