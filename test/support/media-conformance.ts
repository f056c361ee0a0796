// What a grown-up object server answers: one table, asked of /media and of an S3 endpoint, with the answers of
// the endpoint where it is known to differ.
import { expect } from 'vitest'
import { equalBytes } from '../../src/core/bytes.ts'
import { numberedBytes } from './media.ts'

/** Sizes of the objects the table speaks of: nothing, one byte, a few, and more than one network buffer. */
export const SIZES = [0, 1, 10, 70_000] as const
export type Size = (typeof SIZES)[number]

/** What the server itself said of the object. */
export interface Known {
  readonly etag: string
  readonly lastModified: string
}

export interface Expected {
  readonly status: number
  /** Offset and length of the bytes, or of those a HEAD speaks of; absent when nothing is sent. */
  readonly bytes?: readonly [offset: number, length: number]
}

export interface ConformanceCase {
  readonly size: Size
  readonly method: 'GET' | 'HEAD'
  /** `{etag}`, `{modified}`, `{before}` and `{after}` stand for what is known of the object. */
  readonly headers: Readonly<Record<string, string>>
  readonly expected: Expected
  readonly difference?: Difference
}

/** How the S3 endpoint answers instead; docs/delivery.md says why of each kind. */
export interface Difference {
  readonly kind:
    | 'a range that cannot be read is a 400'
    | 'a range of nothing is a 416'
    | 'If-Range is not looked at'
    | 'HEAD takes a Range'
    | 'If-Unmodified-Since counts fractions of a second'
  readonly s3: Expected
}

const whole = (size: Size): Expected => ({ status: 200, bytes: [0, size] })
const part = (offset: number, length: number): Expected => ({ status: 206, bytes: [offset, length] })
const NOTHING = { status: 304 }
const FAILED = { status: 412 }
const UNSATISFIABLE = { status: 416 }

const UNREADABLE: Difference = { kind: 'a range that cannot be read is a 400', s3: { status: 400 } }
const EMPTY: Difference = { kind: 'a range of nothing is a 416', s3: UNSATISFIABLE }
const FRACTION: Difference = { kind: 'If-Unmodified-Since counts fractions of a second', s3: FAILED }
const noIfRange = (s3: Expected): Difference => ({ kind: 'If-Range is not looked at', s3 })
const headRange = (s3: Expected): Difference => ({ kind: 'HEAD takes a Range', s3 })

const RANGES: readonly (readonly [Size, string, Expected, Difference?])[] = [
  [10, 'bytes=0-0', part(0, 1)],
  [10, 'bytes=0-4', part(0, 5)],
  [10, 'bytes=3-7', part(3, 5)],
  [10, 'bytes=9-9', part(9, 1)],
  [10, 'bytes=0-9', part(0, 10)],
  [10, 'bytes=0-10', part(0, 10)],
  [10, 'bytes=5-1000', part(5, 5)],
  [10, 'bytes=0-', part(0, 10)],
  [10, 'bytes=9-', part(9, 1)],
  [10, 'bytes=-1', part(9, 1)],
  [10, 'bytes=-10', part(0, 10)],
  [10, 'bytes=-11', part(0, 10)],
  [10, 'bytes=10-', UNSATISFIABLE],
  [10, 'bytes=10-10', UNSATISFIABLE],
  [10, 'bytes=1000-2000', UNSATISFIABLE],
  [10, 'bytes=-0', UNSATISFIABLE],
  [10, 'bytes=5-2', whole(10), UNREADABLE],
  [10, 'bytes=a-b', whole(10), UNREADABLE],
  [10, 'bytes=', whole(10), UNREADABLE],
  [10, 'bytes=-', whole(10), UNREADABLE],
  [10, 'items=0-4', whole(10), UNREADABLE],
  [10, 'bytes=0-1,3-4', whole(10), UNREADABLE],
  [10, 'bytes=0-99999999999999999999', part(0, 10)],
  [10, 'bytes=99999999999999999999-', UNSATISFIABLE],
  [1, 'bytes=0-0', part(0, 1)],
  [1, 'bytes=0-', part(0, 1)],
  [1, 'bytes=-5', part(0, 1)],
  [1, 'bytes=1-', UNSATISFIABLE],
  [0, 'bytes=0-', UNSATISFIABLE],
  [0, 'bytes=0-0', UNSATISFIABLE],
  [0, 'bytes=-5', whole(0), EMPTY],
  [0, 'bytes=-0', UNSATISFIABLE],
  [70_000, 'bytes=0-65535', part(0, 65_536)],
  [70_000, 'bytes=65536-69999', part(65_536, 4464)],
  [70_000, 'bytes=69999-', part(69_999, 1)],
  [70_000, 'bytes=-65536', part(4464, 65_536)],
  [70_000, 'bytes=70000-', UNSATISFIABLE],
]

