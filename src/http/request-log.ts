// A request's id and its one log line. The line holds no path, query, header or body: a job id is a secret.
import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './context.ts'
import { setHeader } from './headers.ts'
import { surfaceOf } from './surface.ts'

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

/** Outermost: names the request, and writes its line whatever happens inside. */
export function requestLog(deps: { log: Log; newId: () => string }): MiddlewareHandler<HttpEnv> {
  let fromMemory = 0
  return async function logRequest(c, next) {
    const inbound = c.req.header('X-Request-Id')
    const requestId = inbound !== undefined && INBOUND_ID.test(inbound) ? inbound : deps.newId()
    c.set('requestId', requestId)
    await next()
    setHeader(c, 'X-Request-Id', requestId)
    if (c.get('isFromMemory') === true && ++fromMemory < MAX_UNLOGGED) return
    const { status } = c.res
    const fault = c.get('fault')
    const principal = c.get('principal')
    deps.log({
      level: status >= 500 ? 'error' : 'info',
      message: 'request',
      request_id: requestId,
      surface: surfaceOf(c.req.path).name,
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
