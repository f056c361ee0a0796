// What to do when playback cannot go on: a fresh playlist by itself once, then words and a button. Offline it says so,
// and goes on by itself. Words never cover a film that plays.
import { isPlaying } from './loading.ts'
import type { Messages } from './messages.ts'
import type { Problem } from './player-engine.ts'
import type { Texts } from './texts/en.ts'

/** Seconds of film that must have played since a reload before the next problem counts as a new one. */
const HEALTHY_AFTER_SECONDS = 3

/** A film that goes on from what is loaded within this time has not come to a stop. */
const PATIENCE_MS = 600

/** `player`: the part of the player that plays this film did not arrive. */
export type Trouble = Problem | 'player'

const CHANGES = ['play', 'pause', 'playing', 'waiting', 'seeking', 'seeked', 'emptied', 'ended'] as const

export interface Recovery {
  failed(trouble: Trouble): void
}

/** `reload` loads what is there anew, at the same position. `isViewing`: the film is private, and its viewings end. */
export function makeRecovery(
  video: HTMLVideoElement,
  messages: Messages,
  film: { readonly isViewing: boolean; reload(): void },
  texts: Texts,
  told: (trouble: Trouble, message: string) => void = () => undefined,
): Recovery {
  const words: Readonly<Record<Trouble | 'offline', string>> = {
    expired: film.isViewing ? texts.viewingEnded : texts.expired,
    gone: texts.gone,
    network: texts.network,
    media: texts.media,
    unsupported: texts.unsupported,
    player: texts.playerLost,
    offline: texts.offline,
  }
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
    film.reload()
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
    if (next !== 'offline') told(next, words[next])
    messages.notice(words[next], canRetry ? { label: texts.tryAgain, run: retryByHand } : undefined)
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
