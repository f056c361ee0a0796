// The dialog that lists the keyboard shortcuts. Nothing else.
import { element } from './element.ts'
import { shortcuts } from './keyboard.ts'
import type { Texts } from './texts/en.ts'

export interface HelpDialog {
  readonly root: HTMLDialogElement
  toggle(): void
}

export function makeHelpDialog(texts: Texts): HelpDialog {
  const close = element('button', { type: 'button', class: 'help-close', 'aria-label': texts.close }, '×')
  const title = element('h2', {}, texts.shortcuts)
  const list = element('dl', { class: 'help-list' })
  for (const { shown, meaning } of shortcuts(texts)) {
    const keys = shown.map((key) => (key === '…' ? '…' : element('kbd', {}, key)))
    list.append(element('div', {}, element('dt', {}, ...keys), element('dd', {}, meaning)))
  }
  const root = element(
    'dialog',
    { class: 'help', 'aria-label': texts.shortcuts },
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
