// Where every fault becomes a response: the surface's error format, its headers, and what the log may know of it.
import { Fault, FAULTS } from '../core/fault.ts'
import { causeName } from '../domain/log.ts'
import type { HttpContext } from './context.ts'
import { pageHeaders } from './pages/layout.ts'
import type { PageLook } from './pages/look.ts'
import { problemPage } from './pages/problem-page.ts'
import { pageView } from './page-view.ts'
import { surfaceOf } from './surface.ts'

export type AnswerFault = (c: HttpContext, error: unknown) => Response | Promise<Response>

/** Total: an error that is no Fault is `internal_error`, and its message stays inside. */
export function faultAnswers(look: PageLook): AnswerFault {
  return (c, error) => answerFault(c, error, look)
}

function answerFault(c: HttpContext, error: unknown, look: PageLook): Response | Promise<Response> {
  const fault = error instanceof Fault ? error : new Fault('internal_error', 'Internal Server Error', { cause: error })
  const { status } = FAULTS[fault.code]
  c.set('fault', { code: fault.code, cause: causeName(fault.cause), reason: fault.reason })
  c.header('Cache-Control', 'no-store')
  if (status === 401) c.header('WWW-Authenticate', 'Bearer')
  if (fault.allow !== undefined) c.header('Allow', fault.allow.join(', '))
  if (fault.objectBytes !== undefined) c.header('Content-Range', `bytes */${fault.objectBytes}`)
  if (fault.retryAfterSeconds !== undefined) c.header('Retry-After', String(fault.retryAfterSeconds))

  const surface = surfaceOf(c.req.path)
  if (isForPeople(c, surface.name, fault)) {
    const isEmbedded = c.req.path.startsWith('/embed/')
    // What it says is no secret, and a site that shows the frame is to see it.
    const headers = pageHeaders(look, isEmbedded ? { parents: '*' } : {})
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    return c.html(problemPage(pageView(c, look), fault, isEmbedded), status)
  }
  return c.json(surface.writeError(fault), status)
}

/**
 * A person's browser gets a page: on an unknown path outside the API, and for whatever is wrong with a page. Programs get
 * JSON, but for a page that is not there: links to it are opened by people.
 */
function isForPeople(c: HttpContext, surface: string, { code }: Fault): boolean {
  const isBrowser = (c.req.header('Accept') ?? '').includes('text/html')
  if (surface === 'pages') return code === 'not_found' || (isBrowser && code !== 'method_not_allowed')
  const isApi = surface !== 'lynxvizion' || c.req.path.startsWith('/api')
  return code === 'not_found' && !isApi && isBrowser
}
