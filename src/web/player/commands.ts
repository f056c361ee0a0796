// What a viewer can ask of the player, by button or by key, and what the player says to it.
import { speakTime } from './format.ts'
import type { PlayerCommands } from './keyboard.ts'
import type { Loading } from './loading.ts'
import type { Messages } from './messages.ts'
import type { Choice, PlayerEngine } from './player-engine.ts'
import { canPictureInPicture, toggleFullscreen, togglePictureInPicture } from './screen.ts'
import { timelineOf } from './seek-bar.ts'

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const

export interface Commands extends PlayerCommands {
  seekTo(seconds: number): void
  setSpeed(speed: number): void
  setVolume(volume: number): void
}

export interface Stage {
  readonly root: HTMLElement
  readonly video: HTMLVideoElement
  readonly messages: Messages
  readonly loading: Loading
  /** `undefined` until the stream is being loaded. */
  engine(): PlayerEngine | undefined
  /** Called with the time of every seek by key. */
  onSeek(seconds: number): void
  toggleHelp(): void
}

export function makeCommands(stage: Stage): Commands {
  const { root, video, messages } = stage
  let subtitlesBefore = -1

  const commands: Commands = {
    togglePlay() {
      // A second click on a film that does not begin asks for it again: it is no wish to stop.
      if (video.paused || stage.loading.isBeginning()) video.play().catch(() => undefined)
      else video.pause()
    },
    seekTo(seconds) {
      const { start, end } = timelineOf(video)
      if (end > start) video.currentTime = Math.min(end, Math.max(start, seconds))
    },
    seekBy(seconds) {
      const target = video.currentTime + seconds
      commands.seekTo(target)
      stage.onSeek(video.currentTime)
      messages.announce(`${seconds > 0 ? '+' : '−'}${Math.abs(seconds)} s`)
    },
    seekToPart(part) {
      const { start, end } = timelineOf(video)
      commands.seekTo(start + part * (end - start))
      stage.onSeek(video.currentTime)
      messages.announce(speakTime(video.currentTime))
    },
    setVolume(volume) {
      video.volume = Math.min(1, Math.max(0, volume))
      video.muted = video.volume === 0
    },
    changeVolume(by) {
      commands.setVolume((video.muted ? 0 : video.volume) + by)
      messages.announce(`Volume ${Math.round(video.volume * 100)} %`)
    },
    toggleMute() {
      video.muted = !video.muted
      if (!video.muted && video.volume === 0) video.volume = 0.5
      messages.announce(video.muted ? 'Sound off' : 'Sound on')
    },
    setSpeed(speed) {
      // A reload sets the rate back to the default one: both, so that the choice lasts.
      video.defaultPlaybackRate = speed
      video.playbackRate = speed
      messages.announce(`Speed ${speed}×`)
    },
    changeSpeed(steps) {
      const index = SPEEDS.findIndex((speed) => speed === video.playbackRate)
      const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index + steps))]
      if (index >= 0 && next !== undefined) commands.setSpeed(next)
    },
    toggleSubtitles() {
      const engine = stage.engine()
      const { list, selectedId } = engine?.subtitles() ?? { list: [], selectedId: -1 }
      if (!engine || list.length === 0) return messages.announce('No subtitles')
      if (selectedId >= 0) subtitlesBefore = selectedId
      const next = selectedId >= 0 ? undefined : (list.find(({ id }) => id === subtitlesBefore) ?? preferred(list))
      engine.selectSubtitles(next?.id ?? -1)
      messages.announce(`Subtitles: ${next?.label ?? 'off'}`)
    },
    toggleFullscreen() {
      toggleFullscreen(root, video).catch(() => messages.announce('Full screen is not possible here'))
    },
    togglePictureInPicture() {
      if (!canPictureInPicture(video)) return
      togglePictureInPicture(video).catch(() => messages.announce('Picture in picture is not possible now'))
    },
    toggleHelp: () => stage.toggleHelp(),
  }
  return commands
}

/** The first in a language that the viewer reads, else the first. */
function preferred(list: readonly Choice[]): Choice | undefined {
  const primary = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? ''
  for (const language of navigator.languages) {
    const found = list.find((choice) => choice.language && primary(choice.language) === primary(language))
    if (found) return found
  }
  return list[0]
}
