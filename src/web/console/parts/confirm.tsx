// Asks before something that cannot be undone: it names what goes.
import type { ComponentChildren } from 'preact'
import { useSignal } from '@preact/signals'
import { texts } from '../texts/texts.ts'
import { Dialog } from './dialog.tsx'
import { Problem } from './problem.tsx'

interface ConfirmProps {
  readonly title: string
  /** What the button says: the deed, never "OK". */
  readonly action: string
  readonly children: ComponentChildren
  readonly onConfirm: () => Promise<void>
  readonly onClose: () => void
}

export function Confirm({ title, action, children, onConfirm, onClose }: ConfirmProps) {
  const isBusy = useSignal(false)
  const problem = useSignal<unknown>(undefined)
  const confirm = async (): Promise<void> => {
    isBusy.value = true
    problem.value = undefined
    try {
      await onConfirm()
      onClose()
    } catch (error) {
      problem.value = error
      isBusy.value = false
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="dialog-text">{children}</div>
      {problem.value !== undefined && <Problem error={problem.value} />}
      <footer class="dialog-foot">
        <button type="button" class="button quiet" onClick={onClose} autofocus>
          {texts.value.cancel}
        </button>
        <button type="button" class="button danger" disabled={isBusy.value} onClick={() => void confirm()}>
          {action}
        </button>
      </footer>
    </Dialog>
  )
}
