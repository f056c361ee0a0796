// A modal dialog of the platform: it traps the focus, closes with Escape, and gives the focus back.
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'
import { useModal } from './modal.ts'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly size?: 'small' | 'large'
}

/** Open while it is rendered. */
export function Dialog({ title, onClose, children, size = 'small' }: DialogProps) {
  const element = useModal()
  const titleId = useId()
  return (
    <dialog
      ref={element}
      class={`dialog ${size}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose()
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="plain square" aria-label={texts.value.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
