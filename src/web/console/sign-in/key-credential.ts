// Signing in with an API key: kept for this tab and gone with it.
import type { Credential } from '../session.ts'

const PLACE = 'lynxgate-key'

export function keyCredential(key: string): Credential {
  sessionStorage.setItem(PLACE, key)
  return {
    kind: 'key',
    label: `${key.slice(0, 17)}…`,
    key,
    signOut: () => sessionStorage.removeItem(PLACE),
  }
}

export function keptKey(): string | undefined {
  return sessionStorage.getItem(PLACE) ?? undefined
}

export function forgetKey(): void {
  sessionStorage.removeItem(PLACE)
}
