// Draws the cues of the text track that is on, so that they stay readable at every size and clear of the controls. The
// style sheet hides what the browser would draw.
import { element } from './element.ts'

/** `root` is placed over the picture. */
export function drawSubtitles(video: HTMLVideoElement): HTMLElement {
  const top = element('div', { class: 'cues cues-top' })
  const bottom = element('div', { class: 'cues cues-bottom' })
  const root = element('div', { class: 'subtitles' }, top, bottom)

  function draw(): void {
    const cues = shownTracks(video).flatMap((track) => Array.from(track.activeCues ?? []))
    const drawn = cues.filter((cue) => cue instanceof VTTCue)
    top.replaceChildren(...drawn.filter(isHigh).map(drawCue))
    bottom.replaceChildren(...drawn.filter((cue) => !isHigh(cue)).map(drawCue))
  }

  const follow = (track: TextTrack | null): void => track?.addEventListener('cuechange', draw)
  for (const track of Array.from(video.textTracks)) follow(track)
  video.textTracks.addEventListener('addtrack', (event) => follow(event.track))
  for (const type of ['change', 'removetrack']) video.textTracks.addEventListener(type, draw)
  for (const type of ['seeked', 'emptied', 'timeupdate']) video.addEventListener(type, draw)

  // In a window of its own, or full screen on a phone, only the browser can draw: the style sheet lets it then.
  for (const type of ['enterpictureinpicture', 'webkitbeginfullscreen']) {
    video.addEventListener(type, () => video.classList.add('draws-cues'))
  }
  for (const type of ['leavepictureinpicture', 'webkitendfullscreen']) {
    video.addEventListener(type, () => video.classList.remove('draws-cues'))
  }
  return root
}

function shownTracks(video: HTMLVideoElement): readonly TextTrack[] {
  return Array.from(video.textTracks).filter(
    ({ kind, mode }) => (kind === 'subtitles' || kind === 'captions') && mode === 'showing',
  )
}

/** WebVTT `line`: a small number of lines or percent counts from the top; `auto` and negative ones mean the bottom. */
function isHigh(cue: VTTCue): boolean {
  if (cue.line === 'auto' || cue.line < 0) return false
  return cue.snapToLines ? cue.line < 5 : cue.line < 50
}

function drawCue(cue: VTTCue): HTMLElement {
  return element('div', { class: 'cue' }, element('span', { dir: 'auto' }, cue.getCueAsHTML()))
}
