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

/** Sets `data-busy` on `root` for as long as play is wanted and nothing plays. */
export function watchLoading(root: HTMLElement, video: HTMLVideoElement): Loading {
  let hasBegun = false
  function update(): void {
    const isBusy = !video.paused && !video.ended && !isPlaying(video)
    root.dataset['busy'] = String(isBusy)
    root.setAttribute('aria-busy', String(isBusy))
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
