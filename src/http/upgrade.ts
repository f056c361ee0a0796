// Nothing here speaks WebSocket. A GET that offers to is answered as the GET it is; anything else is refused.
import type { MiddlewareHandler } from 'hono'
import { Fault } from '../core/fault.ts'
import type { HttpEnv } from './context.ts'

/** A handshake is a GET (RFC 6455 §4.1): with another method it is a request that two servers read differently. */
export const refuseUpgrade: MiddlewareHandler<HttpEnv> = async function refuseOddUpgrade(c, next) {
  const isHandshake = /\bwebsocket\b/i.test(c.req.header('Upgrade') ?? '')
  if (isHandshake && c.req.method !== 'GET') throw new Fault('bad_request', 'Upgrade is not possible here')
  await next()
}
