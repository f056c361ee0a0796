// The player's keyboard: one table of keys, read by the handler and by the help dialog.
import type { Texts } from './texts/en.ts'
import { fill } from './texts/texts.ts'

export interface PlayerCommands {
  togglePlay(): void
  seekBy(seconds: number): void
  /** `part` 0…1 of the film. */
  seekToPart(part: number): void
  changeVolume(by: number): void
  toggleMute(): void
  toggleSubtitles(): void
  toggleFullscreen(): void
  togglePictureInPicture(): void
  changeSpeed(steps: number): void
  toggleHelp(): void
}

interface Shortcut {
  /** Values of `KeyboardEvent.key`, in lower case. */
  readonly keys: readonly string[]
  readonly shown: readonly string[]
  readonly meaning: string
  run(commands: PlayerCommands, key: string): void
}

export function shortcuts(texts: Texts): readonly Shortcut[] {
  return [
    { keys: [' ', 'k'], shown: [texts.space, 'K'], meaning: texts.playOrPause, run: (to) => to.togglePlay() },
    { keys: ['arrowleft'], shown: ['←'], meaning: fill(texts.backward, { seconds: 5 }), run: (to) => to.seekBy(-5) },
    { keys: ['arrowright'], shown: ['→'], meaning: fill(texts.forward, { seconds: 5 }), run: (to) => to.seekBy(5) },
    { keys: ['j'], shown: ['J'], meaning: fill(texts.backward, { seconds: 10 }), run: (to) => to.seekBy(-10) },
    { keys: ['l'], shown: ['L'], meaning: fill(texts.forward, { seconds: 10 }), run: (to) => to.seekBy(10) },
    {
      keys: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      shown: ['0', '…', '9'],
      meaning: texts.toPart,
      run: (to, key) => to.seekToPart(Number(key) / 10),
    },
    { keys: ['arrowup'], shown: ['↑'], meaning: texts.louder, run: (to) => to.changeVolume(0.1) },
    { keys: ['arrowdown'], shown: ['↓'], meaning: texts.quieter, run: (to) => to.changeVolume(-0.1) },
    { keys: ['m'], shown: ['M'], meaning: texts.soundOnOrOff, run: (to) => to.toggleMute() },
    { keys: ['c'], shown: ['C'], meaning: texts.subtitlesOnOrOff, run: (to) => to.toggleSubtitles() },
    { keys: ['<'], shown: ['<'], meaning: texts.slower, run: (to) => to.changeSpeed(-1) },
    { keys: ['>'], shown: ['>'], meaning: texts.faster, run: (to) => to.changeSpeed(1) },
    { keys: ['f'], shown: ['F'], meaning: texts.fullScreen, run: (to) => to.toggleFullscreen() },
    { keys: ['p'], shown: ['P'], meaning: texts.pictureInPicture, run: (to) => to.togglePictureInPicture() },
    { keys: ['?'], shown: ['?'], meaning: texts.help, run: (to) => to.toggleHelp() },
  ]
}

/** Keys in a text field, with a modifier, or meant for a focused button stay theirs. Answers a way to stop. */
export function listenToKeys(
  on: Document | HTMLElement,
  commands: PlayerCommands,
  table: readonly Shortcut[],
): () => void {
  function hear(event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return
    const key = event.key.toLowerCase()
    const shortcut = table.find((candidate) => candidate.keys.includes(key))
    if (!shortcut) return
    event.preventDefault()
    shortcut.run(commands, key)
  }
  on.addEventListener('keydown', hear)
  return () => on.removeEventListener('keydown', hear)
}

const WRITES = 'input:not([type="range"]), textarea, select, [contenteditable], dialog, [role="menu"]'
const PRESSES = 'button, a, summary, [role="button"], [role^="menuitem"]'

/** Looks into open shadow roots: a slider of media-chrome is an input inside its element. */
function isTaken(event: KeyboardEvent): boolean {
  const path = event.composedPath().filter((target) => target instanceof Element)
  if (path.some((target) => target.matches(WRITES))) return true
  if (event.key === ' ') return path.some((target) => target.matches(PRESSES))
  return event.key.startsWith('Arrow') && path.some((target) => target.localName === 'media-volume-range')
}
