// The seek bar: where the film is, what is buffered, and a preview of where one would land.
import { element } from './element.ts'
import { formatTime, speakTime } from './format.ts'
import { makeSlider } from './slider.ts'
import { makePreview } from './storyboard-preview.ts'

export interface Timeline {
  readonly start: number
  readonly end: number
  readonly isLive: boolean
}

/** What can be sought in, in seconds: the film, or the window of a live stream. */
export function timelineOf(video: HTMLVideoElement): Timeline {
  if (Number.isFinite(video.duration)) return { start: 0, end: video.duration, isLive: false }
  const { seekable } = video
  if (seekable.length === 0) return { start: 0, end: 0, isLive: video.duration === Infinity }
  return { start: seekable.start(0), end: seekable.end(seekable.length - 1), isLive: true }
}

export interface SeekBar {
  readonly root: HTMLElement
  /** Shows the preview at a time for a moment: what a keyboard seek shows instead of hover. */
  flash(seconds: number): void
}

const FLASH_MS = 1500

/** `seek` is asked for a time in seconds; `storyboard` is an address, '' for none. */
export function makeSeekBar(video: HTMLVideoElement, storyboard: string, seek: (seconds: number) => void): SeekBar {
  const preview = makePreview(storyboard)
  let flashTimer = 0
  const showPreview = (seconds: number | undefined): void => {
    clearTimeout(flashTimer)
    const { start, end } = timelineOf(video)
    if (seconds === undefined || end <= start) preview.hide()
    else preview.show(seconds, (seconds - start) / (end - start), formatTime(seconds))
  }
  const flash = (seconds: number): void => {
    showPreview(seconds)
    flashTimer = window.setTimeout(() => showPreview(undefined), FLASH_MS)
  }

  const slider = makeSlider(
    'Seek',
    'seek',
    { step: 5, page: 30 },
    {
      drag(seconds) {
        draw(seconds)
        showPreview(seconds)
      },
      commit(seconds) {
        seek(seconds)
        draw(seconds)
        flash(seconds)
      },
      hover: showPreview,
    },
  )
  const buffered = element('div', { class: 'slider-buffered' })
  slider.root.querySelector('.slider-rail')?.prepend(buffered)
  slider.root.append(preview.root)

  function draw(seconds: number): void {
    const { start, end, isLive } = timelineOf(video)
    const position = isLive && end - seconds < 10 ? 'live' : `${speakTime(seconds)} of ${speakTime(end)}`
    slider.show(seconds, { min: start, max: end }, position)
  }
  function drawBuffered(): void {
    const { start, end } = timelineOf(video)
    const part = (seconds: number): string => String(end > start ? (seconds - start) / (end - start) : 0)
    const [from, to] = bufferedAround(video.buffered, video.currentTime)
    buffered.style.setProperty('--from', part(from))
    buffered.style.setProperty('--to', part(to))
  }

  for (const type of ['timeupdate', 'durationchange', 'seeked', 'emptied']) {
    video.addEventListener(type, () => {
      if (!slider.isDragging()) draw(video.currentTime)
      drawBuffered()
    })
  }
  video.addEventListener('progress', drawBuffered)
  draw(0)
  return { root: slider.root, flash }
}

/** The buffered range that holds a time, empty there when none does. */
function bufferedAround(ranges: TimeRanges, seconds: number): readonly [number, number] {
  for (let index = 0; index < ranges.length; index += 1) {
    if (ranges.start(index) <= seconds + 0.1 && seconds <= ranges.end(index)) {
      return [ranges.start(index), ranges.end(index)]
    }
  }
  return [seconds, seconds]
}
