// The door: with Clerk, with the local stand-in issuer, or with an API key.
import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Problem } from '../parts/problem.tsx'
import { settings } from '../settings.ts'
import { useTitle } from '../shell/title.ts'
import { texts } from '../texts/texts.ts'
import type { Clerk } from './clerk.ts'
import { keyCredential } from './key-credential.ts'
import { clerk, isRestoring, signInProblem, tryCredential } from './restore.ts'
import { standInCredential } from './stand-in-credential.ts'

const DEMO_USER = 'user_demo'

export function SignIn() {
  const t = texts.value.signIn
  const { standInIssuer } = settings
  useTitle(t.title)
  if (isRestoring.value) return <main class="door" aria-busy="true" />
  return (
    <main class="door">
      <div class="door-card">
        <img src="/favicon.svg" alt="" width="56" height="56" />
        <h1>{t.title}</h1>
        {signInProblem.value !== undefined && <Problem error={signInProblem.value} />}
        {standInIssuer !== null && <StandIn issuer={standInIssuer} />}
        {clerk.value !== undefined && <WithClerk instance={clerk.value} />}
        <WithKey isAlone={standInIssuer === null && settings.clerk === null} />
      </div>
    </main>
  )
}

function StandIn({ issuer }: { issuer: string }) {
  const t = texts.value.signIn
  const isBusy = useSignal(false)
  const enter = async (): Promise<void> => {
    isBusy.value = true
    await tryCredential(standInCredential(issuer, DEMO_USER))
    isBusy.value = false
  }
  return (
    <section class="door-way">
      <button type="button" class="button wide" disabled={isBusy.value} onClick={() => void enter()} autofocus>
        {t.standIn(DEMO_USER)}
      </button>
      <p class="fine">{t.standInHint}</p>
    </section>
  )
}

function WithClerk({ instance }: { instance: Clerk }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    instance.mountSignIn(element)
    return () => instance.unmountSignIn(element)
  }, [instance])
  return <div ref={place} class="door-way" />
}

function WithKey({ isAlone }: { isAlone: boolean }) {
  const t = texts.value.signIn
  const id = useId()
  const key = useSignal('')
  const isBusy = useSignal(false)
  const enter = async (event: Event): Promise<void> => {
    event.preventDefault()
    isBusy.value = true
    const isIn = await tryCredential(keyCredential(key.value.trim()))
    isBusy.value = false
    if (!isIn) document.getElementById(id)?.focus()
  }
  return (
    <form class="door-way" onSubmit={(event) => void enter(event)}>
      {!isAlone && <p class="door-or">{t.or}</p>}
      <label for={id}>{t.key}</label>
      <div class="copy-row">
        <input
          id={id}
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          placeholder="lvz_live_…"
          value={key.value}
          onInput={(event) => (key.value = event.currentTarget.value)}
        />
        <button type="submit" class={isAlone ? 'button' : 'button quiet'} disabled={isBusy.value}>
          {t.enter}
        </button>
      </div>
      <p class="fine">{t.keyHint}</p>
    </form>
  )
}