const CONDITIONS: readonly (readonly [Record<string, string>, Expected, Difference?])[] = [
  [{ 'If-Match': '{etag}' }, whole(10)],
  [{ 'If-Match': '*' }, whole(10)],
  [{ 'If-Match': '"other", {etag}' }, whole(10)],
  [{ 'If-Match': '"other"' }, FAILED],
  [{ 'If-Match': 'W/{etag}' }, FAILED],
  [{ 'If-None-Match': '{etag}' }, NOTHING],
  [{ 'If-None-Match': 'W/{etag}' }, NOTHING],
  [{ 'If-None-Match': '*' }, NOTHING],
  [{ 'If-None-Match': '"other", {etag}' }, NOTHING],
  [{ 'If-None-Match': '"other"' }, whole(10)],
  [{ 'If-Modified-Since': '{modified}' }, NOTHING],
  [{ 'If-Modified-Since': '{after}' }, NOTHING],
  [{ 'If-Modified-Since': '{before}' }, whole(10)],
  [{ 'If-Modified-Since': 'yesterday' }, whole(10)],
  [{ 'If-Unmodified-Since': '{modified}' }, whole(10), FRACTION],
  [{ 'If-Unmodified-Since': '{after}' }, whole(10)],
  [{ 'If-Unmodified-Since': '{before}' }, FAILED],
  [{ 'If-Unmodified-Since': 'yesterday' }, whole(10), FRACTION],
  [{ 'If-Match': '{etag}', 'If-Unmodified-Since': '{before}' }, whole(10)],
  [{ 'If-None-Match': '{etag}', 'If-Modified-Since': '{before}' }, NOTHING],
  [{ 'If-None-Match': '"other"', 'If-Modified-Since': '{after}' }, whole(10)],
  [{ 'If-Match': '"other"', 'If-None-Match': '{etag}' }, FAILED],
  [{ 'If-Match': '{etag}', 'If-None-Match': '{etag}' }, NOTHING],
]

const CONDITIONAL_RANGES: readonly (readonly [Size, Record<string, string>, Expected, Difference?])[] = [
  [10, { Range: 'bytes=2-3', 'If-Range': '{etag}' }, part(2, 2)],
  [10, { Range: 'bytes=2-3', 'If-Range': '"other"' }, whole(10), noIfRange(part(2, 2))],
  [10, { Range: 'bytes=2-3', 'If-Range': 'W/{etag}' }, whole(10), noIfRange(part(2, 2))],
  [10, { Range: 'bytes=2-3', 'If-Range': '{modified}' }, part(2, 2)],
  [10, { Range: 'bytes=2-3', 'If-Range': '{before}' }, whole(10), noIfRange(part(2, 2))],
  [10, { Range: 'bytes=2-3', 'If-Range': '{after}' }, whole(10), noIfRange(part(2, 2))],
  [10, { Range: 'bytes=2-3', 'If-Range': 'nonsense' }, whole(10), noIfRange(part(2, 2))],
  [10, { Range: 'bytes=50-', 'If-Range': '"other"' }, whole(10), noIfRange(UNSATISFIABLE)],
  [10, { Range: 'bytes=50-', 'If-Range': '{etag}' }, UNSATISFIABLE],
  [10, { 'If-Range': '"other"' }, whole(10)],
  [10, { Range: 'bytes=2-3', 'If-Match': '{etag}' }, part(2, 2)],
  [10, { Range: 'bytes=2-3', 'If-Match': '"other"' }, FAILED],
  [10, { Range: 'bytes=2-3', 'If-None-Match': '{etag}' }, NOTHING],
  [10, { Range: 'bytes=2-3', 'If-None-Match': '"other"' }, part(2, 2)],
  [10, { Range: 'bytes=2-3', 'If-Modified-Since': '{modified}' }, NOTHING],
  [10, { Range: 'bytes=50-', 'If-None-Match': '{etag}' }, NOTHING],
  [10, { Range: 'bytes=50-', 'If-Match': '"other"' }, FAILED],
  [70_000, { Range: 'bytes=60000-', 'If-Range': '{etag}' }, part(60_000, 10_000)],
  [70_000, { Range: 'bytes=60000-', 'If-Range': '"other"' }, whole(70_000), noIfRange(part(60_000, 10_000))],
  [0, { 'If-None-Match': '{etag}' }, NOTHING],
  [0, { Range: 'bytes=0-', 'If-Range': '"other"' }, whole(0), noIfRange(UNSATISFIABLE)],
]

