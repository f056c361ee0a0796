// What a grown-up object server answers: one table, asked of /media and of an S3 endpoint. `s3` is given where
// that endpoint is known to answer otherwise; docs/delivery.md lists the kinds of difference.
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
  readonly s3?: Expected
  /** Why `s3` differs: a kind of difference named in docs/delivery.md. */
  readonly difference?: Difference
}

export type Difference = 'HEAD with a range'

const whole = (size: Size): Expected => ({ status: 200, bytes: [0, size] })
const part = (offset: number, length: number): Expected => ({ status: 206, bytes: [offset, length] })
const NOTHING = { status: 304 }
const FAILED = { status: 412 }
const UNSATISFIABLE = { status: 416 }

const RANGES: readonly (readonly [Size, string, Expected])[] = [
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
  [10, 'bytes=5-2', whole(10)],
  [10, 'bytes=a-b', whole(10)],
  [10, 'bytes=', whole(10)],
  [10, 'bytes=-', whole(10)],
  [10, 'items=0-4', whole(10)],
  [10, 'bytes=0-1,3-4', whole(10)],
  [10, 'bytes=0-99999999999999999999', part(0, 10)],
  [10, 'bytes=99999999999999999999-', UNSATISFIABLE],
  [1, 'bytes=0-0', part(0, 1)],
  [1, 'bytes=0-', part(0, 1)],
  [1, 'bytes=-5', part(0, 1)],
  [1, 'bytes=1-', UNSATISFIABLE],
  [0, 'bytes=0-', UNSATISFIABLE],
  [0, 'bytes=0-0', UNSATISFIABLE],
  [0, 'bytes=-5', whole(0)],
  [0, 'bytes=-0', UNSATISFIABLE],
  [70_000, 'bytes=0-65535', part(0, 65_536)],
  [70_000, 'bytes=65536-69999', part(65_536, 4464)],
  [70_000, 'bytes=69999-', part(69_999, 1)],
  [70_000, 'bytes=-65536', part(4464, 65_536)],
  [70_000, 'bytes=70000-', UNSATISFIABLE],
]

const CONDITIONS: readonly (readonly [Record<string, string>, Expected])[] = [
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
  [{ 'If-Unmodified-Since': '{modified}' }, whole(10)],
  [{ 'If-Unmodified-Since': '{after}' }, whole(10)],
  [{ 'If-Unmodified-Since': '{before}' }, FAILED],
  [{ 'If-Unmodified-Since': 'yesterday' }, whole(10)],
  [{ 'If-Match': '{etag}', 'If-Unmodified-Since': '{before}' }, whole(10)],
  [{ 'If-None-Match': '{etag}', 'If-Modified-Since': '{before}' }, NOTHING],
  [{ 'If-None-Match': '"other"', 'If-Modified-Since': '{after}' }, whole(10)],
  [{ 'If-Match': '"other"', 'If-None-Match': '{etag}' }, FAILED],
  [{ 'If-Match': '{etag}', 'If-None-Match': '{etag}' }, NOTHING],
]

const CONDITIONAL_RANGES: readonly (readonly [Size, Record<string, string>, Expected])[] = [
  [10, { Range: 'bytes=2-3', 'If-Range': '{etag}' }, part(2, 2)],
  [10, { Range: 'bytes=2-3', 'If-Range': '"other"' }, whole(10)],
  [10, { Range: 'bytes=2-3', 'If-Range': 'W/{etag}' }, whole(10)],
  [10, { Range: 'bytes=2-3', 'If-Range': '{modified}' }, part(2, 2)],
  [10, { Range: 'bytes=2-3', 'If-Range': '{before}' }, whole(10)],
  [10, { Range: 'bytes=2-3', 'If-Range': '{after}' }, whole(10)],
  [10, { Range: 'bytes=2-3', 'If-Range': 'nonsense' }, whole(10)],
  [10, { Range: 'bytes=50-', 'If-Range': '"other"' }, whole(10)],
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
  [70_000, { Range: 'bytes=60000-', 'If-Range': '"other"' }, whole(70_000)],
  [0, { 'If-None-Match': '{etag}' }, NOTHING],
  [0, { Range: 'bytes=0-', 'If-Range': '"other"' }, whole(0)],
]

const HEADS: readonly (readonly [Size, Record<string, string>, Expected])[] = [
  [10, { Range: 'bytes=2-3' }, whole(10)],
  [10, { Range: 'bytes=50-' }, whole(10)],
  [10, { 'If-None-Match': '{etag}' }, NOTHING],
  [10, { 'If-Match': '"other"' }, FAILED],
  [10, { 'If-Modified-Since': '{modified}' }, NOTHING],
  [10, { 'If-Unmodified-Since': '{before}' }, FAILED],
]

export const CONFORMANCE: readonly ConformanceCase[] = [
  ...SIZES.flatMap((size): ConformanceCase[] => [
    { size, method: 'GET', headers: {}, expected: whole(size) },
    { size, method: 'HEAD', headers: {}, expected: whole(size) },
  ]),
  ...RANGES.map(([size, Range, expected]): ConformanceCase => ({ size, method: 'GET', headers: { Range }, expected })),
  ...CONDITIONS.map(([headers, expected]): ConformanceCase => ({ size: 10, method: 'GET', headers, expected })),
  ...CONDITIONAL_RANGES.map(([size, headers, expected]): ConformanceCase => ({ size, method: 'GET', headers, expected })),
  ...HEADS.map(([size, headers, expected]): ConformanceCase => ({ size, method: 'HEAD', headers, expected })),
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
  if (expected.status === 416) expect(response.headers.get('Content-Range')).toBe(`bytes */${size}`)
}
