// Makes DOM nodes from names, attributes and text. Never parses HTML, never sets a style attribute (the CSP forbids it).
import { drawIcon, type IconName } from './icons.ts'

/** One element; `attributes` as written in HTML, `''` for a bare one. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/** A button with an icon and a name; `shortcut` is the key that does the same. */
export function iconButton(icon: IconName, label: string, shortcut?: string): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'player-button' })
  if (shortcut !== undefined) button.setAttribute('aria-keyshortcuts', shortcut)
  showAs(button, icon, label)
  return button
}

/** Gives a button its icon and name; touches the document only when they change. */
export function showAs(button: HTMLButtonElement, icon: IconName, label: string): void {
  if (button.dataset['icon'] === icon && button.getAttribute('aria-label') === label) return
  button.dataset['icon'] = icon
  const shortcut = button.getAttribute('aria-keyshortcuts')
  button.setAttribute('aria-label', label)
  button.title = shortcut === null ? label : `${label} (${shortcut})`
  button.replaceChildren(drawIcon(icon))
}
