// What surrounds every request, outermost: its id, cross-origin reading, the headers each answer has, its log line.
// One function and not a middleware each: every request passes here, and a layer costs as much as what it does.
import type { MiddlewareHandler } from 'hono'
import { Fault } from '../core/fault.ts'
import type { Log } from '../domain/log.ts'
import type { HttpEnv } from './context.ts'
import { allowReading, answerPreflight, readCors, type CorsRules } from './cors.ts'
import type { AnswerFault } from './faults.ts'
import { changeHeaders } from './headers.ts'
import { readRequestId, requestLog } from './request-log.ts'
import { surfaceOf } from './surface.ts'
import { isOddUpgrade } from './upgrade.ts'

interface FrameWorld {
  readonly log: Log
  readonly newId: () => string
  readonly nowMs: () => number
}

/** Whatever happens inside, the answer gets its headers and the log its line. */
export function frame(world: FrameWorld, corsRules: CorsRules, answerFault: AnswerFault): MiddlewareHandler<HttpEnv> {
  const writeLine = requestLog(world.log)
  return async function frameRequest(c, next) {
    const startedMs = world.nowMs()
    const requestId = readRequestId(c, world.newId)
    const surface = surfaceOf(c.req.path)
    c.set('requestId', requestId)
    const cors = readCors(c, surface.cors, corsRules)

    if (cors?.isPreflight === true) c.res = answerPreflight(c, surface.cors, cors)
    else if (isOddUpgrade(c)) c.res = await answerFault(c, new Fault('bad_request', 'Upgrade is not possible here'))
    else await next()

    changeHeaders(c, (headers) => {
      headers.set('X-Request-Id', requestId)
      complete(headers)
      if (cors !== undefined) allowReading(headers, cors)
    })
    writeLine(c, { requestId, surface: surface.name, ms: world.nowMs() - startedMs })
  }
}

/** Nothing is kept by a cache, and nothing is guessed from its bytes, unless a route says so. */
function complete(headers: Headers): void {
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  headers.set('X-Content-Type-Options', 'nosniff')
  const vary = headers.get('Vary')
  headers.set('Vary', vary === null ? 'Origin' : `${vary}, Origin`)
}
