// The control bar: builds it, and keeps every button true to what the video does. Decides nothing itself.
import { SPEEDS, type Commands } from './commands.ts'
import { element, iconButton, showAs } from './element.ts'
import { formatTime, speakTime } from './format.ts'
import type { Loading } from './loading.ts'
import { makeMenu, type Menu, type MenuSection } from './menus.ts'
import type { Messages } from './messages.ts'
import type { Choices, PlayerEngine } from './player-engine.ts'
import { canFullscreen, canPictureInPicture } from './screen.ts'
import { timelineOf } from './seek-bar.ts'
import { makeSlider } from './slider.ts'

export interface Controls {
  readonly bar: HTMLElement
  readonly bigPlay: HTMLButtonElement
  readonly menus: readonly Menu[]
}

export interface ControlsParts {
  readonly root: HTMLElement
  readonly video: HTMLVideoElement
  readonly commands: Commands
  readonly messages: Messages
  readonly loading: Loading
  readonly seekBar: HTMLElement
  engine(): PlayerEngine | undefined
}

export function makeControls(parts: ControlsParts): Controls {
  const { root, video, commands } = parts
  const menus = makeMenus(parts)
  const row = element('div', { class: 'controls-row' })
  const bar = element('div', { class: 'controls', role: 'group', 'aria-label': 'Player controls' }, parts.seekBar, row)
  row.append(playButton(video, commands, parts.loading), ...volumeControl(video, commands), timeDisplay(video))
  row.append(element('div', { class: 'spacer' }), ...menus.map((menu) => menu.root))

  const help = iconButton('help', 'Keyboard shortcuts', '?')
  help.classList.add('for-keyboards')
  help.addEventListener('click', () => commands.toggleHelp())
  row.append(help)
  if (canPictureInPicture(video)) {
    const button = iconButton('pictureInPicture', 'Picture in picture', 'p')
    button.classList.add('where-wide')
    button.addEventListener('click', () => commands.togglePictureInPicture())
    row.append(button)
  }
  if (canFullscreen(root, video)) row.append(fullscreenButton(root, commands))

  const bigPlay = iconButton('play', 'Play film')
  bigPlay.classList.add('big-play')
  bigPlay.addEventListener('click', () => commands.togglePlay())
  video.addEventListener('play', () => {
    bigPlay.hidden = true
  })
  return { bar, bigPlay, menus }
}

function playButton(video: HTMLVideoElement, commands: Commands, loading: Loading): HTMLButtonElement {
  const button = iconButton('play', 'Play', 'k')
  button.addEventListener('click', () => commands.togglePlay())
  const update = (): void => {
    if (video.ended) showAs(button, 'replay', 'Play again')
    else if (video.paused) showAs(button, 'play', 'Play')
    else if (loading.isBeginning()) showAs(button, 'pause', 'Loading')
    else showAs(button, 'pause', 'Pause')
  }
  for (const type of ['play', 'playing', 'pause', 'ended', 'seeked', 'emptied']) video.addEventListener(type, update)
  return button
}

function volumeControl(video: HTMLVideoElement, commands: Commands): readonly HTMLElement[] {
  const mute = iconButton('volumeHigh', 'Mute', 'm')
  mute.addEventListener('click', () => commands.toggleMute())
  const set = (percent: number): void => commands.setVolume(percent / 100)
  const slider = makeSlider(
    'Volume',
    'volume',
    { step: 5, page: 20 },
    { drag: set, commit: set, hover: () => undefined },
  )
  const update = (): void => {
    const volume = video.muted ? 0 : video.volume
    if (volume === 0) showAs(mute, 'muted', 'Unmute')
    else showAs(mute, volume < 0.5 ? 'volumeLow' : 'volumeHigh', 'Mute')
    slider.show(volume * 100, { min: 0, max: 100 }, `${Math.round(volume * 100)} percent`)
  }
  video.addEventListener('volumechange', update)
  update()
  return [mute, slider.root]
}

function timeDisplay(video: HTMLVideoElement): HTMLElement {
  const now = element('span')
  const total = element('span', { class: 'time-total' })
  const root = element('div', { class: 'time', role: 'timer', 'aria-live': 'off' }, now, total)
  const update = (): void => {
    const { end, isLive } = timelineOf(video)
    now.textContent = isLive && end - video.currentTime < 10 ? 'Live' : formatTime(video.currentTime)
    total.textContent = isLive ? '' : ` / ${formatTime(end)}`
    root.setAttribute('aria-label', isLive ? 'Live' : `${speakTime(video.currentTime)} of ${speakTime(end)}`)
  }
  for (const type of ['timeupdate', 'durationchange', 'seeking', 'emptied']) video.addEventListener(type, update)
  update()
  return root
}

function fullscreenButton(root: HTMLElement, commands: Commands): HTMLButtonElement {
  const button = iconButton('fullscreen', 'Full screen', 'f')
  button.addEventListener('click', () => commands.toggleFullscreen())
  document.addEventListener('fullscreenchange', () => {
    if (document.fullscreenElement === root) showAs(button, 'leaveFullscreen', 'Leave full screen')
    else showAs(button, 'fullscreen', 'Full screen')
  })
  return button
}

function makeMenus(parts: ControlsParts): readonly Menu[] {
  const { video, commands, messages } = parts
  const engine = (): PlayerEngine | undefined => parts.engine()
  const none: Choices = { list: [], selectedId: -1 }
  const audio: MenuSection = {
    title: 'Audio',
    choices: () => atLeastTwo(engine()?.audioTracks() ?? none),
    select({ id, label }) {
      engine()?.selectAudioTrack(id)
      messages.announce(`Audio: ${label}`)
    },
  }
  const subtitles: MenuSection = {
    title: 'Subtitles',
    choices() {
      const { list, selectedId } = engine()?.subtitles() ?? none
      return { list: list.length === 0 ? [] : [{ id: -1, label: 'Off' }, ...list], selectedId }
    },
    select({ id, label }) {
      engine()?.selectSubtitles(id)
      messages.announce(`Subtitles: ${label.toLowerCase() === 'off' ? 'off' : label}`)
    },
  }
  const quality: MenuSection = {
    title: 'Quality',
    choices: () => engine()?.qualities() ?? none,
    select({ id, label }) {
      engine()?.selectQuality(id)
      messages.announce(`Quality: ${id < 0 ? 'Auto' : label}`)
    },
  }
  const speed: MenuSection = {
    title: 'Speed',
    choices: () => ({
      list: SPEEDS.map((value, id) => ({ id, label: value === 1 ? 'Normal' : `${value}×` })),
      selectedId: SPEEDS.findIndex((value) => value === video.playbackRate),
    }),
    select: ({ id }) => commands.setSpeed(SPEEDS[id] ?? 1),
  }
  return [
    makeMenu('speech', 'Audio and subtitles', [audio, subtitles]),
    makeMenu('settings', 'Quality and speed', [quality, speed]),
  ]
}

function atLeastTwo(choices: Choices): Choices {
  return choices.list.length < 2 ? { list: [], selectedId: -1 } : choices
}
