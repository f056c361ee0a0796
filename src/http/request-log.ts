// A request's id and its one log line. The line holds no path, query, header or body: a job id is a secret.
import type { Log } from '../domain/log.ts'
import type { HttpContext } from './context.ts'
import type { Surface } from './surface.ts'

const INBOUND_ID = /^[A-Za-z0-9_-]{8,64}$/

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

interface Answered {
  readonly requestId: string
  readonly surface: Surface['name']
  /** Until the answer began. The clock of the Workers runtime stands still while nothing is waited for. */
  readonly ms: number
}

/** Writes the line of a request that is answered. */
export function requestLog(log: Log): (c: HttpContext, answered: Answered) => void {
  let fromMemory = 0
  return function logRequest(c, { requestId, surface, ms }) {
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
      ms,
      fault: fault?.code,
      cause: fault?.cause,
      reason: fault?.reason,
      user: principal?.memberId ?? principal?.userId,
      workspace: principal?.workspace.kind === 'organization' ? principal.userId : undefined,
      auth: principal?.kind,
      key: principal?.kind === 'api_key' ? principal.keyId : undefined,
      actor: principal?.kind === 'clerk' ? principal.actorId : undefined,
      from_memory: fromMemory === 0 ? undefined : fromMemory,
    })
    fromMemory = 0
  }
}
