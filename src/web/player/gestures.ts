// Presses on the film that media-chrome leaves open: a second one while it loads, a double one of mouse or finger.
import type { Commands } from './commands.ts'
import type { Loading } from './loading.ts'

const DOUBLE_TAP_MS = 300

export function listenToPresses(
  controller: HTMLElement,
  video: HTMLVideoElement,
  parts: { readonly commands: Commands; readonly loading: Loading; isMenuOpen(): boolean; closeMenu(): void },
): void {
  const { commands, loading } = parts
  // A second click on a film that does not begin asks for it again: it is no wish to stop.
  controller.addEventListener(
    'mediapauserequest',
    (event) => {
      if (!loading.isBeginning()) return
      event.stopImmediatePropagation()
      video.play().catch(() => undefined)
    },
    { capture: true },
  )

  // A press that closes a menu does nothing else.
  let hadMenu = false
  controller.addEventListener('pointerdown', () => (hadMenu = parts.isMenuOpen()), { capture: true })
  controller.addEventListener(
    'click',
    (event) => {
      if (!hadMenu || event.target !== video) return
      event.stopImmediatePropagation()
      parts.closeMenu()
    },
    { capture: true },
  )

  let lastTap = { atMs: 0, side: 0 }
  video.addEventListener('click', (event) => {
    if (!(event instanceof PointerEvent) || event.pointerType !== 'touch') return
    const side = sideOf(event.clientX, video.getBoundingClientRect())
    const isDouble = event.timeStamp - lastTap.atMs < DOUBLE_TAP_MS && side === lastTap.side
    lastTap = { atMs: event.timeStamp, side }
    if (isDouble && side !== 0) commands.seekBy(side * 10)
  })
  video.addEventListener('dblclick', () => {
    if (!matchMedia('(hover: none)').matches) commands.toggleFullscreen()
  })
}

/** −1 in the left third, 1 in the right one, 0 between them. */
function sideOf(x: number, box: DOMRect): number {
  const part = (x - box.left) / box.width
  if (part < 1 / 3) return -1
  return part > 2 / 3 ? 1 : 0
}
