// A request's id and its one log line. The line holds no path, query, header or body: a job id is a secret.
import type { HttpContext } from './context.ts'
import type { Surface } from './surface.ts'

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly [field: string]: unknown
}

export type Log = (line: LogLine) => void

/** One JSON object a line, without undefined fields. */
export const consoleLog: Log = (line) => {
  const text = JSON.stringify(line)
  if (line.level === 'error') console.error(text)
  else console.log(text)
}

const INBOUND_ID = /^[A-Za-z0-9_-]{8,64}$/

/** The classes of what failed underneath, outermost first; never a message, which can hold SQL and bound values. */
export function causeName(cause: unknown): string | undefined {
  const names: string[] = []
  for (let current = cause; current instanceof Error && names.length < 4; current = current.cause) {
    names.push(current.name)
  }
  return names.length === 0 ? undefined : names.join(' < ')
}

/**
 * Answers out of memory that go by without a line. One line costs a quarter of such an answer; the next line of the
 * isolate says how many there were.
 */
const MAX_UNLOGGED = 1000

/** The caller's own id when it is one, else a new one. */
export function readRequestId(c: HttpContext, newId: () => string): string {
  const inbound = c.req.header('X-Request-Id')
  return inbound !== undefined && INBOUND_ID.test(inbound) ? inbound : newId()
}

/** Writes the line of a request that is answered. */
export function requestLog(log: Log): (c: HttpContext, requestId: string, surface: Surface['name']) => void {
  let fromMemory = 0
  return function logRequest(c, requestId, surface) {
    if (c.get('isFromMemory') === true && ++fromMemory < MAX_UNLOGGED) return
    const { status } = c.res
    const fault = c.get('fault')
    const principal = c.get('principal')
    log({
      level: status >= 500 ? 'error' : 'info',
      message: 'request',
      request_id: requestId,
      surface,
      method: c.req.method,
      route: c.get('route'),
      status,
      fault: fault?.code,
      cause: fault?.cause,
      reason: fault?.reason,
      user: principal?.userId,
      auth: principal?.kind,
      key: principal?.kind === 'api_key' ? principal.keyId : undefined,
      actor: principal?.kind === 'clerk' ? principal.actorId : undefined,
      from_memory: fromMemory === 0 ? undefined : fromMemory,
    })
    fromMemory = 0
  }
}
