// Clerk's own script, from the domain of the instance: https://clerk.com/docs/js-frontend/getting-started/quickstart
import type { Credential } from '../session.ts'
import type { Settings } from '../settings.ts'

/** Majors of what the instance serves; Clerk keeps each compatible. */
const SCRIPTS = ['@clerk/ui@1/dist/ui.browser.js', '@clerk/clerk-js@6/dist/clerk.browser.js'] as const

/** What is used of it. */
export interface Clerk {
  readonly user: { readonly fullName: string | null; readonly primaryEmailAddress: Email | null } | null
  readonly session: { getToken(): Promise<string | null> } | null
  readonly organization: { readonly name: string } | null
  load(options: object): Promise<void>
  addListener(listener: () => void): () => void
  mountSignIn(element: HTMLDivElement): void
  unmountSignIn(element: HTMLDivElement): void
  signOut(): Promise<void>
}

interface Email {
  readonly emailAddress: string
}

/** Loads it and finds out who is signed in; rejects where the instance cannot be reached. */
export async function loadClerk({ publishableKey, origin }: NonNullable<Settings['clerk']>): Promise<Clerk> {
  for (const name of SCRIPTS) await loadScript(`${origin}/npm/${name}`, publishableKey)
  const { Clerk: clerk } = globalThis as { Clerk?: Clerk }
  if (clerk === undefined) throw new Error('Clerk did not start')
  await clerk.load({ ui: { ClerkUI: Reflect.get(globalThis, '__internal_ClerkUICtor') as unknown } })
  return clerk
}

/** Undefined while nobody is signed in. */
export function clerkCredential(clerk: Clerk): Credential | undefined {
  const { user, session } = clerk
  if (user === null || session === null) return undefined
  return {
    kind: 'clerk',
    label: user.primaryEmailAddress?.emailAddress ?? user.fullName ?? 'Clerk',
    organization: clerk.organization?.name,
    // Clerk keeps a token and renews it before it ends.
    getToken: async () => (await clerk.session?.getToken()) ?? null,
    signOut: async () => await clerk.signOut(),
  }
}

async function loadScript(source: string, publishableKey: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = source
    script.async = true
    script.crossOrigin = 'anonymous'
    script.dataset['clerkPublishableKey'] = publishableKey
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => reject(new Error(`${new URL(source).host} cannot be reached`)))
    document.head.append(script)
  })
}
