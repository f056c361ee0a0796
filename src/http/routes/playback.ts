// Public playback: redirects to presigned URLs, and rewritten playlists.
import type { Operation } from '../../api/operation.ts'
import { PLAYLIST_TYPE, playbackApi } from '../../api/playback.ts'
import type { Link } from '../../domain/delivery/delivery.ts'
import { findStream, originalLink, thumbnailLink } from '../../domain/playback/playback.ts'
import { readStreamFile, type StreamDeps, type StreamRequest } from '../../domain/playback/stream.ts'
import type { StreamFile } from '../../domain/playback/stream-file.ts'
import { acceptsGzip, toBody } from '../content-encoding.ts'
import type { HttpContext } from '../context.ts'
import type { PublicRequest, Router } from '../router.ts'

export function playbackRoutes(router: Router, deps: StreamDeps): void {
  router.public(playbackApi.getThumbnail, async ({ c, origin, param }) =>
    redirectTo(c, await thumbnailLink(deps, { jobId: param('job_id'), method: readMethod(c), origin })),
  )

  router.public(playbackApi.getOriginal, async ({ c, origin, query }) => {
    const source = query.path === undefined ? { jobId: query.job_id ?? '' } : { storagePath: query.path }
    const isDownload = query.download === '1'
    return redirectTo(c, await originalLink(deps, { source, method: readMethod(c), origin, isDownload }))
  })

  router.public(playbackApi.getStream, async (request) => {
    const { c, param } = request
    if (c.req.method === 'HEAD') {
      await findStream(deps, param('job_id'))
      return c.body(null, 200, { 'Content-Type': PLAYLIST_TYPE, 'Cache-Control': 'private, no-cache' })
    }
    return sendStreamFile(c, await readStreamFile(deps, streamRequest(request, param('job_id'), undefined)))
  })

  router.public(playbackApi.getStreamFile, async (request) => {
    const { c, param } = request
    const file = streamRequest(request, param('job_id'), pathBelowStream(c.req.path))
    return sendStreamFile(c, await readStreamFile(deps, file))
  })
}

const NO_QUERY: ReadonlyMap<string, string> = new Map()

function streamRequest(
  { c, origin, defer }: Pick<PublicRequest<Operation>, 'c' | 'origin' | 'defer'>,
  jobId: string,
  rawPath: string | undefined,
): StreamRequest {
  const { url } = c.req
  return {
    address: url,
    jobId,
    rawPath,
    query: url.includes('?') ? new Map(new URL(url).searchParams) : NO_QUERY,
    origin,
    acceptsGzip: () => acceptsGzip(c.req.raw),
    has: (etag) => matches(c.req.header('If-None-Match'), etag),
    defer,
  }
}

/** What follows the job id, as it came, undecoded. */
function pathBelowStream(path: string): string {
  return path.slice(path.indexOf('/', '/api/playback/stream/'.length) + 1)
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

/** Weak comparison (RFC 9110 §13.1.2). */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === etag) return true
  const opaque = etag.replace(/^W\//, '')
  return ifNoneMatch.split(',').some((candidate) => {
    const trimmed = candidate.trim()
    return trimmed === '*' || trimmed.replace(/^W\//, '') === opaque
  })
}
