// When the controls show: always while paused, and for a moment after whoever watches did something.

export interface Visibility {
  /** Shows the controls and starts the clock anew. */
  wake(): void
  toggle(): void
  isIdle(): boolean
}

const IDLE_AFTER_MS = 2800

/** Sets `data-idle` on `root` when the controls fade; `isHeld` says that something (an open menu) keeps them. */
export function watchActivity(root: HTMLElement, video: HTMLVideoElement, isHeld: () => boolean): Visibility {
  let timer = 0
  const isIdle = (): boolean => root.dataset['idle'] === 'true'
  function rest(): void {
    const hasFocus = root.querySelector('.controls :focus-visible') !== null
    if (video.paused || isHeld() || hasFocus) return wake()
    root.dataset['idle'] = 'true'
  }
  function wake(): void {
    root.dataset['idle'] = 'false'
    clearTimeout(timer)
    if (!video.paused) timer = window.setTimeout(rest, IDLE_AFTER_MS)
  }
  root.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'mouse') wake()
  })
  root.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse' && !video.paused && !isHeld()) root.dataset['idle'] = 'true'
  })
  root.addEventListener('focusin', wake)
  root.addEventListener('keydown', wake)
  for (const type of ['play', 'pause', 'ended']) video.addEventListener(type, wake)
  wake()
  return {
    wake,
    isIdle,
    toggle() {
      if (isIdle()) wake()
      else if (!video.paused) root.dataset['idle'] = 'true'
    },
  }
}
