// Headers of an answer that is already made. Hono's own `c.header` then copies the whole answer, each time.
import type { HttpContext } from './context.ts'

/** Changes them in place; those of a fetch cannot be changed, so that answer is copied first. */
export function changeHeaders(c: HttpContext, change: (headers: Headers) => void): void {
  try {
    change(c.res.headers)
  } catch {
    const copy = new Response(c.res.body, c.res)
    // Hono merges an answer into the one before it, unless there is none.
    c.res = undefined
    c.res = copy
    change(copy.headers)
  }
}
