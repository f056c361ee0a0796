// The one way to D1: a query that fails or stalls is the database being away, whatever drizzle's message says.
import { Fault } from '../../core/fault.ts'
import { D1_LIMIT_MS, withinTime } from '../time-limit.ts'

/** Runs a query; any failure becomes a 503 whose detail holds neither SQL nor bound values. */
export async function query<T>(run: () => PromiseLike<T>): Promise<T> {
  try {
    return await withinTime(D1_LIMIT_MS, run)
  } catch (cause) {
    throw new Fault('unavailable', 'Database is temporarily unavailable', { cause, retryAfterSeconds: 5 })
  }
}
