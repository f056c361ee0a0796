// The console's part of the configuration: whether there is one, and how one signs in.
import type { Variables } from './variables.ts'

export interface ConsoleConfig {
  /** Undefined: the console offers no sign-in with Clerk. */
  readonly clerk: { readonly publishableKey: string; readonly origin: string } | undefined
  /** `http://127.0.0.1:port` of the stand-in issuer that `npm start` runs; undefined elsewhere. */
  readonly standInIssuer: string | undefined
}

/** Undefined where the console is switched off. */
export function readConsoleConfig(read: Variables): ConsoleConfig | undefined {
  const isOn = read.choice('CONSOLE', ['on', 'off'], 'on') === 'on'
  const publishableKey = read.matching(
    'CLERK_PUBLISHABLE_KEY',
    (value) => clerkOrigin(value) !== undefined,
    'must be a publishable key of Clerk: pk_live_… or pk_test_…',
  )
  const origin = publishableKey === undefined ? undefined : clerkOrigin(publishableKey)
  const standInIssuer = read.matching('STAND_IN_ISSUER', isLoopback, 'must be http://127.0.0.1 with a port')
  if (!isOn) return undefined
  return {
    clerk: publishableKey === undefined || origin === undefined ? undefined : { publishableKey, origin },
    standInIssuer,
  }
}

/** Where the instance of a publishable key is: it holds the host of its frontend API, in base64 with a `$` behind. */
export function clerkOrigin(publishableKey: string): string | undefined {
  const [, base64 = ''] = /^pk_(?:live|test)_([A-Za-z0-9+/]+={0,2})$/.exec(publishableKey) ?? []
  try {
    const [, host = ''] = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?)\$$/.exec(atob(base64)) ?? []
    return host === '' ? undefined : (URL.parse(`https://${host}`)?.origin ?? undefined)
  } catch {
    return undefined
  }
}

function isLoopback(text: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(text)
}
