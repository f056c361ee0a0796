// Registering a public key, or having a pair made whose private half is shown once.
import { useSignal } from '@preact/signals'
import type { Input, Result } from '../../../client/client.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { texts } from '../texts/texts.ts'

interface MakeSigningKeyProps {
  readonly onMade: (key: Result<'createSigningKey'>) => void
  readonly onClose: () => void
}

export function MakeSigningKey({ onMade, onClose }: MakeSigningKeyProps) {
  const t = texts.value.keys
  const client = useClient()
  const name = useSignal('')
  const jwk = useSignal('')
  const isBusy = useSignal(false)
  const problem = useSignal<unknown>(undefined)
  const make = async (event: Event): Promise<void> => {
    event.preventDefault()
    isBusy.value = true
    problem.value = undefined
    try {
      const publicJwk = readJwk(jwk.value)
      onMade(
        await client.createSigningKey({
          name: name.value.trim(),
          ...(publicJwk !== undefined && { public_jwk: publicJwk }),
        }),
      )
    } catch (error) {
      problem.value = error instanceof SyntaxError ? new Error(t.signing.noJson) : error
      isBusy.value = false
    }
  }
  return (
    <Dialog title={t.signing.make} onClose={onClose} size="large">
      <form class="form" onSubmit={(event) => void make(event)}>
        <label>
          {t.name}
          <input
            required
            autofocus
            maxLength={100}
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        <label>
          {t.signing.publicKey}
          <textarea
            rows={5}
            spellcheck={false}
            placeholder={'{"kty":"OKP","crv":"Ed25519","x":"…"}'}
            value={jwk.value}
            onInput={(event) => (jwk.value = event.currentTarget.value)}
          />
          <span class="fine">{t.signing.publicKeyHint}</span>
        </label>
        {problem.value !== undefined && <Problem error={problem.value} />}
        <footer class="dialog-foot">
          <button type="button" class="button quiet" onClick={onClose}>
            {texts.value.cancel}
          </button>
          <button type="submit" class="button" disabled={isBusy.value}>
            {t.signing.make}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

/** Undefined for no text: then a pair is made. A SyntaxError for what is no JSON; the service checks the rest. */
function readJwk(text: string): Input<'createSigningKey'>['public_jwk'] {
  if (text.trim() === '') return undefined
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('no object')
  return { ...value }
}
