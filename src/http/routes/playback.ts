// Playback: redirects to presigned URLs, rewritten playlists, and the files of private viewings.
import type { Operation } from '../../api/operation.ts'
import { reply } from '../../api/operation.ts'
import { DONE } from '../../api/fields.ts'
import { PLAYLIST_TYPE, playbackApi, type livePlaySchema } from '../../api/playback.ts'
import { playerEventsApi } from '../../api/player-events.ts'
import { matchesIfNoneMatch } from '../../core/http/conditional.ts'
import type { ClientInfo } from '../../core/playback/policy.ts'
import { formatTimestamp } from '../../core/timestamp.ts'
import type { Link } from '../../domain/delivery/delivery.ts'
import { endViewings, type EndingDeps } from '../../domain/playback/ending.ts'
import { originalLink, thumbnailLink } from '../../domain/playback/film-links.ts'
import type { OpenRequest } from '../../domain/playback/entry-playlist.ts'
import { findStream, openStream, readPublicFile, type OpenDeps } from '../../domain/playback/open-stream.ts'
import { readSessionFile, type SessionFileDeps } from '../../domain/playback/session-file.ts'
import { ENTRY_PLAYLIST } from '../../core/storage/media-key.ts'
import type { StreamFile } from '../../domain/playback/stream-file.ts'
import { issueToken, type TokenIssueDeps } from '../../domain/playback/token-issue.ts'
import type { ViewingDeps } from '../../domain/playback/viewing.ts'
import { MAX_REPORT_BYTES } from '../../core/analytics/cmcd.ts'
import { hearPlayer } from '../../domain/playback/player-events.ts'
import { readBytes } from '../body.ts'
import { acceptsGzip, toBody } from '../content-encoding.ts'
import type { HttpContext } from '../context.ts'
import { objectRead } from '../object-read.ts'
import type { PublicRequest, Router } from '../router.ts'
import type * as v from 'valibot'
import { listLiveSessions, type LiveDeps, type LivePlay } from '../../domain/playback/plays.ts'
import { deviceClass, playerFamily } from '../../core/playback/player-family.ts'
import { viewerOf, wantsPrivacy } from '../viewer.ts'
import { sendMedia } from './media.ts'

export interface PlaybackRouteDeps
  extends SessionFileDeps<ReadableStream<Uint8Array>>, OpenDeps, EndingDeps, TokenIssueDeps, LiveDeps {
  readonly playbackSessions: OpenDeps['playbackSessions']
  readonly watching: OpenDeps['watching']
  readonly playbackTokens:
    | (NonNullable<ViewingDeps['playbackTokens']> & NonNullable<TokenIssueDeps['playbackTokens']>)
    | undefined
  readonly playbackRevocations: SessionFileDeps<unknown>['playbackRevocations'] & EndingDeps['playbackRevocations']
  readonly readClientInfo: (request: Request) => ClientInfo
}

