// Something to copy: shown in full, copied with a click.
import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'

/** Says "Copied" for a moment, to the eye and to a screen reader. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const isCopied = useSignal(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    isCopied.value = true
    setTimeout(() => (isCopied.value = false), 2000)
  }
  const t = texts.value
  return (
    <button type="button" class="button quiet copy" onClick={() => void copy()} aria-label={label}>
      <Icon name={isCopied.value ? 'check' : 'copy'} />
      <span aria-live="polite">{isCopied.value ? t.copied : t.copy}</span>
    </button>
  )
}

interface CopyFieldProps {
  readonly label: string
  readonly text: string
  readonly hint?: string
  /** Opens in a tab of its own. */
  readonly href?: string
  readonly isLong?: boolean
}

export function CopyField({ label, text, hint, href, isLong = false }: CopyFieldProps) {
  const id = useId()
  const select = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }): void =>
    event.currentTarget.select()
  return (
    <div class="copy-field">
      <label for={id}>{label}</label>
      <div class="copy-row">
        {isLong ? (
          <textarea id={id} readOnly rows={3} value={text} onFocus={select} spellcheck={false} />
        ) : (
          <input id={id} readOnly value={text} onFocus={select} spellcheck={false} />
        )}
        <CopyButton text={text} label={`${texts.value.copy}: ${label}`} />
        {href !== undefined && (
          <a
            class="button quiet square"
            href={href}
            target="_blank"
            rel="noreferrer"
            aria-label={texts.value.openTab(label)}
          >
            <Icon name="external" />
          </a>
        )}
      </div>
      {hint !== undefined && <p class="fine">{hint}</p>}
    </div>
  )
}
