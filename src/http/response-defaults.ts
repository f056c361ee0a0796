// Headers every response of the Worker has unless its route says otherwise.
import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './context.ts'
import { setHeader } from './headers.ts'

/** Nothing is kept by a cache, and nothing is guessed from its bytes, unless a route says so. */
export const responseDefaults: MiddlewareHandler<HttpEnv> = async function setDefaults(c, next) {
  await next()
  if (!c.res.headers.has('Cache-Control')) setHeader(c, 'Cache-Control', 'no-store')
  setHeader(c, 'X-Content-Type-Options', 'nosniff')
}
