// What a request for a film says of its viewer: the token in its query, the page it comes from, the client.
import { OWN_PAGE, pageOriginOf } from '../core/playback/page-origin.ts'
import { deviceClass, playerFamily } from '../core/playback/player-family.ts'
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
    device: deviceClass(c.req.header('User-Agent')),
    wantsPrivacy: wantsPrivacy(c),
    pageOrigin: pageOrigin === requestOrigin(c.req.raw) ? OWN_PAGE : pageOrigin,
  }
}

/** Global Privacy Control: what the client says of itself is not kept. */
export function wantsPrivacy(c: HttpContext): boolean {
  return c.req.header('Sec-GPC') === '1'
}
