// The pictures above the seek bar: a text track that media-chrome reads. It is loaded when the bar is first touched, and
// anew when a sprite is refused, because its signature has ended.
import { element } from './element.ts'

/** `address` of the WebVTT storyboard is asked when it is needed. */
export function offerPreviews(
  timeRange: HTMLElement,
  video: HTMLVideoElement,
  address: () => string | undefined,
): void {
  let loadsLeft = 3
  let track: HTMLTrackElement | undefined
  function load(): void {
    const source = address()
    if (loadsLeft === 0 || source === undefined) return
    loadsLeft -= 1
    track?.remove()
    track = element('track', { kind: 'metadata', label: 'thumbnails', default: '', src: source })
    track.addEventListener('load', showAgain)
    video.append(track)
    track.track.mode = 'hidden'
  }
  /** The pointer may rest where it is. */
  function showAgain(): void {
    const seconds = timeRange.getAttribute('mediapreviewtime')
    if (seconds === null) return
    timeRange.dispatchEvent(new CustomEvent('mediapreviewrequest', { detail: Number(seconds), bubbles: true }))
  }
  for (const type of ['pointerenter', 'focusin', 'touchstart']) {
    timeRange.addEventListener(type, () => track ?? load(), { passive: true })
  }
  // The picture is inside two shadow roots, and an error event does not bubble.
  const shown = timeRange.shadowRoot?.querySelector('media-preview-thumbnail')?.shadowRoot?.querySelector('img')
  shown?.addEventListener('error', load)
}
