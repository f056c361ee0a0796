// Work that a response does not wait for. It may fail: the log hears of it, and the client does not.
import type { Defer } from '../domain/defer.ts'
import { causeName, type Log } from '../domain/log.ts'
import type { HttpContext } from './context.ts'

/** Keeps the request's context alive until the work is done. */
export function deferWith(c: HttpContext, log: Log): Defer {
  return (work) => {
    const settled = work.catch((cause: unknown) => {
      log({ level: 'warn', message: 'deferred work failed', request_id: c.get('requestId'), cause: causeName(cause) })
    })
    c.executionCtx.waitUntil(settled)
  }
}