const HEADS: readonly (readonly [Size, Record<string, string>, Expected, Difference?])[] = [
  [10, { Range: 'bytes=2-3' }, whole(10), headRange(part(2, 2))],
  [10, { Range: 'bytes=50-' }, whole(10), headRange(UNSATISFIABLE)],
  [10, { 'If-None-Match': '{etag}' }, NOTHING],
  [10, { 'If-Match': '"other"' }, FAILED],
  [10, { 'If-Modified-Since': '{modified}' }, NOTHING],
  [10, { 'If-Unmodified-Since': '{before}' }, FAILED],
]

type Row = readonly [
  size: Size,
  headers: Record<string, string>,
  expected: Expected,
  difference?: Difference | undefined,
]

const rows = (method: 'GET' | 'HEAD', list: readonly Row[]): ConformanceCase[] =>
  list.map(([size, headers, expected, difference]) => ({
    size,
    method,
    headers,
    expected,
    ...(difference === undefined ? {} : { difference }),
  }))

export const CONFORMANCE: readonly ConformanceCase[] = [
  ...rows(
    'GET',
    SIZES.map((size) => [size, {}, whole(size)]),
  ),
  ...rows(
    'GET',
    RANGES.map(([size, Range, expected, difference]) => [size, { Range }, expected, difference]),
  ),
  ...rows(
    'GET',
    CONDITIONS.map(([headers, expected, difference]) => [10, headers, expected, difference]),
  ),
  ...rows('GET', CONDITIONAL_RANGES),
  ...rows(
    'HEAD',
    SIZES.map((size) => [size, {}, whole(size)]),
  ),
  ...rows('HEAD', HEADS),
]

/** A case in one line, for the name of its test. */
export function describeCase({ size, method, headers }: ConformanceCase): string {
  const list = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${size} bytes`, ...list].join(', ')
}

/** The case's headers about this object. */
export function headersFor({ headers }: ConformanceCase, known: Known): Record<string, string> {
  const moved = (seconds: number): string => new Date(Date.parse(known.lastModified) + seconds * 1000).toUTCString()
  const fill = (value: string): string =>
    value
      .replace('{etag}', known.etag)
      .replace('{modified}', known.lastModified)
      .replace('{before}', moved(-60))
      .replace('{after}', moved(60))
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]))
}

/** Everything an answer says and sends, held against what is due. */
export async function expectAnswer(
  response: Response,
  { size, method }: ConformanceCase,
  expected: Expected,
  known: Known,
): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer())
  expect(response.status).toBe(expected.status)
  if (expected.bytes !== undefined) {
    const [offset, length] = expected.bytes
    expect(response.headers.get('Content-Length')).toBe(String(length))
    expect(response.headers.get('Accept-Ranges')).toBe('bytes')
    expect(response.headers.get('Last-Modified')).toBe(known.lastModified)
    expect(response.headers.get('Content-Range')).toBe(
      expected.status === 206 ? `bytes ${offset}-${offset + length - 1}/${size}` : null,
    )
    const due = method === 'HEAD' ? new Uint8Array() : numberedBytes(size).slice(offset, offset + length)
    expect(equalBytes(body, due)).toBe(true)
  }
  if (expected.status < 400) expect(response.headers.get('ETag')).toBe(known.etag)
  if (expected.status === 304) expect(body).toHaveLength(0)
}

/** What a 416 owes its caller (RFC 9110 §15.5.17): how much there is. */
export function expectSize(response: Response, { size, expected }: ConformanceCase): void {
  if (expected.status === 416) expect(response.headers.get('Content-Range')).toBe(`bytes */${size}`)
}
