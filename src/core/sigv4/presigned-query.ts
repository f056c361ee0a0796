// Takes the query of a presigned URL apart, strictly: one spelling, nothing twice, nothing unknown. Pure.
// Spec: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters".
import { ALGORITHM, awsDateTime, type NameValue } from './steps.ts'
import { MAX_EXPIRY_SECONDS } from './signing-window.ts'
import { decodeComponent } from '../uri-encoding.ts'

export interface PresignedQuery {
  readonly accessKeyId: string
  /** Of the credential: `20130524/auto/s3/aws4_request`. */
  readonly scope: string
  /** `20130524T000000Z`; its day is the scope's. */
  readonly dateTime: string
  readonly signedAtSeconds: number
  /** 1…604800. */
  readonly expiresSeconds: number
  /** Lower case, in order, `host` among them. */
  readonly signedHeaders: readonly string[]
  /** 64 lower-case hex digits. */
  readonly signature: string
  /** Every signed parameter, decoded: all but the signature and what players add. */
  readonly signedPairs: readonly NameValue[]
  /** Content-Disposition of the answer, chosen by the signer of the URL. */
  readonly contentDisposition: string | undefined
  /** Of an upload in parts: which part of which upload. */
  readonly part: SignedPart | undefined
}

export interface SignedPart {
  readonly uploadId: string
  /** 1…10000. */
  readonly number: number
}

const DISPOSITION = 'response-content-disposition'
const PART_NUMBER = 'partNumber'
const UPLOAD_ID = 'uploadId'
const SIGNED_NAMES: ReadonlySet<string> = new Set([
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  DISPOSITION,
  PART_NUMBER,
  UPLOAD_ID,
])

/** Common Media Client Data (CTA-5004, -5006) and HLS directives: players add them, no server here reads them. */
const PLAYER_PARAMETER = /^(?:CMCD|CMSD|_HLS_[A-Za-z0-9_]{1,32})$/

const DATE_TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
const EXPIRES = /^[1-9]\d{0,5}$/
const NUMBER_OF_PART = /^(?:[1-9]\d{0,3}|10000)$/
const SIGNATURE = /^[0-9a-f]{64}$/
const SIGNED_HEADERS = /^[a-z-]+(?:;[a-z-]+)*$/

/** The parts of a query, without its `?`; undefined for anything but exactly one complete presigned query. */
export function parsePresignedQuery(rawQuery: string): PresignedQuery | undefined {
  const values = readPairs(rawQuery)
  if (values === undefined) return undefined
  const [accessKeyId, ...scopeParts] = (values.get('X-Amz-Credential') ?? '').split('/')
  const scope = scopeParts.join('/')
  const dateTime = values.get('X-Amz-Date') ?? ''
  const signedAtSeconds = parseDateTime(dateTime)
  const expires = values.get('X-Amz-Expires') ?? ''
  const headerNames = values.get('X-Amz-SignedHeaders') ?? ''
  const signature = values.get('X-Amz-Signature') ?? ''
  const part = readPart(values)
  const isComplete =
    part !== 'malformed' &&
    values.get('X-Amz-Algorithm') === ALGORITHM &&
    scope.startsWith(`${dateTime.slice(0, 8)}/`) &&
    EXPIRES.test(expires) &&
    Number(expires) <= MAX_EXPIRY_SECONDS &&
    SIGNED_HEADERS.test(headerNames) &&
    SIGNATURE.test(signature)
  if (!isComplete || signedAtSeconds === undefined || !accessKeyId) return undefined
  return {
    accessKeyId,
    scope,
    dateTime,
    signedAtSeconds,
    expiresSeconds: Number(expires),
    signedHeaders: headerNames.split(';'),
    signature,
    signedPairs: [...values].filter(([name]) => name !== 'X-Amz-Signature'),
    contentDisposition: values.get(DISPOSITION),
    part,
  }
}

/** Both parameters or neither. */
function readPart(values: ReadonlyMap<string, string>): SignedPart | undefined | 'malformed' {
  const number = values.get(PART_NUMBER)
  const uploadId = values.get(UPLOAD_ID)
  if (number === undefined && uploadId === undefined) return undefined
  if (!NUMBER_OF_PART.test(number ?? '') || !uploadId) return 'malformed'
  return { uploadId, number: Number(number) }
}

/** Decoded names and values; undefined when a name is unknown or given twice, or an escape is malformed. */
function readPairs(rawQuery: string): Map<string, string> | undefined {
  const values = new Map<string, string>()
  for (const part of rawQuery.split('&')) {
    const equals = part.indexOf('=')
    const name = decodeComponent(equals === -1 ? part : part.slice(0, equals))
    if (name === undefined) return undefined
    if (PLAYER_PARAMETER.test(name)) continue
    const value = equals === -1 ? undefined : decodeComponent(part.slice(equals + 1))
    const isKnown = SIGNED_NAMES.has(name) || name === 'X-Amz-Signature'
    if (value === undefined || !isKnown || values.has(name)) return undefined
    values.set(name, value)
  }
  return values
}

/** Epoch seconds; undefined for a date that does not exist, which Date.parse would roll over. */
function parseDateTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] = DATE_TIME.exec(text) ?? []
  const seconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000
  return seconds >= 0 && awsDateTime(seconds) === text ? seconds : undefined
}
