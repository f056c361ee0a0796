// Volume, speed, subtitles, quality and position: taken from the memory when a film opens, and written to it as they change.
import type { Memory } from './memory.ts'
import { onceLoaded, type PlayerEngine } from './player-engine.ts'

/** A shorter film begins at its beginning. */
const LONG_SECONDS = 300

/** A position so close to either end is no place to go on from. */
const EDGE_SECONDS = 15

const SAVE_EVERY_SECONDS = 5

export interface HabitsOptions {
  /** What names the film in the memory; `undefined` remembers no position. */
  readonly film: string | undefined
  /** Where the film is told to begin, in seconds: it goes before what is remembered. */
  readonly start: number | undefined
  /** The page said whether there is sound. */
  readonly isMuteGiven: boolean
}

export interface Habits {
  /** To be called when the engine's lists have changed. */
  apply(engine: PlayerEngine): void
  /** The viewer chose this quality; −1 is Auto. */
  choseRendition(engine: PlayerEngine, index: number): void
}

export function keepHabits(
  controller: HTMLElement,
  video: HTMLVideoElement,
  memory: Memory,
  options: HabitsOptions,
): Habits {
  const { volume, muted, speed, subtitles, quality } = memory.habits()
  if (volume !== undefined) video.volume = volume
  if (muted !== undefined && !options.isMuteGiven) video.muted = muted
  if (speed !== undefined) {
    video.defaultPlaybackRate = speed
    video.playbackRate = speed
  }
  video.addEventListener('volumechange', () => memory.remember({ volume: video.volume, muted: video.muted }))
  video.addEventListener('ratechange', () => {
    // A reload sets the rate back to the default one: both, so that the choice lasts.
    if (video.readyState === 0) return
    video.defaultPlaybackRate = video.playbackRate
    memory.remember({ speed: video.playbackRate })
  })
  if (options.film !== undefined) keepPosition(video, memory, options.film, options.start)
  else if (options.start !== undefined) goTo(video, options.start)
  keepSubtitles(controller, video, memory, subtitles)

  let isQualityDue = quality !== undefined && quality > 0
  return {
    apply(engine) {
      const { list } = engine.renditions()
      if (!isQualityDue || list.length < 2) return
      isQualityDue = false
      const index = list.findIndex(({ height }) => height === quality)
      if (index >= 0) engine.selectRendition(index)
    },
    choseRendition(engine, index) {
      memory.remember({ quality: engine.renditions().list[index]?.height ?? 0 })
    },
  }
}

function goTo(video: HTMLVideoElement, seconds: number): void {
  onceLoaded(video, () => {
    if (!Number.isFinite(video.duration)) return
    video.currentTime = Math.min(seconds, Math.max(0, video.duration - 1))
  })
}

function keepPosition(video: HTMLVideoElement, memory: Memory, film: string, start: number | undefined): void {
  const isLong = (): boolean => Number.isFinite(video.duration) && video.duration > LONG_SECONDS
  let saved = -1
  if (start !== undefined) goTo(video, start)
  else {
    onceLoaded(video, () => {
      const seconds = memory.position(film)
      if (seconds !== undefined && isLong() && video.currentTime < 1 && seconds < video.duration - EDGE_SECONDS) {
        video.currentTime = seconds
      }
    })
  }
  function save(): void {
    if (!isLong() || video.currentTime < EDGE_SECONDS) return
    saved = video.currentTime
    memory.keepPosition(film, video.currentTime > video.duration - EDGE_SECONDS ? undefined : video.currentTime)
  }
  video.addEventListener('timeupdate', () => {
    if (Math.abs(video.currentTime - saved) >= SAVE_EVERY_SECONDS) save()
  })
  video.addEventListener('pause', save)
  video.addEventListener('ended', () => memory.keepPosition(film, undefined))
}

/** By language, else by label. What a film turns on by itself is no habit, what a viewer asks for is. */
function keepSubtitles(
  controller: HTMLElement,
  video: HTMLVideoElement,
  memory: Memory,
  wished: string | undefined,
): void {
  const texts = (): TextTrack[] =>
    Array.from(video.textTracks).filter(({ kind }) => kind === 'subtitles' || kind === 'captions')
  const nameOf = (track: TextTrack): string => track.language || track.label
  let isDue = wished !== undefined
  video.textTracks.addEventListener('addtrack', () => {
    const wish = texts().find((track) => nameOf(track) === wished)
    if (!isDue || (wish === undefined && wished !== '')) return
    for (const track of texts()) track.mode = track === wish ? 'showing' : 'disabled'
  })
  for (const type of ['mediashowsubtitlesrequest', 'mediadisablesubtitlesrequest', 'mediatogglesubtitlesrequest']) {
    controller.addEventListener(type, () => {
      isDue = false
      // After media-chrome has done what was asked for.
      setTimeout(() => {
        const shown = texts().find(({ mode }) => mode === 'showing')
        memory.remember({ subtitles: shown ? nameOf(shown) : '' })
      })
    })
  }
}
