// The player's keyboard: one table of keys, read by the handler and by the help dialog.

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

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: [' ', 'k'], shown: ['Space', 'K'], meaning: 'Play or pause', run: (to) => to.togglePlay() },
  { keys: ['arrowleft'], shown: ['←'], meaning: 'Back 5 seconds', run: (to) => to.seekBy(-5) },
  { keys: ['arrowright'], shown: ['→'], meaning: 'Forward 5 seconds', run: (to) => to.seekBy(5) },
  { keys: ['j'], shown: ['J'], meaning: 'Back 10 seconds', run: (to) => to.seekBy(-10) },
  { keys: ['l'], shown: ['L'], meaning: 'Forward 10 seconds', run: (to) => to.seekBy(10) },
  {
    keys: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    shown: ['0', '…', '9'],
    meaning: 'To 0 % … 90 % of the film',
    run: (to, key) => to.seekToPart(Number(key) / 10),
  },
  { keys: ['arrowup'], shown: ['↑'], meaning: 'Louder', run: (to) => to.changeVolume(0.1) },
  { keys: ['arrowdown'], shown: ['↓'], meaning: 'Quieter', run: (to) => to.changeVolume(-0.1) },
  { keys: ['m'], shown: ['M'], meaning: 'Sound on or off', run: (to) => to.toggleMute() },
  { keys: ['c'], shown: ['C'], meaning: 'Subtitles on or off', run: (to) => to.toggleSubtitles() },
  { keys: ['<'], shown: ['<'], meaning: 'Slower', run: (to) => to.changeSpeed(-1) },
  { keys: ['>'], shown: ['>'], meaning: 'Faster', run: (to) => to.changeSpeed(1) },
  { keys: ['f'], shown: ['F'], meaning: 'Full screen', run: (to) => to.toggleFullscreen() },
  { keys: ['p'], shown: ['P'], meaning: 'Picture in picture', run: (to) => to.togglePictureInPicture() },
  { keys: ['?'], shown: ['?'], meaning: 'This help', run: (to) => to.toggleHelp() },
]

/** Listens on the whole page; keys in a text field, with a modifier, or meant for a focused button stay theirs. */
export function listenToKeys(commands: PlayerCommands): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof Element && isTaken(event.target, event.key)) return
    const key = event.key.toLowerCase()
    const shortcut = SHORTCUTS.find((candidate) => candidate.keys.includes(key))
    if (!shortcut) return
    event.preventDefault()
    shortcut.run(commands, key)
  })
}

function isTaken(target: Element, key: string): boolean {
  if (target.closest('input, textarea, select, [contenteditable], dialog')) return true
  return key === ' ' && target.closest('button, a, summary') !== null
}
