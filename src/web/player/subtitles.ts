// Draws the cues of the chosen text track, so that they stay readable at every size and clear of the controls.
import { element } from './element.ts'

/** Follows every track that is on but not drawn by the browser; `root` is placed over the picture. */
export function drawSubtitles(video: HTMLVideoElement): HTMLElement {
  const top = element('div', { class: 'cues cues-top' })
  const bottom = element('div', { class: 'cues cues-bottom' })
  const root = element('div', { class: 'subtitles' }, top, bottom)

  function draw(): void {
    const cues = ownTracks(video).flatMap((track) => Array.from(track.activeCues ?? []))
    const drawn = cues.filter((cue) => cue instanceof VTTCue)
    top.replaceChildren(...drawn.filter(isHigh).map(drawCue))
    bottom.replaceChildren(...drawn.filter((cue) => !isHigh(cue)).map(drawCue))
  }

  const follow = (track: TextTrack | null): void => track?.addEventListener('cuechange', draw)
  for (const track of Array.from(video.textTracks)) follow(track)
  video.textTracks.addEventListener('addtrack', (event) => follow(event.track))
  for (const type of ['change', 'removetrack']) video.textTracks.addEventListener(type, draw)
  for (const type of ['seeked', 'emptied', 'timeupdate']) video.addEventListener(type, draw)

  // In a window of its own, or full screen on a phone, only the browser can draw.
  const lend = (isDrawnByBrowser: boolean) => (): void => {
    for (const track of ownTracks(video)) track.mode = isDrawnByBrowser ? 'showing' : 'hidden'
    draw()
  }
  for (const type of ['enterpictureinpicture', 'webkitbeginfullscreen']) video.addEventListener(type, lend(true))
  for (const type of ['leavepictureinpicture', 'webkitendfullscreen']) video.addEventListener(type, lend(false))
  return root
}

function ownTracks(video: HTMLVideoElement): readonly TextTrack[] {
  const tracks = Array.from(video.textTracks).filter((track) => track.kind === 'subtitles' || track.kind === 'captions')
  const isLent = document.pictureInPictureElement === video
  return tracks.filter((track) => track.mode === 'hidden' || (isLent && track.mode === 'showing'))
}

/** WebVTT `line`: a small number of lines or percent counts from the top; `auto` and negative ones mean the bottom. */
function isHigh(cue: VTTCue): boolean {
  if (cue.line === 'auto' || cue.line < 0) return false
  return cue.snapToLines ? cue.line < 5 : cue.line < 50
}

function drawCue(cue: VTTCue): HTMLElement {
  return element('div', { class: 'cue' }, element('span', { dir: 'auto' }, cue.getCueAsHTML()))
}
