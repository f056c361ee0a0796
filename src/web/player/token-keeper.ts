// The playback token of a private film, and a new one from the customer's own backend before it ends. A running viewing does
// not need it (docs/playback.md): a reload does, and the next viewing.

/** Asked for again this long before the end of a token. */
const AHEAD_MS = 60_000

const RETRY_MS = 15_000

/** Timers count in 31 bits. */
const LONGEST_MS = 2_000_000_000

export interface TokenKeeper {
  /** `address` with the newest token in its query; unchanged when there is none. */
  sign(address: string): string
  /** Asks for a new one now; keeps the old one when none comes. */
  renew(): Promise<void>
  stop(): void
}

export function keepToken(
  first: string | undefined,
  url: string | undefined,
  now: () => number = Date.now,
): TokenKeeper {
  let token = first
  let timer: number | undefined
  let isStopped = false

  async function renew(): Promise<void> {
    if (url === undefined) return
    const fresh = await fetchToken(url)
    if (fresh !== undefined) token = fresh
    plan(fresh === undefined ? RETRY_MS : undefined)
  }
  function plan(waitMs: number | undefined): void {
    clearTimeout(timer)
    const endMs = token === undefined ? undefined : readExpiry(token)
    if (isStopped || url === undefined || (waitMs === undefined && endMs === undefined)) return
    const untilMs = waitMs ?? Math.max(1000, (endMs ?? 0) - now() - AHEAD_MS)
    timer = window.setTimeout(() => void renew(), Math.min(LONGEST_MS, untilMs))
  }
  plan(undefined)
  return {
    sign(address) {
      if (token === undefined) return address
      const signed = new URL(address, location.href)
      signed.searchParams.set('token', token)
      return signed.href
    },
    renew,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

/** The backend answers the token itself, or JSON with it in `token`. */
async function fetchToken(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { cache: 'no-store' })
    if (!response.ok) return undefined
    const text = (await response.text()).trim()
    const value: unknown = text.startsWith('{') ? Reflect.get(JSON.parse(text), 'token') : text
    return typeof value === 'string' && /^[\w.-]{1,8192}$/.test(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** `exp` of a JWT (RFC 7519 §4.1.4) in milliseconds; nothing is verified here, the gate does that. */
export function readExpiry(token: string): number | undefined {
  try {
    const payload = token.split('.')[1] ?? ''
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    const exp: unknown = typeof claims === 'object' && claims !== null ? Reflect.get(claims, 'exp') : undefined
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined
  } catch {
    return undefined
  }
}
