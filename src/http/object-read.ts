// What a request asks of an object: its range, its conditions, and the content codings that its client takes.
import type { Operation } from '../api/operation.ts'
import { parseRange } from '../core/http/range.ts'
import type { ObjectRead } from '../domain/delivery/serve-object.ts'
import { takesCoding } from './content-encoding.ts'
import type { PublicRequest } from './router.ts'

/** The headers of RFC 9110 §13 and §14, as they came. */
export function objectRead({ c, origin, defer }: Pick<PublicRequest<Operation>, 'c' | 'origin' | 'defer'>): ObjectRead {
  const header = (name: string): string | undefined => c.req.header(name)
  return {
    isHead: c.req.method === 'HEAD',
    range: parseRange(header('Range')),
    ifRange: header('If-Range'),
    takesCoding: (coding) => takesCoding(c.req.raw, coding),
    conditions: {
      ifMatch: header('If-Match'),
      ifNoneMatch: header('If-None-Match'),
      ifModifiedSince: header('If-Modified-Since'),
      ifUnmodifiedSince: header('If-Unmodified-Since'),
    },
    origin,
    defer,
  }
}
