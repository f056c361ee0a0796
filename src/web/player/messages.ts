// What the player says: a notice on the picture, a short echo of a key, and a live region for screen readers.
import { element } from './element.ts'

export interface Messages {
  /** Stays until `clear`; `action` is a button, such as "Try again". */
  notice(text: string, action?: { label: string; run: () => void }): void
  clear(): void
  /** Why it takes long, above the wheel that turns; '' for nothing. Never seen while the film plays. */
  wait(text: string): void
  /** Shown for a moment and spoken once. */
  announce(text: string): void
}

const ANNOUNCEMENT_MS = 1400

/** `status` is the server's own message element, a live region from the start, so that every notice is spoken. */
export function makeMessages(root: HTMLElement, status: HTMLElement): Messages {
  const echo = element('div', { class: 'echo', 'aria-hidden': 'true' })
  const live = element('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' })
  const wait = element('div', { class: 'wait', role: 'status' })
  echo.hidden = true
  root.append(echo, wait, live)
  let timer = 0

  return {
    notice(text, action) {
      const words = element('span', {}, text)
      status.replaceChildren(words)
      if (action) {
        const button = element('button', { type: 'button', class: 'notice-action' }, action.label)
        button.addEventListener('click', action.run)
        status.append(button)
      }
      status.hidden = false
    },
    clear() {
      status.hidden = true
      status.replaceChildren()
    },
    wait(text) {
      wait.textContent = text
    },
    announce(text) {
      clearTimeout(timer)
      echo.textContent = text
      live.textContent = text
      echo.hidden = false
      timer = window.setTimeout(() => {
        echo.hidden = true
      }, ANNOUNCEMENT_MS)
    },
  }
}
