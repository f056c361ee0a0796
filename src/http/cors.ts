// Cross-origin reading: exact origins or every origin, never credentials. Preflight is answered before authentication.
import { allowedOrigin, type OriginRule } from '../core/http/origin-rule.ts'
import type { HttpContext } from './context.ts'
import type { Surface } from './surface.ts'

/** Whose scripts may read, by family of paths; what is for everyone is not configurable. */
export type CorsRules = Readonly<Record<Exclude<Surface['cors'], 'everyone'>, OriginRule>>

/** A request that a page of another origin makes. */
interface CrossOrigin {
  /** `Access-Control-Allow-Origin`; an origin that is not listed, `null` and look-alikes get no CORS header at all. */
  readonly allowed: string | undefined
  readonly isPreflight: boolean
}

const ALLOW_METHODS = {
  api: 'GET, HEAD, POST, PUT, PATCH, DELETE',
  playback: 'GET, HEAD, PUT, POST',
  everyone: 'GET, HEAD',
} as const
const ALLOW_API_HEADERS = 'Authorization, Content-Type, Range, If-None-Match'
/** What players send of their own accord: Common Media Client Data (CTA-5004), and Apple's id of a viewing. */
const PLAYER_HEADERS = 'CMCD-Request, CMCD-Object, CMCD-Session, CMCD-Status, Cache-Control, X-Playback-Session-Id'
const ALLOW_HEADERS = {
  api: ALLOW_API_HEADERS,
  playback: `${ALLOW_API_HEADERS}, ${PLAYER_HEADERS}`,
  everyone: ALLOW_API_HEADERS,
} as const
const EXPOSE_HEADERS =
  'X-Request-Id, Retry-After, Link, RateLimit, RateLimit-Policy, Content-Length, Content-Range, Accept-Ranges, ETag'
const MAX_AGE_SECONDS = '600'

/** Undefined without an `Origin` (Fetch standard §3.2). */
export function readCors(c: HttpContext, family: Surface['cors'], rules: CorsRules): CrossOrigin | undefined {
  const origin = c.req.header('Origin')
  if (origin === undefined) return undefined
  const rule = family === 'everyone' ? '*' : rules[family]
  return {
    allowed: allowedOrigin(rule, origin),
    isPreflight: c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') !== undefined,
  }
}

/** The answer before authentication. */
export function answerPreflight(c: HttpContext, family: Surface['cors'], { allowed }: CrossOrigin): Response {
  const headers = { 'Cache-Control': 'no-store' }
  if (allowed === undefined) return c.body(null, 204, headers)
  return c.body(null, 204, {
    ...headers,
    'Access-Control-Allow-Methods': ALLOW_METHODS[family],
    'Access-Control-Allow-Headers': ALLOW_HEADERS[family],
    'Access-Control-Max-Age': MAX_AGE_SECONDS,
  })
}

/** Lets the page read the answer and what it says of itself. */
export function allowReading(headers: Headers, { allowed, isPreflight }: CrossOrigin): void {
  if (allowed === undefined) return
  headers.set('Access-Control-Allow-Origin', allowed)
  if (!isPreflight) headers.set('Access-Control-Expose-Headers', EXPOSE_HEADERS)
}
