// Who is signed in, for this tab: the client that every room speaks through.
import { signal } from '@preact/signals'
import { createClient, type Client, type Result } from '../../client/client.ts'

export type Caller = Result<'getCaller'>

/** Where a token comes from, and what ends the session. */
export interface Credential {
  readonly kind: 'key' | 'stand-in' | 'clerk'
  /** Who that is, in words for people. */
  readonly label: string
  readonly organization?: string | undefined
  readonly key?: string
  readonly getToken?: () => Promise<string | null>
  readonly signOut: () => void | Promise<void>
}

export interface Session extends Credential {
  readonly client: Client
  readonly caller: Caller
}

export const session = signal<Session | undefined>(undefined)

/** Proves the credential by asking who it is; rejects with the service's own error. */
export async function signIn(credential: Credential): Promise<void> {
  const { key, getToken } = credential
  const client = createClient(
    key !== undefined
      ? { baseUrl: location.origin, key }
      : { baseUrl: location.origin, getToken: getToken ?? (async () => null) },
  )
  const caller = await client.getCaller()
  session.value = { ...credential, client, caller }
}

export async function signOut(): Promise<void> {
  const ended = session.value
  session.value = undefined
  await ended?.signOut()
}

/** For rooms: they are shown only to those who are signed in. */
export function useClient(): Client {
  return currentSession().client
}

export function currentSession(): Session {
  const now = session.value
  if (now === undefined) throw new TypeError('no room is open without a session')
  return now
}
