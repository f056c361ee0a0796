// Clicks and taps on the picture itself: a mouse plays and pauses, a finger shows and hides the controls.
import type { Commands } from './commands.ts'
import type { Menu } from './menus.ts'
import type { Visibility } from './visibility.ts'

const DOUBLE_TAP_MS = 300

export function listenToPointer(
  root: HTMLElement,
  video: HTMLVideoElement,
  commands: Commands,
  visibility: Visibility,
  menus: readonly Menu[],
): void {
  let hadMenu = false
  let lastTap = { atMs: 0, side: 0 }
  // Seen before the menus see it: a click that closes a menu does nothing else.
  root.addEventListener(
    'pointerdown',
    () => {
      hadMenu = menus.some((menu) => menu.isOpen())
    },
    { capture: true },
  )

  video.addEventListener('click', (event) => {
    if (hadMenu) return
    if (!(event instanceof PointerEvent) || event.pointerType !== 'touch') return commands.togglePlay()
    const side = sideOf(event.clientX, video.getBoundingClientRect())
    const isDouble = event.timeStamp - lastTap.atMs < DOUBLE_TAP_MS && side === lastTap.side
    lastTap = { atMs: event.timeStamp, side }
    if (isDouble && side !== 0) commands.seekBy(side * 10)
    else visibility.toggle()
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
