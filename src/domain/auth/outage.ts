// What a caller reads while something that authentication depends on is away.
import { Fault } from '../../core/fault.ts'

/** Whatever is away, a caller reads the same: which dependency it was is the log's. Only on paths that do I/O. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'unavailable') throw error
    throw new Fault('unavailable', 'Authentication is temporarily unavailable', {
      cause: error,
      retryAfterSeconds: error.retryAfterSeconds ?? 5,
    })
  }
}
