// The menu behind the gear: what media-chrome has a list for, and ours in the same form. Entries without a choice are left out.
import { createMenuItem } from 'media-chrome/menu/media-chrome-menu.js'
import { element } from './element.ts'
import { SPEEDS } from './commands.ts'
import type { Texts } from './texts/en.ts'

export interface Choice {
  readonly value: string
  readonly label: string
}

/** A list of choices of ours. */
export interface OwnList {
  readonly title: string
  choices(): readonly Choice[]
  /** `undefined`: none of them. */
  selected(): string | undefined
  select(value: string): void
}

export interface Action {
  label(): string
  run(): void
}

export interface SettingsMenu {
  readonly root: HTMLElement
  isOpen(): boolean
  close(): void
  /** Draws our own lists anew, and takes in the entries that have something to choose by now. */
  refresh(): void
}

/** What media-chrome's lists ask for, and ours. */
const CHOICES = [
  'mediarenditionrequest',
  'mediaplaybackraterequest',
  'mediaaudiotrackrequest',
  'mediashowsubtitlesrequest',
  'mediadisablesubtitlesrequest',
  'lynxchoice',
]

export function makeSettingsMenu(
  video: HTMLVideoElement,
  own: { readonly lists: readonly OwnList[]; readonly actions: readonly Action[] },
  texts: Texts,
): SettingsMenu {
  const root = element('media-settings-menu', { class: 'menu', anchor: 'auto', hidden: '' })
  const quality = entry(texts.quality, element('lynx-rendition-menu'), texts)
  const speed = entry(texts.speed, element('media-playback-rate-menu', { rates: SPEEDS.join(' ') }), texts)
  const audio = entry(texts.audio, element('media-audio-track-menu'), texts)
  const subtitles = entry(texts.subtitles, element('media-captions-menu'), texts)
  const lists = own.lists.map((list) => ({ list, ...ownEntry(list, texts) }))
  const actions = own.actions.map((action) => ({ action, item: actionItem(action, () => close()) }))

  const hasMany = (tracks: unknown): boolean =>
    typeof tracks === 'object' && tracks !== null && 'length' in tracks && Number(tracks.length) > 1
  // Instead of media-chrome's button that leads back, which has no place in the first list.
  const noHeader = element('span', { slot: 'header', hidden: '' })
  function entries(): readonly HTMLElement[] {
    return [
      noHeader,
      ...(hasMany(Reflect.get(video, 'videoRenditions')) ? [quality] : []),
      speed,
      ...(hasMany(Reflect.get(video, 'audioTracks')) ? [audio] : []),
      ...(Array.from(video.textTracks).some(({ kind }) => kind === 'subtitles' || kind === 'captions')
        ? [subtitles]
        : []),
      ...lists.filter(({ list }) => list.choices().length > 0).map(({ item }) => item),
      ...actions.map(({ item }) => item),
    ]
  }
  function refresh(): void {
    for (const list of lists) list.draw()
    for (const { action, item } of actions) item.replaceChildren(action.label())
    const wanted = entries()
    for (const item of Array.from(root.children)) {
      if (!wanted.some((other) => other === item)) item.remove()
    }
    // What stays is not moved: it may have the focus.
    for (const [index, item] of wanted.entries()) {
      if (root.children[index] !== item) root.insertBefore(item, root.children[index] ?? null)
    }
  }
  function close(): void {
    if (root.hidden) return
    const hadFocus = root.matches(':focus-within')
    root.hidden = true
    // Of the button that opened it.
    if (hadFocus) root.parentElement?.querySelector<HTMLElement>('media-settings-menu-button')?.focus()
  }
  // A choice closes the whole menu, after media-chrome has closed the list.
  for (const choice of CHOICES) root.addEventListener(choice, () => setTimeout(close))
  root.addEventListener('toggle', (event) => {
    if (event.target === root && !root.hidden) refresh()
  })
  keepFocus(root)
  refresh()
  return { root, isOpen: () => !root.hidden, close, refresh }
}

/**
 * media-chrome gives a menu the focus at the end of the first transition in it, whichever that is: on a slow machine
 * after the viewer went on into a list, which closes when it loses the focus. A menu that has the focus keeps it.
 */
function keepFocus(root: HTMLElement): void {
  const isMenu = (target: EventTarget | null): target is Element =>
    target instanceof Element && (target === root || target.role === 'menu')
  root.addEventListener(
    'transitionend',
    (event) => {
      if (!isMenu(event.target) || event.target.matches(':focus-within')) event.stopImmediatePropagation()
    },
    { capture: true },
  )
}

function entry(title: string, submenu: HTMLElement, texts: Texts): HTMLElement {
  submenu.slot = 'submenu'
  submenu.hidden = true
  submenu.setAttribute('aria-label', title)
  submenu.addEventListener('transitionend', (event) => event.stopPropagation())
  submenu.append(
    // A menu may hold nothing but its items.
    element(
      'button',
      { slot: 'header', part: 'back button', type: 'button', role: 'menuitem', 'aria-label': texts.back },
      `‹ ${title}`,
    ),
  )
  return element('media-settings-menu-item', {}, title, submenu)
}

function ownEntry(list: OwnList, texts: Texts): { readonly item: HTMLElement; draw(): void } {
  const submenu = element('media-chrome-menu')
  const item = entry(list.title, submenu, texts)
  let drawn = ''
  submenu.addEventListener('change', () => {
    const value: unknown = Reflect.get(submenu, 'value')
    if (typeof value !== 'string' || value === '') return
    list.select(value)
    submenu.dispatchEvent(new Event('lynxchoice', { bubbles: true }))
  })
  return {
    item,
    draw() {
      const selected = list.selected()
      const next = JSON.stringify([list.choices(), selected])
      if (next === drawn) return
      drawn = next
      for (const old of submenu.querySelectorAll('media-chrome-menu-item')) old.remove()
      for (const { value, label } of list.choices()) {
        submenu.append(createMenuItem({ type: 'radio', text: label, value, checked: value === selected }))
      }
    },
  }
}

/** An entry that does something at once. */
function actionItem(action: Action, close: () => void): HTMLElement {
  const item = element('media-chrome-menu-item', {}, action.label())
  function run(event: Event): void {
    event.preventDefault()
    event.stopPropagation()
    close()
    action.run()
  }
  item.addEventListener('click', run)
  item.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') run(event)
  })
  return item
}
