// Tries again what may work later, waiting longer each time. Knows neither HTTP nor files.
import { setTimeout as sleep } from 'node:timers/promises'
import { interruption, UploadProblem } from './problem.ts'

/** Not now, perhaps soon: the sentence is shown when it never works. */
export class Transient extends Error {
  /** What the other side asked for, if it did. */
  readonly waitMs: number | undefined

  constructor(sentence: string, waitMs?: number) {
    super(sentence)
    this.name = 'Transient'
    this.waitMs = waitMs
  }
}

export interface RetryTerms {
  readonly signal: AbortSignal
  readonly tries: number
  /** The wait before the second try; it doubles with every further one. */
  readonly firstWaitMs?: number
}

const LONGEST_WAIT_MS = 60_000

/** Runs `attempt(0)`, `attempt(1)` … until one does not throw `Transient`. */
export async function withRetry<T>(attempt: (count: number) => Promise<T>, terms: RetryTerms): Promise<T> {
  for (let count = 0; ; count++) {
    if (terms.signal.aborted) throw interruption()
    try {
      return await attempt(count)
    } catch (error) {
      if (terms.signal.aborted) throw interruption()
      if (!(error instanceof Transient)) throw error
      if (count + 1 >= terms.tries) throw new UploadProblem(error.message)
      await sleep(waitBefore(count, error, terms), undefined, { signal: terms.signal }).catch(() => {
        throw interruption()
      })
    }
  }
}

function waitBefore(count: number, error: Transient, { firstWaitMs = 500 }: RetryTerms): number {
  const backOff = firstWaitMs * 2 ** count
  // Half of it at random, so that eight that failed together do not come back together.
  const wait = Math.max(error.waitMs ?? 0, backOff * (0.5 + Math.random() / 2))
  return Math.min(wait, LONGEST_WAIT_MS)
}
