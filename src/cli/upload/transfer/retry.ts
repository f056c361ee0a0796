// Tries again what may work later, waiting longer each time. Knows neither HTTP nor files.
import { setTimeout as sleep } from 'node:timers/promises'
import { interruption, UploadProblem } from '../problem.ts'

export interface TransientTerms {
  /** What the other side asked for, if it did. */
  readonly waitMs?: number | undefined
  /** For how long to try again what hardly gets better by itself; otherwise as long as `RetryTerms` say. */
  readonly patienceMs?: number | undefined
}

/** Not now, perhaps soon: the sentence is shown when it never works. */
export class Transient extends Error {
  readonly waitMs: number | undefined
  readonly patienceMs: number | undefined

  constructor(sentence: string, { waitMs, patienceMs }: TransientTerms = {}) {
    super(sentence)
    this.name = 'Transient'
    this.waitMs = waitMs
    this.patienceMs = patienceMs
  }
}

export interface RetryTerms {
  readonly signal: AbortSignal
  /** For how long it is tried again after it first failed. */
  readonly patienceMs: number
  /** So many tries at least, for attempts that last longer than all patience. */
  readonly leastTries?: number
  /** The wait before the second try; it doubles with every further one. */
  readonly firstWaitMs?: number | undefined
  /** Hears of every wait, with the time that is left for further tries. */
  readonly onWait?: ((why: string, waitMs: number, leftMs: number) => void) | undefined
}

const LONGEST_WAIT_MS = 30_000

/** Runs `attempt(0)`, `attempt(1)` … until one does not throw `Transient`. */
export async function withRetry<T>(attempt: (count: number) => Promise<T>, terms: RetryTerms): Promise<T> {
  // Of a clock that stands while the machine sleeps.
  let failedAtMs: number | undefined
  for (let count = 0; ; count++) {
    if (terms.signal.aborted) throw interruption()
    try {
      return await attempt(count)
    } catch (error) {
      if (terms.signal.aborted) throw interruption()
      if (!(error instanceof Transient)) throw error
      failedAtMs ??= performance.now()
      const waitMs = waitBefore(count, error, terms)
      const leftMs = failedAtMs + (error.patienceMs ?? terms.patienceMs) - performance.now()
      if (waitMs > leftMs && count + 1 >= (terms.leastTries ?? 1)) throw new UploadProblem(error.message)
      terms.onWait?.(error.message, waitMs, leftMs)
      await sleep(waitMs, undefined, { signal: terms.signal }).catch(() => {
        throw interruption()
      })
    }
  }
}

function waitBefore(count: number, error: Transient, { firstWaitMs = 500 }: RetryTerms): number {
  const backOff = Math.min(firstWaitMs * 2 ** count, LONGEST_WAIT_MS)
  // Half of it at random, so that eight that failed together do not come back together.
  return Math.max(error.waitMs ?? 0, backOff * (0.5 + Math.random() / 2))
}

/** A wait that is worth a word; shorter ones are part of every long upload. */
const LONG_WAIT_MS = 2_000
const SAY_EVERY_MS = 60_000

/** An `onWait` for all that is tried at the same time: says it once a minute and not eight times. */
export function createWaitNotice(say: (sentence: string) => void): NonNullable<RetryTerms['onWait']> {
  let saidAtMs = -Infinity
  return (why, waitMs, leftMs) => {
    if (waitMs < LONG_WAIT_MS || performance.now() - saidAtMs < SAY_EVERY_MS) return
    saidAtMs = performance.now()
    const minutes = Math.max(1, Math.round(leftMs / 60_000))
    say(`${why} Trying again for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}; Ctrl-C ends it.`)
  }
}
