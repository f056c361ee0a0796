// /media/{key}: the bytes of an object, or an upload, under a presigned URL. Verified before anything is asked.
import { formatHttpDate } from '../../core/http/http-date.ts'
import { contentRange, parseRange } from '../../core/http/range.ts'
import {
  readMedia,
  writeMedia,
  type MediaAddress,
  type MediaAnswer,
  type MediaDeps,
} from '../../domain/delivery/media.ts'
import { rawPath, type HttpContext } from '../context.ts'
import type { Router } from '../router.ts'

const TAG = 'Media'
const PATH = '/media/{key}'
const OTHER_PARAMETERS = 'The signature decides about each parameter.'
const bytes = { description: 'The bytes', contentType: '*/*' }

export function mediaRoutes(router: Router, deps: MediaDeps<ReadableStream<Uint8Array>>): void {
  router.add(
    {
      method: 'GET',
      path: PATH,
      isDeep: true,
      tag: TAG,
      summary: 'An object under its presigned URL',
      description:
        'Only with `edge` delivery. Single ranges, If-Range and all conditions of RFC 9110; a GET signature serves HEAD too. ' +
        'The parameters `CMCD`, `CMSD` and `_HLS_*` may be added; any other change is a 403.',
      access: 'public',
      openQuery: OTHER_PARAMETERS,
      answers: {
        200: bytes,
        206: { description: 'A range of them', contentType: '*/*' },
        304: { description: 'The caller has them' },
      },
    },
    async ({ c, origin, defer }) => {
      const header = (name: string): string | undefined => c.req.header(name)
      const answer = await readMedia(deps, {
        ...address(c),
        isHead: c.req.method === 'HEAD',
        range: parseRange(header('Range')),
        ifRange: header('If-Range'),
        conditions: {
          ifMatch: header('If-Match'),
          ifNoneMatch: header('If-None-Match'),
          ifModifiedSince: header('If-Modified-Since'),
          ifUnmodifiedSince: header('If-Unmodified-Since'),
        },
        origin,
        defer,
      })
      const { body, status } = answer
      const headers = headersOf(answer)
      return body === undefined || status === 304 ? c.body(null, status, headers) : c.body(body, status, headers)
    },
  )

  router.add(
    {
      method: 'PUT',
      path: PATH,
      isDeep: true,
      tag: TAG,
      summary: 'Upload an object to its presigned URL',
      description: 'At most 100 MB. Length and type are those that were signed; Content-Length is required.',
      access: 'public',
      openQuery: OTHER_PARAMETERS,
      answers: { 200: { description: 'Stored; `ETag` names the version' } },
    },
    async ({ c, origin, defer }) => {
      const { etag } = await writeMedia(deps, {
        ...address(c),
        body: c.req.raw.body ?? new Blob([]).stream(),
        contentLength: c.req.header('Content-Length'),
        contentType: c.req.header('Content-Type'),
        ifMatch: c.req.header('If-Match'),
        ifNoneMatch: c.req.header('If-None-Match'),
        origin,
        defer,
      })
      return c.body(null, 200, { ETag: etag })
    },
  )
}

/** The address as it came, for the signature covers its spelling. */
function address(c: HttpContext): MediaAddress {
  const url = new URL(c.req.url)
  return { host: url.host, rawPath: rawPath(c.req.raw), rawQuery: url.search.slice(1) }
}

function headersOf(answer: MediaAnswer<unknown>): Record<string, string> {
  const { facts, range, contentType, contentDisposition, maxAgeSeconds, status } = answer
  const validators = {
    ETag: facts.etag,
    'Last-Modified': formatHttpDate(facts.modifiedSeconds),
    'Cache-Control': `private, max-age=${maxAgeSeconds}`,
    'Cross-Origin-Resource-Policy': 'cross-origin',
  }
  if (status === 304) return validators
  return {
    ...validators,
    'Accept-Ranges': 'bytes',
    'Content-Type': contentType,
    'Content-Length': String(range?.length ?? facts.sizeBytes),
    // A browser opens XML as a document, whose scripts would run as ours.
    ...(contentType.endsWith('+xml') ? { 'Content-Security-Policy': "sandbox; default-src 'none'" } : {}),
    ...(range === undefined ? {} : { 'Content-Range': contentRange(range, facts.sizeBytes) }),
    ...(contentDisposition === undefined ? {} : { 'Content-Disposition': contentDisposition }),
  }
}
