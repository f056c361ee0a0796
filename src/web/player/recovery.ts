// What to do when playback cannot go on: a fresh playlist by itself once, then words and a button. Offline it says so,
// and goes on by itself. Words never cover a film that plays.
import { isPlaying } from './loading.ts'
import type { Messages } from './messages.ts'
import type { Problem } from './player-engine.ts'

/** Seconds of film that must have played since a reload before the next problem counts as a new one. */
const HEALTHY_AFTER_SECONDS = 3

/** A film that goes on from what is loaded within this time has not come to a stop. */
const PATIENCE_MS = 600

/** `player`: the part of the player that plays this film did not arrive. */
export type Trouble = Problem | 'player'

const WORDS: Readonly<Record<Trouble | 'offline', string>> = {
  expired: 'The film could not be loaded. Its link may have ended.',
  gone: 'This film is not available any more.',
  network: 'The connection was lost.',
  media: 'This film could not be decoded.',
  unsupported: 'This browser cannot play this film. Try another browser, or a newer one.',
  player: 'The player could not be loaded.',
  offline: 'You are offline. The film goes on by itself when the connection is back.',
}

const CHANGES = ['play', 'pause', 'playing', 'waiting', 'seeking', 'seeked', 'emptied', 'ended'] as const

export interface Recovery {
  failed(trouble: Trouble): void
}

/** `reload` loads what is there anew, at the same position. */
export function makeRecovery(video: HTMLVideoElement, messages: Messages, reload: () => void): Recovery {
  let trouble: Trouble | undefined
  let shown: Trouble | 'offline' | undefined
  let timer: number | undefined
  /** The network is back since the trouble was: what is loaded may play on, then it is tried again. */
  let isWorthRetrying = false
  let hasReloaded = false
  let lostPlayers = 0
  let playedSeconds = 0
  let lastTime = 0

  /** Goes on playing if it was. */
  function startAgain(): void {
    playedSeconds = 0
    reload()
  }
  function retry(): void {
    // A release since the page was opened has other files: the page must be loaded anew to know them.
    if (trouble === 'player' && lostPlayers > 1) return location.reload()
    trouble = undefined
    isWorthRetrying = false
    startAgain()
    update()
  }
  function retryByHand(): void {
    retry()
    // Whoever presses the button wants to watch: the engine only knows that the film had come to a stop.
    video.play().catch(() => undefined)
  }

  function update(): void {
    const next = due()
    if (next !== undefined && isWorthRetrying) return retry()
    if (next === undefined || shown !== undefined) return show(next)
    timer ??= window.setTimeout(() => show(due()), PATIENCE_MS)
  }
  function show(next: Trouble | 'offline' | undefined): void {
    clearTimeout(timer)
    timer = undefined
    if (next === shown) return
    shown = next
    if (next === undefined) return messages.clear()
    const canRetry = next !== 'gone' && next !== 'unsupported' && next !== 'offline'
    messages.notice(WORDS[next], canRetry ? { label: 'Try again', run: retryByHand } : undefined)
  }
  /** What is to be said now. */
  function due(): Trouble | 'offline' | undefined {
    return isPlaying(video) ? undefined : reason()
  }
  function reason(): Trouble | 'offline' | undefined {
    const isWanted = !video.paused && !video.ended
    const isAboutNetwork = trouble === undefined ? isWanted : trouble !== 'gone' && trouble !== 'unsupported'
    return !navigator.onLine && isAboutNetwork ? 'offline' : trouble
  }

  for (const type of CHANGES) video.addEventListener(type, update)
  // Only film that really plays proves that a reload helped; data that arrives for one of two tracks does not.
  video.addEventListener('timeupdate', () => {
    const step = video.currentTime - lastTime
    lastTime = video.currentTime
    if (video.seeking || step <= 0 || step > 2) return
    playedSeconds += step
    if (playedSeconds > HEALTHY_AFTER_SECONDS) hasReloaded = false
  })
  window.addEventListener('offline', update)
  window.addEventListener('online', () => {
    if (shown === 'offline') return retry()
    isWorthRetrying = trouble !== undefined && trouble !== 'gone' && trouble !== 'unsupported'
    update()
  })

  return {
    failed(next) {
      if (next === 'expired' && !hasReloaded) {
        hasReloaded = true
        return startAgain()
      }
      if (next === 'player') lostPlayers += 1
      trouble = next
      isWorthRetrying = false
      update()
    },
  }
}
