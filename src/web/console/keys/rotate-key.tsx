// Rotating a key: a new one of the same name and scopes, while the old one works for a while.
import { useSignal } from '@preact/signals'
import type { Result } from '../../../client/client.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { texts } from '../texts/texts.ts'
import type { ApiKey } from './api-keys.tsx'

const HOUR = 3600
const GRACES = [0, HOUR, 24 * HOUR, 7 * 24 * HOUR] as const

interface RotateKeyProps {
  readonly apiKey: ApiKey
  readonly onRotated: (key: Result<'rotateApiKey'>) => void
  readonly onClose: () => void
}

export function RotateKey({ apiKey, onRotated, onClose }: RotateKeyProps) {
  const t = texts.value.keys
  const client = useClient()
  const grace = useSignal<number>(24 * HOUR)
  const isBusy = useSignal(false)
  const problem = useSignal<unknown>(undefined)
  const rotate = async (event: Event): Promise<void> => {
    event.preventDefault()
    isBusy.value = true
    try {
      onRotated(await client.rotateApiKey({ key_id: apiKey.id, grace_seconds: grace.value }))
    } catch (error) {
      problem.value = error
      isBusy.value = false
    }
  }
  return (
    <Dialog title={t.rotateTitle(apiKey.name)} onClose={onClose}>
      <form class="form" onSubmit={(event) => void rotate(event)}>
        <p>{t.rotateHint}</p>
        <label>
          {t.grace}
          <select value={grace.value} onChange={(event) => (grace.value = Number(event.currentTarget.value))}>
            {GRACES.map((seconds) => (
              <option key={seconds} value={seconds}>
                {t.graces(seconds / HOUR)}
              </option>
            ))}
          </select>
        </label>
        {problem.value !== undefined && <Problem error={problem.value} />}
        <footer class="dialog-foot">
          <button type="button" class="button quiet" onClick={onClose}>
            {texts.value.cancel}
          </button>
          <button type="submit" class="button" disabled={isBusy.value} autofocus>
            {t.rotate}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
