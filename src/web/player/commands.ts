// What a viewer can ask of the player by key, and what the player says to it.
import { formatTime } from 'media-chrome/utils/time.js'
import type { PlayerCommands } from './keyboard.ts'
import type { Messages } from './messages.ts'
import type { Texts } from './texts/en.ts'
import { fill } from './texts/texts.ts'

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const

export interface Commands extends PlayerCommands {
  /** Seconds; beyond an end means that end. */
  seekTo(seconds: number): void
}

export function makeCommands(
  controller: HTMLElement,
  video: HTMLVideoElement,
  messages: Messages,
  toggleHelp: () => void,
  texts: Texts,
): Commands {
  /** Of media-chrome, as if one of its buttons had been pressed. */
  const ask = (type: string, detail?: unknown): void => void controller.dispatchEvent(new CustomEvent(type, { detail }))
  const shown = (): TextTrack | undefined => Array.from(video.textTracks).find(({ mode }) => mode === 'showing')

  const commands: Commands = {
    togglePlay: () => ask(video.paused ? 'mediaplayrequest' : 'mediapauserequest'),
    seekTo(seconds) {
      const { start, end } = timelineOf(video)
      if (end > start) video.currentTime = Math.min(end, Math.max(start, seconds))
    },
    seekBy(seconds) {
      commands.seekTo(video.currentTime + seconds)
      messages.announce(`${seconds > 0 ? '+' : '−'}${Math.abs(seconds)} s · ${formatTime(video.currentTime)}`)
    },
    seekToPart(part) {
      const { start, end } = timelineOf(video)
      commands.seekTo(start + part * (end - start))
      messages.announce(formatTime(video.currentTime))
    },
    changeVolume(by) {
      const volume = Math.min(1, Math.max(0, (video.muted ? 0 : video.volume) + by))
      ask('mediavolumerequest', volume)
      messages.announce(fill(texts.volume, { percent: Math.round(volume * 100) }))
    },
    toggleMute() {
      const isSilent = video.muted || video.volume === 0
      ask(isSilent ? 'mediaunmuterequest' : 'mediamuterequest')
      messages.announce(isSilent ? texts.soundOn : texts.soundOff)
    },
    changeSpeed(steps) {
      const index = SPEEDS.findIndex((speed) => speed === video.playbackRate)
      const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index + steps))]
      if (index < 0 || next === undefined) return
      ask('mediaplaybackraterequest', next)
      messages.announce(fill(texts.speedOf, { speed: next }))
    },
    toggleSubtitles() {
      const tracks = Array.from(video.textTracks).filter(({ kind }) => kind === 'subtitles' || kind === 'captions')
      if (tracks.length === 0) return messages.announce(texts.noSubtitles)
      ask('mediatogglesubtitlesrequest')
      const track = shown()
      messages.announce(track ? fill(texts.subtitlesIn, { name: track.label || track.language }) : texts.subtitlesOff)
    },
    toggleFullscreen: () =>
      ask(document.fullscreenElement ? 'mediaexitfullscreenrequest' : 'mediaenterfullscreenrequest'),
    togglePictureInPicture() {
      if (document.pictureInPictureElement) ask('mediaexitpiprequest')
      else if (video.readyState > 0) ask('mediaenterpiprequest')
      else messages.announce(texts.noPictureInPicture)
    },
    toggleHelp,
  }
  return commands
}

/** What can be sought in, in seconds: the film, or the window of a live stream. */
function timelineOf({ duration, seekable }: HTMLVideoElement): { readonly start: number; readonly end: number } {
  if (Number.isFinite(duration)) return { start: 0, end: duration }
  if (seekable.length === 0) return { start: 0, end: 0 }
  return { start: seekable.start(0), end: seekable.end(seekable.length - 1) }
}
