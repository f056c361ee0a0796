// Keys that work everywhere: Ctrl or ⌘ with K, and the slash.
import { isPaletteOpen } from './commands.ts'

/** What the slash goes to; the palette where a room has no search of its own. */
export const SEARCH = '[data-search]'

export function listenToKeys(): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      isPaletteOpen.value = !isPaletteOpen.value
    } else if (event.key === '/' && !isTyping(event.target) && document.querySelector('dialog[open]') === null) {
      event.preventDefault()
      const search = document.querySelector<HTMLInputElement>(SEARCH)
      if (search === null) isPaletteOpen.value = true
      else search.focus()
    }
  }
  document.addEventListener('keydown', listen)
  return () => document.removeEventListener('keydown', listen)
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}
