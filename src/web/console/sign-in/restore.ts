// The session that this tab had before it was loaded again.
import { signal } from '@preact/signals'
import { LynxgateError } from '../../../client/client.ts'
import { session, signIn, type Credential } from '../session.ts'
import { settings } from '../settings.ts'
import { clerkCredential, loadClerk, type Clerk } from './clerk.ts'
import { forgetKey, keptKey, keyCredential } from './key-credential.ts'
import { forgetSubject, keptSubject, standInCredential } from './stand-in-credential.ts'

/** Until it is known whether somebody is signed in. */
export const isRestoring = signal(true)
/** Undefined without Clerk, and until it is loaded. */
export const clerk = signal<Clerk | undefined>(undefined)
/** Why signing in did not work. */
export const signInProblem = signal<unknown>(undefined)

export async function restoreSession(): Promise<void> {
  const credential = keptCredential()
  if (credential !== undefined) await tryCredential(credential)
  if (session.value === undefined && settings.clerk !== null) await restoreClerk(settings.clerk)
  isRestoring.value = false
}

/** True when that credential is somebody's; what is refused is forgotten, what cannot be asked now is kept. */
export async function tryCredential(credential: Credential): Promise<boolean> {
  signInProblem.value = undefined
  try {
    await signIn(credential)
    return true
  } catch (error) {
    signInProblem.value = error
    if (error instanceof LynxgateError && error.status === 401) {
      forgetKey()
      forgetSubject()
    }
    return false
  }
}

function keptCredential(): Credential | undefined {
  const [key, sub] = [keptKey(), keptSubject()]
  if (key !== undefined) return keyCredential(key)
  return sub === undefined || settings.standInIssuer === null
    ? undefined
    : standInCredential(settings.standInIssuer, sub)
}

async function restoreClerk(instance: NonNullable<typeof settings.clerk>): Promise<void> {
  try {
    const loaded = await loadClerk(instance)
    clerk.value = loaded
    await followClerk(loaded)
    loaded.addListener(() => void followClerk(loaded))
  } catch (error) {
    signInProblem.value = error
  }
}

/** Someone signed in or out, here or in another tab, or changed the organisation. */
async function followClerk(loaded: Clerk): Promise<void> {
  const credential = clerkCredential(loaded)
  const now = session.value
  if (credential === undefined) {
    if (now?.kind === 'clerk') session.value = undefined
  } else if (now === undefined) await tryCredential(credential)
  else if (now.kind === 'clerk' && now.organization !== credential.organization) {
    session.value = { ...now, organization: credential.organization }
  }
}
