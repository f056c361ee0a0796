// Cross-origin reading: exact origins or everybody, never credentials. Preflight is answered before authentication.
import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './context.ts'
import { appendHeader, setHeader } from './headers.ts'
import { surfaceOf } from './surface.ts'

type OriginRule = '*' | ReadonlySet<string>

const ALLOW_METHODS = { api: 'GET, HEAD, POST, PUT, PATCH, DELETE', playback: 'GET, HEAD, PUT' } as const
const ALLOW_HEADERS = 'Authorization, Content-Type, Range, If-None-Match'
const EXPOSE_HEADERS =
  'X-Request-Id, Retry-After, Link, RateLimit-Policy, Content-Length, Content-Range, Accept-Ranges, ETag'
const MAX_AGE_SECONDS = '600'

/** An origin that is not listed, `null` and look-alikes get no CORS header at all (Fetch standard §3.2). */
export function cors(rules: { api: OriginRule; playback: OriginRule }): MiddlewareHandler<HttpEnv> {
  return async function answerCors(c, next) {
    const family = surfaceOf(c.req.path).cors
    const origin = c.req.header('Origin')
    const allowed = origin === undefined ? undefined : allowedOrigin(rules[family], origin)
    const isPreflight =
      origin !== undefined &&
      c.req.method === 'OPTIONS' &&
      c.req.header('Access-Control-Request-Method') !== undefined

    if (isPreflight) {
      c.header('Cache-Control', 'no-store')
      c.res = c.body(null, 204)
      if (allowed !== undefined) {
        setHeader(c, 'Access-Control-Allow-Methods', ALLOW_METHODS[family])
        setHeader(c, 'Access-Control-Allow-Headers', ALLOW_HEADERS)
        setHeader(c, 'Access-Control-Max-Age', MAX_AGE_SECONDS)
      }
    } else {
      await next()
      if (allowed !== undefined) setHeader(c, 'Access-Control-Expose-Headers', EXPOSE_HEADERS)
    }
    if (allowed !== undefined) setHeader(c, 'Access-Control-Allow-Origin', allowed)
    appendHeader(c, 'Vary', 'Origin')
  }
}

function allowedOrigin(rule: OriginRule, origin: string): string | undefined {
  if (rule === '*') return '*'
  return rule.has(origin) ? origin : undefined
}
