// What was done, said at the edge of the page for a while; with a way back where there is one.
import { signal } from '@preact/signals'
import { explain } from '../parts/problem.tsx'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'

interface Toast {
  readonly id: number
  readonly text: string
  readonly isProblem: boolean
  readonly undo: (() => Promise<void>) | undefined
}

const SHOWN_MS = 8000
const MOST = 3

const toasts = signal<readonly Toast[]>([])
let lastId = 0

/** `undo` takes back what was done. */
export function notify(text: string, undo?: () => Promise<void>): void {
  show({ text, undo, isProblem: false })
}

export function notifyProblem(error: unknown): void {
  show({ text: explain(error), undo: undefined, isProblem: true })
}

/** Does something, and says what went wrong if it does. */
export async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    notifyProblem(error)
  }
}

function show(toast: Omit<Toast, 'id'>): void {
  const id = ++lastId
  toasts.value = [...toasts.value, { ...toast, id }].slice(-MOST)
  setTimeout(() => dismiss(id), SHOWN_MS)
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}

export function Toasts() {
  const t = texts.value
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, undo, isProblem }) => (
        <div key={id} class={isProblem ? 'toast bad' : 'toast'}>
          <span>{text}</span>
          {undo !== undefined && (
            <button
              type="button"
              class="plain strong"
              onClick={() => {
                dismiss(id)
                void attempt(undo)
              }}
            >
              {t.undo}
            </button>
          )}
          <button type="button" class="plain square" aria-label={t.dismiss} onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  )
}
