// WebSocket is not supported. A GET that offers to is answered as the GET it is; anything else is refused.
import type { HttpContext } from './context.ts'

/** A handshake is a GET (RFC 6455 §4.1): with another method it is a request that two servers read differently. */
export function isOddUpgrade(c: HttpContext): boolean {
  return c.req.method !== 'GET' && /\bwebsocket\b/i.test(c.req.header('Upgrade') ?? '')
}
