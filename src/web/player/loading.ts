// Whether the viewer waits: for the film to begin, or to go on.

export interface Loading {
  /** Play was asked for, and nothing of what is loaded now has played yet. */
  isBeginning(): boolean
}

const CHANGES = [
  'play',
  'pause',
  'playing',
  'waiting',
  'seeking',
  'seeked',
  'loadeddata',
  'canplay',
  'emptied',
  'ended',
  'error',
] as const

/** True while time advances, as far as a video tells. */
export function isPlaying(video: HTMLVideoElement): boolean {
  return !video.paused && !video.ended && !video.seeking && video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA
}

/** A film that has not come by then is slow, and the viewer is told so. */
const SLOW_AFTER_MS = 8000

/**
 * Sets `data-busy` on `root` for as long as play is wanted and nothing plays; `slow` is called with true when that lasts,
 * and with false when it is over. media-chrome's own state looks at fewer events and knows neither a beginning nor time.
 */
export function watchLoading(root: HTMLElement, video: HTMLVideoElement, slow: (isSlow: boolean) => void): Loading {
  let hasBegun = false
  let timer: number | undefined
  function update(): void {
    const isBusy = !video.paused && !video.ended && !isPlaying(video)
    root.dataset['busy'] = String(isBusy)
    root.setAttribute('aria-busy', String(isBusy))
    if (isBusy) timer ??= window.setTimeout(() => slow(true), SLOW_AFTER_MS)
    else if (timer !== undefined) {
      clearTimeout(timer)
      timer = undefined
      slow(false)
    }
  }
  video.addEventListener('emptied', () => {
    hasBegun = false
  })
  video.addEventListener('playing', () => {
    hasBegun = true
  })
  for (const type of CHANGES) video.addEventListener(type, update)
  update()
  return { isBeginning: () => !video.paused && !hasBegun }
}
