// What to do when playback cannot go on: a fresh playlist by itself once, then words and a button.
import type { Messages } from './messages.ts'
import type { PlayerEngine, Problem } from './player-engine.ts'

/** Seconds of film that must have played since a reload before the next problem counts as a new one. */
const HEALTHY_AFTER_SECONDS = 3

const WORDS: Readonly<Record<Problem, string>> = {
  expired: 'The film could not be loaded. Its link may have ended.',
  gone: 'This film is not available any more.',
  network: 'The connection was lost.',
  media: 'This film could not be decoded.',
  unsupported: 'This browser cannot play this film. Try another browser, or a newer one.',
}

export interface Recovery {
  failed(problem: Problem): void
}

export function makeRecovery(
  video: HTMLVideoElement,
  messages: Messages,
  engine: () => PlayerEngine | undefined,
): Recovery {
  let hasReloaded = false
  let isShown = false
  let playedSeconds = 0
  let lastTime = 0

  function reload(): void {
    playedSeconds = 0
    engine()?.reload()
  }
  function retry(): void {
    isShown = false
    messages.clear()
    // Whoever presses the button wants to watch: the engine only knows that the film had come to a stop.
    video.addEventListener('loadedmetadata', () => void video.play().catch(() => undefined), { once: true })
    reload()
  }

  // Only film that really plays proves that a reload helped; data that arrives for one of two tracks does not.
  video.addEventListener('timeupdate', () => {
    const step = video.currentTime - lastTime
    lastTime = video.currentTime
    if (video.seeking || step <= 0 || step > 2) return
    playedSeconds += step
    if (playedSeconds > HEALTHY_AFTER_SECONDS) hasReloaded = false
  })
  window.addEventListener('online', () => {
    if (isShown) retry()
  })

  return {
    failed(problem) {
      if (problem === 'expired' && !hasReloaded) {
        hasReloaded = true
        return reload()
      }
      isShown = true
      const canRetry = problem !== 'gone' && problem !== 'unsupported'
      messages.notice(WORDS[problem], canRetry ? { label: 'Try again', run: retry } : undefined)
    },
  }
}
