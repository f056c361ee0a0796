// What a request for a film says of its viewer: the token in its query, the page it comes from, the client.
import { OWN_PAGE, pageOriginOf } from '../core/playback/page-origin.ts'
import { playerFamily } from '../core/playback/player-family.ts'
import type { ClientInfo } from '../core/playback/policy.ts'
import type { Viewer } from '../domain/playback/viewing.ts'
import { requestOrigin, type HttpContext } from './context.ts'

export function viewerOf(
  c: HttpContext,
  token: string | undefined,
  readClientInfo: (request: Request) => ClientInfo,
): Viewer {
  const pageOrigin = pageOriginOf(c.req.header('Origin'), c.req.header('Referer'))
  return {
    token: token === '' ? undefined : token,
    client: readClientInfo(c.req.raw),
    player: playerFamily(c.req.header('User-Agent')),
    pageOrigin: pageOrigin === requestOrigin(c.req.raw) ? OWN_PAGE : pageOrigin,
  }
}
