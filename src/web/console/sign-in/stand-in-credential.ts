// Signing in with the local stand-in issuer, which gives a token to whoever asks on this machine.
import type { Credential } from '../session.ts'

const PLACE = 'lynxgate-stand-in'
/** A token is renewed so long before its end. */
const SPARE_SECONDS = 15

interface Token {
  readonly token: string
  readonly expires_at: number
}

export function standInCredential(issuer: string, sub: string): Credential {
  sessionStorage.setItem(PLACE, sub)
  let last: Token | undefined
  return {
    kind: 'stand-in',
    label: sub,
    async getToken() {
      if (last === undefined || Date.now() / 1000 > last.expires_at - SPARE_SECONDS) last = await ask(issuer, sub)
      return last.token
    },
    signOut: () => sessionStorage.removeItem(PLACE),
  }
}

export function keptSubject(): string | undefined {
  return sessionStorage.getItem(PLACE) ?? undefined
}

export function forgetSubject(): void {
  sessionStorage.removeItem(PLACE)
}

async function ask(issuer: string, sub: string): Promise<Token> {
  const response = await fetch(`${issuer}/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ sub }),
  })
  const body = (await response.json()) as Token & { detail?: string }
  if (!response.ok) throw new Error(body.detail ?? 'The stand-in issuer refused')
  return body
}
