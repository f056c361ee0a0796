// Sends many files at once to addresses the API signs, trying again what fails. What the bucket holds is not its concern.
import { takeField, type Api } from './api.ts'
import type { UploadObject } from './plan.ts'
import { putFile } from './put.ts'
import { withRetry, type RetryTerms } from './retry.ts'

export interface TransferTerms {
  readonly api: Api
  readonly signal: AbortSignal
  /** Bytes that went out, and with a minus those that must go again. */
  readonly onBytes: (count: number) => void
  readonly onWait?: RetryTerms['onWait']
  readonly firstWaitMs?: number
}

const PARALLEL = 8
/** A film of an hour is not given up for a router that starts anew. */
const PATIENCE_MS = 600_000
/** Of one file, however long each takes. */
const LEAST_TRIES = 7
const KEYS_A_CALL = 500
const EXPIRES_SECONDS = 7200

/** An address this near its end is signed anew: what begins in time may take as long as it likes. */
const MARGIN_MS = 300_000

/** Sends them in order, at most eight at once; the first that cannot be sent ends all. */
export async function sendObjects(objects: readonly UploadObject[], terms: TransferTerms): Promise<void> {
  const urlOf = createSigner(
    terms.api,
    objects.map((object) => object.key),
  )
  const stop = new AbortController()
  const signal = AbortSignal.any([terms.signal, stop.signal])
  let next = 0
  const work = async (): Promise<void> => {
    while (next < objects.length) {
      const index = next++
      const object = objects[index]
      if (object === undefined) return
      await withRetry((count) => sendOnce(object, () => urlOf(index, count > 0), { ...terms, signal }), {
        signal,
        patienceMs: PATIENCE_MS,
        leastTries: LEAST_TRIES,
        firstWaitMs: terms.firstWaitMs,
        onWait: terms.onWait,
      })
    }
  }
  let failure: unknown
  const workers = Array.from({ length: PARALLEL }, () =>
    work().catch((error: unknown) => {
      // Those that are stopped because of it complain too: only the first says why.
      if (!stop.signal.aborted) failure = error
      stop.abort()
    }),
  )
  await Promise.all(workers)
  if (failure !== undefined) throw failure
}

async function sendOnce(object: UploadObject, url: () => Promise<string>, terms: TransferTerms): Promise<void> {
  let sent = 0
  const count = (bytes: number): void => {
    sent += bytes
    terms.onBytes(bytes)
  }
  try {
    await putFile(await url(), object, count, terms.signal)
  } catch (error) {
    terms.onBytes(-sent)
    throw error
  }
}

interface Batch {
  readonly urls: readonly string[]
  readonly expiresAtMs: number
}

/** Signs 500 keys a call, and only when their turn comes; a key that failed gets an address of its own. */
function createSigner(api: Api, keys: readonly string[]): (index: number, isRetry: boolean) => Promise<string> {
  const batches = new Map<number, Promise<Batch>>()
  return async (index, isRetry) => {
    if (isRetry) return (await sign(api, keys.slice(index, index + 1))).urls[0] ?? ''
    const number = Math.floor(index / KEYS_A_CALL)
    const start = number * KEYS_A_CALL
    let batch = batches.get(number)
    if (batch === undefined || (await batch).expiresAtMs < Date.now() + MARGIN_MS) {
      // Another worker may have renewed it while this one looked at it.
      if (batches.get(number) === batch) batches.set(number, sign(api, keys.slice(start, start + KEYS_A_CALL)))
      batch = batches.get(number)
    }
    return (await batch)?.urls[index - start] ?? ''
  }
}

async function sign(api: Api, keys: readonly string[]): Promise<Batch> {
  const answer = await api.call('POST', '/api/storage/upload-urls', { keys, expires_in: EXPIRES_SECONDS })
  const { urls = [] } = answer as { urls?: readonly unknown[] }
  return {
    urls: urls.map((entry) => takeField(entry, 'upload_url')),
    expiresAtMs: Date.now() + EXPIRES_SECONDS * 1000,
  }
}
