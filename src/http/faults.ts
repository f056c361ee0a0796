// Where every fault becomes a response: the surface's error format, its headers, and what the log may know of it.
import { Fault, FAULTS } from '../core/fault.ts'
import { causeName } from '../domain/log.ts'
import type { HttpContext } from './context.ts'
import { pageHeaders } from './pages/layout.ts'
import { notFoundPage } from './pages/not-found-page.ts'
import { surfaceOf } from './surface.ts'

/** Total: an error that is no Fault is `internal_error`, and its message stays inside. */
export function answerFault(c: HttpContext, error: unknown): Response | Promise<Response> {
  const fault = error instanceof Fault ? error : new Fault('internal_error', 'Internal Server Error', { cause: error })
  const { status } = FAULTS[fault.code]
  c.set('fault', { code: fault.code, cause: causeName(fault.cause), reason: fault.reason })
  c.header('Cache-Control', 'no-store')
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  if (fault.allow !== undefined) c.header('Allow', fault.allow.join(', '))
  if (fault.objectBytes !== undefined) c.header('Content-Range', `bytes */${fault.objectBytes}`)
  if (fault.retryAfterSeconds !== undefined) c.header('Retry-After', String(fault.retryAfterSeconds))

  const surface = surfaceOf(c.req.path)
  if (fault.code === 'not_found' && (surface.name === 'pages' || wantsPage(c, surface.name))) {
    for (const [name, value] of Object.entries(pageHeaders([]))) c.header(name, value)
    return c.html(notFoundPage(), status)
  }
  return c.json(surface.writeError(fault), status)
}

/** A person's browser on an unknown path outside the API gets a page with a way home; programs get JSON. */
function wantsPage(c: HttpContext, surface: string): boolean {
  const isApi = surface !== 'lynxvizion' || c.req.path.startsWith('/api')
  return !isApi && (c.req.header('Accept') ?? '').includes('text/html')
}
