// The two questions this service has for Clerk's Backend API.
import { Fault } from '../../core/fault.ts'
import type { ClerkUsers } from '../../domain/auth/identity.ts'
import { fetchBounded, type BoundedAnswer, type FetchUrl } from '../bounded-fetch.ts'

/** Later versions refuse metadata in a user's PATCH and may refuse more: the one that was tested is named. */
const API_VERSION = '2026-05-12'
const TIMEOUT_MS = 3000
const MAX_BYTES = 256 * 1024
const TOO_MANY_REQUESTS = 429
/** When Clerk names no time, and the most that it is believed: 5 min. */
const DEFAULT_WAIT_SECONDS = 5
const LONGEST_WAIT_SECONDS = 300

/**
 * `baseUrl` without a closing slash. Anything but the user who was asked for, or a 404, is a 503. After a 429 nothing is
 * asked until the time that Clerk named is over.
 */
export function clerkApi(
  { fetchUrl, nowMs }: { readonly fetchUrl: FetchUrl; readonly nowMs: () => number },
  baseUrl: string,
  secretKey: string,
): ClerkUsers {
  let quietUntilMs = 0
  const headers = { Authorization: `Bearer ${secretKey}`, 'Clerk-API-Version': API_VERSION, Accept: 'application/json' }

  async function ask(clerkUserId: string, init: RequestInit): Promise<BoundedAnswer> {
    const waitMs = quietUntilMs - nowMs()
    if (waitMs > 0) throw away(new ClerkRefusal(TOO_MANY_REQUESTS), Math.ceil(waitMs / 1000))
    const url = `${baseUrl}/v1/users/${encodeURIComponent(clerkUserId)}`
    const answer = await fetchBounded(fetchUrl, url, { ...init, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }).catch(
      (cause: unknown) => {
        throw away(cause)
      },
    )
    if (answer.status === TOO_MANY_REQUESTS) {
      const seconds = Math.min(answer.retryAfterSeconds ?? DEFAULT_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
      quietUntilMs = nowMs() + seconds * 1000
      throw away(new ClerkRefusal(TOO_MANY_REQUESTS), seconds)
    }
    return answer
  }

  return {
    async findExternalId(clerkUserId) {
      const { status, json } = await ask(clerkUserId, { headers })
      if (status === 404) return undefined
      if (status !== 200) throw away(new ClerkRefusal(status))
      return readExternalId(json, clerkUserId)
    },
    async setExternalId(clerkUserId, userId) {
      const { status } = await ask(clerkUserId, {
        method: 'PATCH',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ external_id: userId }),
      })
      if (status < 200 || status > 299) throw away(new ClerkRefusal(status))
    },
  }
}

/**
 * Only Clerk's own null says that the field is empty: to take anything else for it would give a user a new id for good,
 * and write it over the one that is there.
 */
function readExternalId(json: unknown, clerkUserId: string): string | null {
  if (typeof json !== 'object' || json === null) throw away(new ClerkUserMalformed())
  if (!('object' in json) || json.object !== 'user') throw away(new ClerkUserMalformed())
  if (!('id' in json) || json.id !== clerkUserId) throw away(new ClerkUserMalformed())
  const externalId = 'external_id' in json ? json.external_id : undefined
  if (externalId !== null && typeof externalId !== 'string') throw away(new ClerkUserMalformed())
  return externalId
}

/** A 200 that is not the user who was asked for. */
class ClerkUserMalformed extends Error {
  override readonly name = 'ClerkUserMalformed'
}

/** Its name, status included, is all of it that the log shows. */
class ClerkRefusal extends Error {
  constructor(status: number) {
    super()
    this.name = `ClerkRefusal${status}`
  }
}

function away(cause: unknown, retryAfterSeconds = DEFAULT_WAIT_SECONDS): Fault {
  return new Fault('unavailable', 'Clerk is temporarily unavailable', { cause, retryAfterSeconds })
}
