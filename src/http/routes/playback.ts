// Public playback: redirects to presigned URLs, and rewritten playlists.
import * as v from 'valibot'
import { Fault } from '../../core/fault.ts'
import type { Link } from '../../domain/delivery/delivery.ts'
import { findStream, originalLink, thumbnailLink } from '../../domain/playback/playback.ts'
import { readStreamFile, type StreamDeps, type StreamFile, type StreamRequest } from '../../domain/playback/stream.ts'
import { acceptsGzip, toBody } from '../content-encoding.ts'
import type { HttpContext } from '../context.ts'
import type { RouteRequest, Router } from '../router.ts'

const TAG = 'Playback'
const PLAYERS_OWN = 'Parameters that players add are ignored.'
const PLAYLISTS_OWN = 'Players may add parameters; a playlist can read them (EXT-X-DEFINE with QUERYPARAM).'
const redirect = { description: 'To the presigned object', contentType: '*/*' }
const playlist = { description: 'The playlist, every URI rewritten', contentType: 'application/vnd.apple.mpegurl' }

const directQuery = v.strictObject({
  job_id: v.optional(v.string()),
  path: v.optional(v.string()),
  download: v.optional(v.picklist(['0', '1'])),
})

export function playbackRoutes(router: Router, deps: StreamDeps): void {
  router.add(
    {
      method: 'GET',
      path: '/api/playback/thumbnail/{job_id}',
      tag: TAG,
      summary: 'The thumbnail',
      access: 'public',
      openQuery: PLAYERS_OWN,
      answers: { 302: redirect },
    },
    async ({ c, origin, param }) =>
      redirectTo(c, await thumbnailLink(deps, { jobId: param('job_id'), method: readMethod(c), origin })),
  )

  router.add(
    {
      method: 'GET',
      path: '/api/playback/direct',
      tag: TAG,
      summary: 'The original film, for progressive playback or download',
      description: 'Exactly one of `job_id` and `path`; `path` is the storage path of a registered video.',
      access: 'public',
      query: directQuery,
      openQuery: PLAYERS_OWN,
      answers: { 302: redirect },
    },
    async ({ c, origin, query }) =>
      redirectTo(
        c,
        await originalLink(deps, {
          source: oneSource(query),
          method: readMethod(c),
          origin,
          isDownload: query.download === '1',
        }),
      ),
  )

  router.add(
    {
      method: 'GET',
      path: '/api/playback/stream/{job_id}',
      tag: TAG,
      summary: 'The HLS entry playlist; HEAD asks whether there is one',
      access: 'public',
      openQuery: PLAYLISTS_OWN,
      answers: { 200: playlist },
    },
    async (request) => {
      const { c, param } = request
      if (c.req.method === 'HEAD') {
        await findStream(deps, param('job_id'))
        return c.body(null, 200, { 'Content-Type': playlist.contentType, 'Cache-Control': 'private, no-cache' })
      }
      return sendStreamFile(c, await readStreamFile(deps, streamRequest(request, undefined)))
    },
  )

  router.add(
    {
      method: 'GET',
      path: '/api/playback/stream/{job_id}/{path}',
      isDeep: true,
      tag: TAG,
      summary: 'A file of the stream that players ask the API for',
      description: 'Child playlists, key files of at most 64 bytes, and JSON or WebVTT that name objects.',
      access: 'public',
      openQuery: PLAYLISTS_OWN,
      answers: { 200: playlist },
    },
    async (request) => {
      const { c } = request
      return sendStreamFile(c, await readStreamFile(deps, streamRequest(request, pathBelowStream(c.req.path))))
    },
  )
}

const NO_QUERY: ReadonlyMap<string, string> = new Map()

function streamRequest(
  { c, origin, param, defer }: RouteRequest<unknown, unknown, 'public'>,
  rawPath: string | undefined,
): StreamRequest {
  const { url } = c.req
  return {
    address: url,
    jobId: param('job_id'),
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

function oneSource(query: v.InferOutput<typeof directQuery>): { jobId: string } | { storagePath: string } {
  if (query.job_id !== undefined && query.path === undefined) return { jobId: query.job_id }
  if (query.path !== undefined && query.job_id === undefined) return { storagePath: query.path }
  throw new Fault('validation_error', 'job_id: give exactly one of job_id and path')
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
