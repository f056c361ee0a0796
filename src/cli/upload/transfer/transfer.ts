// Sends many files at once to addresses the API signs, trying again what fails. What the bucket holds is not its concern.
import { takeField, type Api } from './api.ts'
import type { UploadObject } from './plan.ts'
import { PARTED_FROM_BYTES, sendParted } from './parted.ts'
import { putFile } from './put.ts'
import { withRetry } from './retry.ts'
import { counted, inParallel, retryTerms, type TransferTerms } from './transfer-terms.ts'

const PARALLEL = 8
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
  let next = 0
  await inParallel(PARALLEL, terms.signal, async (signal) => {
    const own = { ...terms, signal }
    while (next < objects.length) {
      const index = next++
      const object = objects[index]
      if (object === undefined) return
      if (object.sizeBytes > PARTED_FROM_BYTES && terms.partsFolder !== undefined) {
        await sendParted(object, terms.partsFolder, own)
        continue
      }
      const once = (count: number): Promise<string> =>
        counted(own, async (onBytes) => await putFile(await urlOf(index, count > 0), object, onBytes, signal))
      await withRetry(once, retryTerms(own))
    }
  })
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
  const terms = { keys: [...keys], expires_in: EXPIRES_SECONDS }
  const { urls } = await api.ask((client) => client.createUploadUrls(terms))
  return {
    urls: urls.map((entry) => takeField(entry, 'upload_url')),
    expiresAtMs: Date.now() + EXPIRES_SECONDS * 1000,
  }
}
