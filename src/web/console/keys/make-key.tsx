// Making an API key: what it may do, said in words, and how long.
import { useSignal } from '@preact/signals'
import type { Result } from '../../../client/client.ts'
import { Choice } from '../parts/choice.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Problem } from '../parts/problem.tsx'
import { useClient } from '../session.ts'
import { texts } from '../texts/texts.ts'
import { PRESETS, SCOPES, type Preset, type Scope } from './scopes.ts'

const DAYS = [0, 7, 30, 90, 365] as const
const DAY_MS = 86_400_000

interface MakeKeyProps {
  readonly onMade: (key: Result<'createApiKey'>) => void
  readonly onClose: () => void
}

export function MakeKey({ onMade, onClose }: MakeKeyProps) {
  const t = texts.value.keys
  const client = useClient()
  const name = useSignal('')
  const preset = useSignal<Preset | 'chosen'>('everything')
  const chosen = useSignal<ReadonlySet<Scope>>(new Set())
  const days = useSignal<number>(0)
  const blocks = useSignal('')
  const perMinute = useSignal('')
  const isBusy = useSignal(false)
  const problem = useSignal<unknown>(undefined)

  const make = async (event: Event): Promise<void> => {
    event.preventDefault()
    isBusy.value = true
    problem.value = undefined
    try {
      const scopes = preset.value === 'chosen' ? [...chosen.value] : [...PRESETS[preset.value]]
      const expires = days.value === 0 ? null : new Date(Date.now() + days.value * DAY_MS).toISOString()
      const allowed = blocks.value.split(/[\s,]+/).filter((block) => block !== '')
      onMade(
        await client.createApiKey({
          name: name.value.trim(),
          scopes,
          expires_at: expires,
          ...(allowed.length > 0 && { allowed_ips: allowed }),
          ...(perMinute.value !== '' && { limits: { requests_per_minute: Number(perMinute.value) } }),
        }),
      )
    } catch (error) {
      problem.value = error
      isBusy.value = false
    }
  }
  const toggle = (scope: Scope): void => {
    const next = new Set(chosen.value)
    if (!next.delete(scope)) next.add(scope)
    chosen.value = next
  }
  const options = [...(Object.keys(PRESETS) as Preset[]), 'chosen' as const]
  return (
    <Dialog title={t.make} onClose={onClose} size="large">
      <form class="form" onSubmit={(event) => void make(event)}>
        <label>
          {t.name}
          <input
            required
            autofocus
            maxLength={100}
            placeholder={t.namePlaceholder}
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        <div>
          <p class="label">{t.may}</p>
          <Choice
            label={t.may}
            value={preset.value}
            options={options.map((value) => ({ value, label: t.presets[value] }))}
            onChange={(value) => {
              if (value === 'chosen' && preset.value !== 'chosen') {
                const from: readonly Scope[] = PRESETS[preset.value]
                chosen.value = new Set(from.includes('*') ? SCOPES.filter((scope) => scope !== 'keys:write') : from)
              }
              preset.value = value
            }}
          />
          {preset.value !== 'chosen' && <p class="fine">{t.presetHints[preset.value]}</p>}
        </div>
        {preset.value === 'chosen' && (
          <fieldset class="checks">
            <legend class="visually-hidden">{t.may}</legend>
            {SCOPES.map((scope) => (
              <label key={scope} class="check">
                <input type="checkbox" checked={chosen.value.has(scope)} onChange={() => toggle(scope)} />
                <span>
                  <code>{scope}</code>
                  <span class="fine">{t.scopes[scope]}</span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
        <label>
          {t.life}
          <select value={days.value} onChange={(event) => (days.value = Number(event.currentTarget.value))}>
            {DAYS.map((count) => (
              <option key={count} value={count}>
                {t.lives(count)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.addresses}
          <input
            placeholder="192.0.2.0/24, 2001:db8::/32"
            spellcheck={false}
            value={blocks.value}
            onInput={(event) => (blocks.value = event.currentTarget.value)}
          />
        </label>
        <label>
          {t.perMinute}
          <input
            type="number"
            min={1}
            step={1}
            value={perMinute.value}
            onInput={(event) => (perMinute.value = event.currentTarget.value)}
          />
        </label>
        {problem.value !== undefined && <Problem error={problem.value} />}
        <footer class="dialog-foot">
          <button type="button" class="button quiet" onClick={onClose}>
            {texts.value.cancel}
          </button>
          <button
            type="submit"
            class="button"
            disabled={isBusy.value || (preset.value === 'chosen' && chosen.value.size === 0)}
          >
            {t.make}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
