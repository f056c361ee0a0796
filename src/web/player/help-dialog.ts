// The dialog that lists the keyboard shortcuts. Nothing else.
import { element, iconButton } from './element.ts'
import { SHORTCUTS } from './keyboard.ts'

export interface HelpDialog {
  readonly root: HTMLDialogElement
  toggle(): void
}

export function makeHelpDialog(): HelpDialog {
  const close = iconButton('close', 'Close')
  const title = element('h2', { id: 'player-help-title' }, 'Keyboard shortcuts')
  const list = element('dl', { class: 'help-list' })
  for (const { shown, meaning } of SHORTCUTS) {
    const keys = shown.map((key) => (key === '…' ? '…' : element('kbd', {}, key)))
    list.append(element('div', {}, element('dt', {}, ...keys), element('dd', {}, meaning)))
  }
  const root = element(
    'dialog',
    { class: 'help', 'aria-labelledby': title.id },
    element('div', { class: 'help-head' }, title, close),
    list,
  )
  const toggle = (): void => {
    if (root.open) root.close()
    else root.showModal()
  }
  close.addEventListener('click', toggle)
  root.addEventListener('keydown', (event) => {
    if (event.key === '?') toggle()
  })
  // A click on the dialog itself, not on what is in it, is a click on the backdrop.
  root.addEventListener('click', (event) => {
    if (event.target === root) root.close()
  })
  return { root, toggle }
}
