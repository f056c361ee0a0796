// Menu buttons and their panels of radio items (ARIA menu button pattern). Knows labels and ids, not what they do.
import { element, iconButton } from './element.ts'
import { drawIcon, type IconName } from './icons.ts'
import type { Choice, Choices } from './player-engine.ts'

export interface MenuSection {
  readonly title: string
  /** An empty list leaves the section out. */
  choices(): Choices
  select(choice: Choice): void
}

export interface Menu {
  readonly root: HTMLElement
  isOpen(): boolean
  close(): void
  /** Draws the sections anew; the button goes away when there is nothing to choose at all. */
  refresh(): void
}

export function makeMenu(icon: IconName, label: string, sections: readonly MenuSection[]): Menu {
  const button = iconButton(icon, label)
  button.setAttribute('aria-haspopup', 'menu')
  button.setAttribute('aria-expanded', 'false')
  const panel = element('div', { class: 'menu-panel', role: 'menu', 'aria-label': label, tabindex: '-1' })
  panel.hidden = true
  const root = element('div', { class: 'menu' }, button, panel)
  const items = (): HTMLButtonElement[] => Array.from(panel.querySelectorAll('button'))

  function setOpen(isOpen: boolean): void {
    if (panel.hidden === !isOpen) return
    panel.hidden = !isOpen
    button.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen) return
    refresh()
    const selected = items().find((item) => item.getAttribute('aria-checked') === 'true')
    ;(selected ?? items()[0])?.focus()
  }

  function refresh(): void {
    const shown = sections.filter((section) => section.choices().list.length > 0)
    root.hidden = shown.length === 0
    if (panel.hidden) return
    const focused = items().findIndex((item) => item === document.activeElement)
    panel.replaceChildren(...shown.map((section) => drawSection(section, () => close())))
    if (focused >= 0) items()[focused]?.focus()
  }

  function close(): void {
    const hadFocus = panel.contains(document.activeElement)
    setOpen(false)
    if (hadFocus) button.focus()
  }

  button.addEventListener('click', () => setOpen(panel.hidden === true))
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    event.stopPropagation()
    setOpen(true)
  })
  panel.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') return close()
    else if (event.key !== 'Enter' && event.key !== ' ') {
      const target = itemFor(event.key, items())
      if (!target) return
      target.focus()
    } else return event.stopPropagation()
    event.preventDefault()
    event.stopPropagation()
  })
  root.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) setOpen(false)
  })
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !root.contains(event.target)) setOpen(false)
  })
  return { root, isOpen: () => !panel.hidden, close, refresh }
}

function drawSection(section: MenuSection, close: () => void): HTMLElement {
  const { list, selectedId } = section.choices()
  const group = element('div', { class: 'menu-section', role: 'group', 'aria-label': section.title })
  group.append(element('div', { class: 'menu-title', 'aria-hidden': 'true' }, section.title))
  for (const choice of list) {
    const item = element(
      'button',
      {
        type: 'button',
        class: 'menu-item',
        role: 'menuitemradio',
        tabindex: '-1',
        'aria-checked': String(choice.id === selectedId),
      },
      drawIcon('check'),
      element('span', choice.language ? { lang: choice.language } : {}, choice.label),
    )
    item.addEventListener('click', () => {
      section.select(choice)
      close()
    })
    group.append(item)
  }
  return group
}

/** Where a key leads from the focused item; the list is a ring, and a letter finds the next label that starts so. */
function itemFor(key: string, items: readonly HTMLButtonElement[]): HTMLButtonElement | undefined {
  const focused = items.findIndex((item) => item === document.activeElement)
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return items.at((focused + 1) % items.length)
    case 'ArrowUp':
    case 'ArrowLeft':
      return items.at(focused - 1)
    case 'Home':
      return items[0]
    case 'End':
      return items.at(-1)
    default:
      return [...items.slice(focused + 1), ...items.slice(0, focused + 1)].find(
        (item) => key.length === 1 && item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()),
      )
  }
}
