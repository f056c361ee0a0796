// A dialog that is modal while it is rendered; the focus goes back to where it was.
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

export function useModal(): RefObject<HTMLDialogElement | null> {
  const element = useRef<HTMLDialogElement | null>(null)
  // Before the next key arrives: what is typed right after the dialog was asked for belongs to it.
  useLayoutEffect(() => {
    const before = document.activeElement
    const dialog = element.current
    dialog?.showModal()
    return () => {
      dialog?.close()
      // Closing gives it back by itself, unless the dialog has left the document already.
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return element
}
