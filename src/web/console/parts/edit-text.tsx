// A text that is edited where it stands: Enter or leaving it saves, Escape takes it back.
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

interface EditTextProps {
  readonly value: string
  readonly label: string
  readonly placeholder: string
  readonly maxLength: number
  readonly isLong?: boolean
  readonly class?: string
  /** Called with what differs; an empty name is no name. */
  readonly onSave: (value: string) => void
}

export function EditText({ value, label, placeholder, maxLength, isLong = false, onSave, ...rest }: EditTextProps) {
  const draft = useSignal<string | undefined>(undefined)
  const isEnding = useRef(false)
  const end = (isSaved: boolean): void => {
    const text = draft.value?.trim()
    isEnding.current = true
    draft.value = undefined
    if (isSaved && text !== undefined && text !== value && (text !== '' || isLong)) onSave(text)
  }
  if (draft.value === undefined) {
    return (
      <button
        type="button"
        class={`edit-text ${rest.class ?? ''}`}
        aria-label={`${label}: ${value === '' ? placeholder : value}`}
        onClick={() => {
          isEnding.current = false
          draft.value = value
        }}
      >
        <span class={value === '' ? 'placeholder' : ''}>{value === '' ? placeholder : value}</span>
        <Icon name="edit" />
      </button>
    )
  }
  const field = {
    class: `edit-field ${rest.class ?? ''}`,
    'aria-label': label,
    maxLength,
    value: draft.value,
    autofocus: true,
    ref: focus,
    onInput: (event: { currentTarget: { value: string } }) => (draft.value = event.currentTarget.value),
    onBlur: () => {
      if (!isEnding.current) end(true)
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape') end(false)
      if (event.key === 'Enter' && (!isLong || event.ctrlKey || event.metaKey)) end(true)
    },
  }
  return isLong ? <textarea {...field} rows={4} /> : <input {...field} />
}

function focus(element: HTMLInputElement | HTMLTextAreaElement | null): void {
  if (element !== null && document.activeElement !== element) element.focus()
}
