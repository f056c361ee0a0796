// What a request carries through the middleware: Hono's typed variables, and nothing about the business.
import type { Context } from 'hono'
import { Fault } from '../core/fault.ts'
import { isSignableOrigin } from '../core/sigv4/presigner.ts'
import type { Principal } from '../core/auth/principal.ts'

export interface RequestVariables {
  requestId: string
  /** The matched pattern, for the log: never the path, which can be a secret. */
  route: string | undefined
  /** What the log may add to its line. */
  fault: { readonly code: string; readonly cause: string | undefined; readonly reason: string | undefined } | undefined
  /** Who is calling, for the log; undefined on public routes and until it is proven. */
  principal: Principal | undefined
  /** Answered without any I/O: such an answer is counted and not logged by itself. */
  isFromMemory: boolean | undefined
}

export interface HttpEnv {
  Variables: RequestVariables
}

export type HttpContext = Context<HttpEnv>

/** Parsing is expensive, and one host is what nearly all requests of an isolate name. */
let lastOrigin = { raw: '', origin: '' }

/**
 * `https://host[:port]` the caller used, as URL.origin spells it. 400 for a `Host` that is not valid: no URL could be
 * made of it, or signed for it.
 */
export function requestOrigin(request: Request): string {
  const { url } = request
  const end = url.indexOf('/', url.indexOf('://') + 3)
  const raw = end === -1 ? url : url.slice(0, end)
  if (raw !== lastOrigin.raw) {
    const origin = URL.parse(raw)?.origin
    if (origin === undefined || !isSignableOrigin(origin)) throw new Fault('bad_request', 'Host header is malformed')
    lastOrigin = { raw, origin }
  }
  return lastOrigin.origin
}

/** The path as it came: undecoded, so that what is routed is what is authorised and forwarded. */
export function rawPath(request: Request): string {
  const { url } = request
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end === -1 ? url.slice(start) : url.slice(start, start + end)
}
