// /media/{key}: the bytes of an object, or an upload, under a presigned URL. Verified before anything is asked.
import { mediaApi } from '../../api/media.ts'
import { formatHttpDate, parseHttpDate } from '../../core/http/http-date.ts'
import { contentRange } from '../../core/http/range.ts'
import { readMedia, writeMedia, type MediaAddress, type MediaDeps } from '../../domain/delivery/media.ts'
import type { MediaAnswer } from '../../domain/delivery/serve-object.ts'
import { rawPath, type HttpContext } from '../context.ts'
import { objectRead } from '../object-read.ts'
import type { Router } from '../router.ts'

export function mediaRoutes(router: Router, deps: MediaDeps<ReadableStream<Uint8Array>>): void {
  router.public(mediaApi.readMedia, async (request) =>
    sendMedia(await readMedia(deps, { ...address(request.c), ...objectRead(request) })),
  )

  router.public(mediaApi.writeMedia, async ({ c, origin, defer }) => {
    const { etag } = await writeMedia(deps, {
      ...address(c),
      body: c.req.raw.body ?? new Blob([]).stream(),
      contentLength: c.req.header('Content-Length'),
      headers: {
        contentType: c.req.header('Content-Type'),
        contentEncoding: c.req.header('Content-Encoding'),
        contentLanguage: c.req.header('Content-Language'),
        cacheControl: c.req.header('Cache-Control'),
        expiresSeconds: parseHttpDate(c.req.header('Expires') ?? '', deps.nowMs() / 1000),
      },
      ifMatch: c.req.header('If-Match'),
      ifNoneMatch: c.req.header('If-None-Match'),
      origin,
      defer,
    })
    return c.body(null, 200, { ETag: etag })
  })
}

/** The stored bytes as they are: they are encoded already, if they are. `isSecret`: no cache may keep them. */
export function sendMedia(
  answer: MediaAnswer<ReadableStream<Uint8Array>>,
  { isSecret = false }: { readonly isSecret?: boolean } = {},
): Response {
  const headers = { ...headersOf(answer), ...(isSecret ? { 'Cache-Control': 'no-store' } : {}) }
  return new Response(answer.body ?? null, { status: answer.status, headers, encodeBody: 'manual' })
}

/** The address as it came, for the signature covers its spelling. */
function address(c: HttpContext): MediaAddress {
  const url = new URL(c.req.url)
  return { host: url.host, rawPath: rawPath(c.req.raw), rawQuery: url.search.slice(1) }
}

function headersOf(answer: MediaAnswer<unknown>): Record<string, string> {
  const { info, range, contentType, contentDisposition, status } = answer
  const codings = answer.contentCodings.join(', ')
  const validators = {
    ETag: info.etag,
    'Last-Modified': formatHttpDate(info.modifiedSeconds),
    'Cache-Control': answer.cacheControl,
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ...(codings === '' ? {} : { Vary: 'Accept-Encoding' }),
  }
  if (status === 304) return validators
  return {
    ...validators,
    'Accept-Ranges': 'bytes',
    'Content-Type': contentType,
    ...(codings === '' ? {} : { 'Content-Encoding': codings }),
    ...(answer.contentLanguage === undefined ? {} : { 'Content-Language': answer.contentLanguage }),
    'Content-Length': String(range?.length ?? info.sizeBytes),
    // A browser opens XML as a document, whose scripts would run as ours.
    ...(contentType.endsWith('+xml') ? { 'Content-Security-Policy': "sandbox; default-src 'none'" } : {}),
    ...(range === undefined ? {} : { 'Content-Range': contentRange(range, info.sizeBytes) }),
    ...(contentDisposition === undefined ? {} : { 'Content-Disposition': contentDisposition }),
  }
}
