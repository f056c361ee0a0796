// /console: one page for every room, and the files it is made of. It asks nothing: what it shows comes from the API.
import { pagesApi } from '../../api/pages.ts'
import { Fault } from '../../core/fault.ts'
import type { HttpContext } from '../context.ts'
import { consoleHeaders, consolePage, type ConsoleOrigins } from '../pages/console-page.ts'
import type { Router } from '../router.ts'

interface ConsoleRouteDeps {
  readonly settings: object
  readonly origins: ConsoleOrigins
  readonly readAsset: (path: string, request: Request) => Promise<Response | undefined>
}

const ASSETS = '/console/assets/'

/** Parts of the console carry a hash of their content in their name; what it begins with has a fixed name. */
const HASHED = /-[A-Z0-9]{8}\.(?:js|css)$/

export function consoleRoutes(router: Router, { settings, origins, readAsset }: ConsoleRouteDeps): void {
  const headers = Object.entries(consoleHeaders(origins))
  const sendPage = (c: HttpContext): Response | Promise<Response> => {
    for (const [name, value] of headers) c.header(name, value)
    return c.html(consolePage(settings))
  }

  async function sendAsset(c: HttpContext): Promise<Response> {
    const asset = await readAsset(c.req.path, c.req.raw)
    if (asset === undefined) throw new Fault('not_found', 'Not Found')
    const answer = new Response(asset.status === 304 ? null : asset.body, asset)
    const isHashed = HASHED.test(c.req.path)
    answer.headers.set('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'public, no-cache')
    return answer
  }

  router.public(pagesApi.showConsole, ({ c }) => sendPage(c))
  router.public(pagesApi.getConsolePart, ({ c }) => (c.req.path.startsWith(ASSETS) ? sendAsset(c) : sendPage(c)))
}
