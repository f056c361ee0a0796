// On what terms files are sent, whole or in parts.
import type { Api } from './api.ts'
import type { RetryTerms } from './retry.ts'

export interface TransferTerms {
  readonly api: Api
  readonly signal: AbortSignal
  /** Bytes that went out, and with a minus those that must go again. */
  readonly onBytes: (count: number) => void
  readonly onWait?: RetryTerms['onWait']
  readonly firstWaitMs?: number
  /** Where the etags of parts are kept, for the next run; undefined: nothing goes in parts. */
  readonly partsFolder?: string
}

/** A film of an hour is not given up for a router that starts anew. */
const PATIENCE_MS = 600_000
/** Of one file or part, however long each takes. */
const LEAST_TRIES = 7

export function retryTerms({ signal, firstWaitMs, onWait }: TransferTerms): RetryTerms {
  return { signal, patienceMs: PATIENCE_MS, leastTries: LEAST_TRIES, firstWaitMs, onWait }
}

/** Runs so many at once; the first that fails ends all, and is the one that is thrown. */
export async function inParallel(
  width: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let failure: unknown
  const workers = Array.from({ length: width }, () =>
    work(either).catch((error: unknown) => {
      // Those that are stopped because of it complain too: only the first says why.
      if (!stop.signal.aborted) failure = error
      stop.abort()
    }),
  )
  await Promise.all(workers)
  if (failure !== undefined) throw failure
}

/** One try to send something; what went out of a failed one is counted back. */
export async function counted<T>(
  terms: TransferTerms,
  send: (onBytes: (count: number) => void) => Promise<T>,
): Promise<T> {
  let sent = 0
  try {
    return await send((bytes) => {
      sent += bytes
      terms.onBytes(bytes)
    })
  } catch (error) {
    terms.onBytes(-sent)
    throw error
  }
}