export function playbackRoutes(router: Router, deps: PlaybackRouteDeps): void {
  const clientFacts = (c: HttpContext) => ({
    country: deps.readClientInfo(c.req.raw).country,
    player: playerFamily(c.req.header('User-Agent')),
    device: deviceClass(c.req.header('User-Agent')),
  })
  const viewer = (c: HttpContext, token: string | undefined) => viewerOf(c, token, deps.readClientInfo)

  router.public(playbackApi.getThumbnail, async ({ c, origin, param, query }) =>
    redirectTo(
      c,
      await thumbnailLink(deps, {
        jobId: param('job_id'),
        method: readMethod(c),
        origin,
        viewer: viewer(c, query.token),
      }),
    ),
  )

  router.public(playbackApi.getOriginal, async ({ c, origin, query }) => {
    const source = query.path === undefined ? { jobId: query.job_id ?? '' } : { storagePath: query.path }
    const isDownload = query.download === '1'
    const input = { source, method: readMethod(c), origin, isDownload, viewer: viewer(c, query.token) }
    return redirectTo(c, await originalLink(deps, input))
  })

  router.public(
    playbackApi.getStream,
    async (request) => await open(request, request.param('job_id'), request.query.token),
  )

  router.public(playbackApi.getStreamFile, async (request) => {
    const { c, param } = request
    const rawPath = pathBelow(c.req.path, '/api/playback/stream/')
    if (rawPath === ENTRY_PLAYLIST) return await open(request, param('job_id'), c.req.query('token'))
    return sendStreamFile(c, await readPublicFile(deps, { ...openRequest(request, param('job_id')), rawPath }))
  })

  router.public(playbackApi.getSessionFile, async (request) => {
    const { c, param } = request
    const file = await readSessionFile(deps, {
      ...openRequest(request, ''),
      session: param('session'),
      rawPath: pathBelow(c.req.path, '/v/'),
      clientAddress: () => c.req.header('CF-Connecting-IP'),
      client: () => clientFacts(c),
      objectRead: () => objectRead(request),
    })
    return file.kind === 'text' ? sendStreamFile(c, file.file) : sendMedia(file.answer, { isSecret: file.isSecret })
  })

  router.public(playerEventsApi.reportPlayerEvents, async ({ c, param, defer }) => {
    await hearPlayer(deps, {
      session: param('session'),
      address: () => c.req.header('CF-Connecting-IP'),
      report: async () => new TextDecoder().decode(await readBytes(c.req.raw, MAX_REPORT_BYTES)),
      client: () => clientFacts(c),
      wantsPrivacy: wantsPrivacy(c),
      defer,
    })
    return c.body(null, 204, { 'Cache-Control': 'no-store' })
  })

  router.secured(playbackApi.createPlaybackToken, async ({ origin, principal, body }) => {
    const { job_id: jobId, ...claims } = body
    const issued = await issueToken(deps, principal, { jobId, claims })
    const query = `?token=${issued.token}`
    return reply(201, {
      token: issued.token,
      expires_at: formatTimestamp(issued.expiresAtMs),
      stream_url: `${origin}/api/playback/stream/${issued.jobId}/index.m3u8${query}`,
      watch_url: `${origin}/watch/${issued.jobId}${query}`,
      embed_url: `${origin}/embed/${issued.jobId}${query}`,
      thumbnail_url: `${origin}/api/playback/thumbnail/${issued.jobId}${query}`,
    })
  })

  router.secured(playbackApi.createPlaybackRevocation, async ({ principal, body }) => {
    const { viewer: name, job_id, signing_key_id = '' } = body
    const ended =
      name !== undefined
        ? { viewer: name }
        : job_id !== undefined
          ? { jobId: job_id }
          : { signingKeyId: signing_key_id }
    const { id, begunBeforeMs } = await endViewings(deps, principal, { ended, begunBeforeMs: body.begun_before })
    return reply(201, { id, begun_before: formatTimestamp(begunBeforeMs) })
  })

  router.secured(playbackApi.listPlaybackSessions, async ({ principal, query }) => {
    const { job_id: jobId, viewer: name, cursor } = query
    const page = await listLiveSessions(deps, principal, { jobId, viewer: name, cursor })
    return reply(200, { sessions: page.sessions.map(showSession), cursor: page.cursor ?? null })
  })

  router.secured(playbackApi.endPlaybackSession, async ({ principal, param }) => {
    await endViewings(deps, principal, { ended: { sid: param('sid') }, begunBeforeMs: undefined })
    return reply(200, DONE)
  })

  async function open(
    request: Pick<PublicRequest<Operation>, 'c' | 'origin' | 'defer'>,
    jobId: string,
    token: string | undefined,
  ): Promise<Response> {
    const { c } = request
    if (c.req.method === 'HEAD') {
      await findStream(deps, jobId, viewer(c, token))
      return c.body(null, 200, { 'Content-Type': PLAYLIST_TYPE, 'Cache-Control': 'private, no-cache' })
    }
    const opened = await openStream(deps, openRequest(request, jobId), viewer(c, token))
    if (opened.kind === 'file') return sendStreamFile(c, opened.file)
    // Of this viewer alone: the session is in it.
    c.header('Cache-Control', 'no-store')
    if (opened.kind === 'redirect') return c.redirect(opened.location, 302)
    return c.body(opened.text, 200, { 'Content-Type': opened.contentType })
  }
}

function showSession(play: LivePlay): v.InferOutput<typeof livePlaySchema> {
  return {
    sid: play.sid,
    job_id: play.jobId,
    viewer: play.viewer ?? null,
    begun_at: formatTimestamp(play.begunAtMs),
    last_seen_at: formatTimestamp(play.lastSeenAtMs),
    country: play.country ?? null,
    player: play.player,
    bytes: play.bytes,
  }
}

const NO_QUERY: ReadonlyMap<string, string> = new Map()

function openRequest(
  { c, origin, defer }: Pick<PublicRequest<Operation>, 'c' | 'origin' | 'defer'>,
  jobId: string,
): OpenRequest {
  const { url } = c.req
  return {
    address: url,
    jobId,
    query: url.includes('?') ? new Map(new URL(url).searchParams) : NO_QUERY,
    origin,
    acceptsGzip: () => acceptsGzip(c.req.raw),
    has: (etag) => matchesIfNoneMatch(c.req.header('If-None-Match'), etag),
    defer,
  }
}

/** What follows the id after the prefix, as it came, undecoded. */
function pathBelow(path: string, prefix: string): string {
  return path.slice(path.indexOf('/', prefix.length) + 1)
}

function readMethod(c: HttpContext): 'GET' | 'HEAD' {
  return c.req.method === 'HEAD' ? 'HEAD' : 'GET'
}

function redirectTo(c: HttpContext, link: Link): Response {
  c.header('Cache-Control', `private, max-age=${link.maxAgeSeconds}`)
  return c.redirect(link.url, 302)
}

/** One response made at once: Hono's way, header by header, costs a hot playlist as much as all the rest. */
function sendStreamFile(c: HttpContext, file: StreamFile): Response {
  c.set('isFromMemory', file.isFromMemory)
  const headers: Record<string, string> = { 'Cache-Control': file.isSecret ? 'no-store' : 'private, no-cache' }
  if (!file.isSecret) headers['Vary'] = 'Accept-Encoding'
  if (file.etag !== undefined) headers['ETag'] = file.etag
  if (file.body === undefined) return new Response(null, { status: 304, headers })
  headers['Content-Type'] = file.contentType
  if (file.isGzip) headers['Content-Encoding'] = 'gzip'
  // The bytes are compressed already.
  return new Response(toBody(file.body), { headers, encodeBody: 'manual' })
}
