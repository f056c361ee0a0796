// AWS Signature Version 4, one exported function a step, each taking its time, scope and payload explicitly.
// Pure. What a signer and a verifier share is here; the presigned URL itself is made in presigner.ts.
// Spec: AWS IAM User Guide, "Create a signed AWS API request"; S3 API Reference, "Using query parameters".
import { hex, utf8 } from '../bytes.ts'
import { hmacKey, hmacSha256, sha256, type HmacKey } from '../sha256.ts'
import { encodeComponent } from '../uri-encoding.ts'

export const ALGORITHM = 'AWS4-HMAC-SHA256'

/** The payload of a presigned request: the body is unknown when the URL is made. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

const DAY_SECONDS = 86_400

/** The last second of the year 9999: a later one has no eight-digit date. */
const MAX_EPOCH_SECONDS = 253_402_300_799

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

export type NameValue = readonly [name: string, value: string]

export interface CredentialScope {
  /** `yyyymmdd`, the first eight characters of the date and time. */
  readonly date: string
  readonly region: string
  readonly service: string
}

export interface RequestToSign {
  readonly method: string
  /** As `encodePath` writes it. */
  readonly encodedPath: string
  /** As `canonicalQuery` writes it; never with X-Amz-Signature in it. */
  readonly canonicalQuery: string
  /** Every signed header, `host` among them, in any order and case. */
  readonly headers: readonly NameValue[]
  /** SHA-256 of the body in hex, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string
}

/** Epoch seconds as `20130524T000000Z`; all but a whole second of the years 1970 to 9999 throws TypeError. */
export function awsDateTime(epochSeconds: number): string {
  if (!Number.isInteger(epochSeconds) || epochSeconds < 0 || epochSeconds > MAX_EPOCH_SECONDS) {
    throw new TypeError('the signing time must be whole epoch seconds')
  }
  const second = epochSeconds % DAY_SECONDS
  // Days to a civil date, counted from 1 March of the year 0, so that a leap day ends a year.
  const day = (epochSeconds - second) / DAY_SECONDS + 719_468
  const era = Math.floor(day / 146_097)
  const dayOfEra = day - era * 146_097
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = era * 400 + yearOfEra + (month < 3 ? 1 : 0)
  const date = `${digits(year, 4)}${digits(month, 2)}${digits(dayOfMonth, 2)}`
  const minute = Math.floor(second / 60)
  return `${date}T${digits(Math.floor(minute / 60), 2)}${digits(minute % 60, 2)}${digits(second % 60, 2)}Z`
}

function digits(value: number, width: number): string {
  return value.toString().padStart(width, '0')
}

/** The scope of a credential: `20130524/us-east-1/s3/aws4_request`. */
export function credentialScope(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`
}

/**
 * Decoded names and values as the canonical query: encoded first, then sorted by name and, for equal
 * names, by value. A lone surrogate throws TypeError.
 */
export function canonicalQuery(pairs: Iterable<NameValue>): string {
  return Array.from(pairs, ([name, value]): NameValue => [encodeComponent(name), encodeComponent(value)])
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** Encoded text is ASCII, so comparing code units is comparing bytes. */
function byNameThenValue(a: NameValue, b: NameValue): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1
  if (a[1] === b[1]) return 0
  return a[1] < b[1] ? -1 : 1
}

/**
 * Headers with lower-case names in order, values trimmed and runs of spaces made one, a repeated name
 * joined by commas in the order given. What cannot stand in one header line throws TypeError: a line
 * break in a value would write canonical lines of its own.
 */
export function canonicalHeaders(headers: readonly NameValue[]): NameValue[] {
  const values = new Map<string, string>()
  for (const [name, value] of headers) {
    if (!HEADER_NAME.test(name)) throw new TypeError('a signed header has an invalid name')
    if (/[\0\r\n]/.test(value)) throw new TypeError('a signed header has a line break in its value')
    const key = name.toLowerCase()
    const line = value.trim().replace(/ +/g, ' ')
    const earlier = values.get(key)
    values.set(key, earlier === undefined ? line : `${earlier},${line}`)
  }
  return [...values].sort(byNameThenValue)
}

/** The names of signed headers as X-Amz-SignedHeaders lists them: `content-type;host`. */
export function signedHeaderNames(headers: readonly NameValue[]): string {
  return canonicalHeaders(headers)
    .map(([name]) => name)
    .join(';')
}

/** Step 1: the canonical request. */
export function canonicalRequest(request: RequestToSign): string {
  return `${request.method}\n${request.encodedPath}${canonicalRequestTail(request)}`
}

/** What follows the path in the canonical request: the same for every path of one query. */
export function canonicalRequestTail(request: Omit<RequestToSign, 'method' | 'encodedPath'>): string {
  const lines = canonicalHeaders(request.headers).map(([name, value]) => `${name}:${value}\n`)
  const names = signedHeaderNames(request.headers)
  return `\n${request.canonicalQuery}\n${lines.join('')}\n${names}\n${request.payloadHash}`
}

/** Steps 2 and 3: the string to sign, which holds the hash of the canonical request. */
export function stringToSign(dateTime: string, scope: CredentialScope, request: string): string {
  return stringToSignHead(dateTime, scope) + hex(sha256(utf8(request)))
}

/** The lines of the string to sign that come before the hash: the same for every URL of one time and scope. */
export function stringToSignHead(dateTime: string, scope: CredentialScope): string {
  return `${ALGORITHM}\n${dateTime}\n${credentialScope(scope)}\n`
}

/** The signing key of one day, region and service, 32 bytes. */
export function deriveSigningKey(secretAccessKey: string, scope: CredentialScope): Uint8Array<ArrayBuffer> {
  let key = utf8(`AWS4${secretAccessKey}`)
  for (const part of [scope.date, scope.region, scope.service, 'aws4_request']) {
    key = hmacSha256(hmacKey(key), utf8(part))
  }
  return key
}

/** Step 4: the signature, 64 lower-case hex digits. Make the key once with `hmacKey(deriveSigningKey(…))`. */
export function signature(signingKey: HmacKey, textToSign: string): string {
  return hex(hmacSha256(signingKey, utf8(textToSign)))
}
