// Headers of a response that is already made. Hono's own `c.header` then copies the whole response, each time.
import type { HttpContext } from './context.ts'

/** Sets a header in place; copies the response only when its headers cannot be changed, as those of a fetch cannot. */
export function setHeader(c: HttpContext, name: string, value: string): void {
  try {
    c.res.headers.set(name, value)
  } catch {
    c.header(name, value)
  }
}

/** The same for a header that may have several values. */
export function appendHeader(c: HttpContext, name: string, value: string): void {
  try {
    c.res.headers.append(name, value)
  } catch {
    c.header(name, value, { append: true })
  }
}
