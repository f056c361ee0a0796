// How long a store may keep a caller waiting. What stalls is answered like what is away.

/** Of D1, which answers in milliseconds; its own limit for one query is 30 s. */
export const D1_LIMIT_MS = 5_000
/** Of KV. */
export const KV_LIMIT_MS = 3_000
/** Of R2, for what carries no body: a listing of 1,000 objects is the slowest. */
export const R2_LIMIT_MS = 10_000

/** Of R2 when it joins up to 10,000 parts. */
export const R2_COMPLETE_LIMIT_MS = 60_000

export class StoreTimeout extends Error {
  override readonly name = 'StoreTimeout'
}

/**
 * The answer, or StoreTimeout when it takes longer than `limitMs` milliseconds. The call itself goes on: a write that
 * timed out may still be done.
 */
export async function withinTime<T>(limitMs: number, run: () => PromiseLike<T>): Promise<T> {
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new StoreTimeout()), limitMs)
  try {
    return await Promise.race([run(), timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}
