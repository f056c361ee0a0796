// Presigned URLs: SigV4 in the query, path style, unsigned payload. Pure: the time is given, never read.
// Spec: Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters".
import { hmacKey, type HmacKey } from '../sha256.ts'
import { signUrls, type UrlFrame } from './signed-text.ts'
import {
  ALGORITHM,
  UNSIGNED_PAYLOAD,
  awsDateTime,
  canonicalQuery,
  canonicalRequest,
  canonicalRequestTail,
  credentialScope,
  deriveSigningKey,
  signature,
  signedHeaderNames,
  stringToSign,
  stringToSignHead,
  type CredentialScope,
  type NameValue,
  type RequestToSign,
} from './steps.ts'
import { MAX_EXPIRY_SECONDS } from './signing-window.ts'
import { encodePath } from '../uri-encoding.ts'

/** Signing keys kept, one a day: a live playlist dates its segments over two or three. */
const MAX_SIGNING_KEYS = 8

// Lower case only, as a URL parser writes a host: the client sends that, so that is what must be signed.
const ORIGIN = /^(https?):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?$/

const RESERVED_QUERY = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
])

export interface SigningCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** `auto` for R2. */
  readonly region: string
  /** `s3` unless told. */
  readonly service?: string
  /** Of temporary credentials; it rides in every URL. */
  readonly sessionToken?: string
}

export interface PresignBatchInput {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  /** `https://host[:port]`, lower case and no path, as `URL.origin` gives it. */
  readonly origin: string
  /** `X-Amz-Date`, whole epoch seconds. */
  readonly signedAtSeconds: number
  /** `X-Amz-Expires`, 1…604800. */
  readonly expiresSeconds: number
  /** Headers the client must send exactly so, besides `host`: `content-length`, `content-type` of a PUT. */
  readonly headers?: Readonly<Record<string, string>>
  /** Signed parameters besides SigV4's own, decoded: `response-content-disposition`. */
  readonly query?: Readonly<Record<string, string>>
}

export interface PresignInput extends PresignBatchInput {
  /** Decoded and absolute, bucket first: `/bucket/users/…`. */
  readonly path: string
}

export interface Presigner {
  /** One URL. What is out of range or malformed throws TypeError, for the caller must have checked it. */
  presign(input: PresignInput): string
  /** The URLs of many paths signed alike, in order: the same as `presign` for each, many times faster. */
  presignAll(input: PresignBatchInput, paths: readonly string[]): string[]
  /** Everything that the URLs of one folder share; it begins and ends with a slash and is decoded. */
  frame(input: PresignBatchInput, folder: string): UrlFrame
}

/** Everything of a presigned URL but its path. */
interface BatchTerms {
  readonly origin: string
  readonly dateTime: string
  readonly scope: CredentialScope
  readonly request: Omit<RequestToSign, 'encodedPath'>
  /** From the `?` to the `=` of X-Amz-Signature. */
  readonly query: string
}

/** How a day's signing key is made ready for HMAC. */
export type KeyDerivation = (secretAccessKey: string, scope: CredentialScope) => HmacKey

/** The plain way. */
export const deriveInScript: KeyDerivation = (secretAccessKey, scope) =>
  hmacKey(deriveSigningKey(secretAccessKey, scope))

/** Makes URLs for one set of credentials; it keeps the newest days' signing keys and no other state. */
export function createPresigner(credentials: SigningCredentials, deriveKey: KeyDerivation = deriveInScript): Presigner {
  const { accessKeyId, secretAccessKey, region, service = 's3', sessionToken } = credentials
  if ([accessKeyId, secretAccessKey, region, service, sessionToken].includes('')) {
    throw new TypeError('signing credentials must not be empty')
  }
  const keys = new Map<string, HmacKey>()

  function signingKey(scope: CredentialScope): HmacKey {
    const known = keys.get(scope.date)
    if (known !== undefined) return known
    const key = deriveKey(secretAccessKey, scope)
    keys.set(scope.date, key)
    if (keys.size > MAX_SIGNING_KEYS) {
      keys.delete([...keys.keys()].reduce((oldest, date) => (date < oldest ? date : oldest)))
    }
    return key
  }

  function readTerms(input: PresignBatchInput): BatchTerms {
    const { origin, host } = parseOrigin(input.origin)
    const { expiresSeconds } = input
    if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > MAX_EXPIRY_SECONDS) {
      throw new TypeError('a presigned URL lives 1 to 604800 whole seconds')
    }
    const dateTime = awsDateTime(input.signedAtSeconds)
    const scope: CredentialScope = { date: dateTime.slice(0, 8), region, service }
    const extraHeaders = Object.entries(input.headers ?? {})
    if (extraHeaders.some(([name]) => name.toLowerCase() === 'host')) {
      throw new TypeError('the signed host comes from the origin')
    }
    const headers: NameValue[] = [...extraHeaders, ['host', host]]
    const own: NameValue[] = [
      ['X-Amz-Algorithm', ALGORITHM],
      ['X-Amz-Credential', `${accessKeyId}/${credentialScope(scope)}`],
      ['X-Amz-Date', dateTime],
      ['X-Amz-Expires', expiresSeconds.toString()],
      ['X-Amz-SignedHeaders', signedHeaderNames(headers)],
    ]
    if (sessionToken !== undefined) own.push(['X-Amz-Security-Token', sessionToken])
    const extra = Object.entries(input.query ?? {})
    if (extra.some(([name]) => name === '' || RESERVED_QUERY.has(name.toLowerCase()))) {
      throw new TypeError('an extra query parameter has a reserved or empty name')
    }
    // The URL begins with X-Amz-… and ends with the signature wherever the extra names sort; the canonical
    // query has them all in order, and a verifier sorts before it compares.
    const ownAndExtra = [canonicalQuery(own), canonicalQuery(extra)].filter((part) => part !== '')
    return {
      origin,
      dateTime,
      scope,
      request: {
        method: input.method,
        canonicalQuery: canonicalQuery([...own, ...extra]),
        headers,
        payloadHash: UNSIGNED_PAYLOAD,
      },
      query: `?${ownAndExtra.join('&')}&X-Amz-Signature=`,
    }
  }

  function frame(input: PresignBatchInput, folder: string): UrlFrame {
    checkPath(folder)
    const { origin, dateTime, scope, request, query } = readTerms(input)
    const encodedFolder = encodePath(folder)
    return {
      start: origin + encodedFolder,
      end: query,
      head: `${request.method}\n${encodedFolder}`,
      tail: canonicalRequestTail(request),
      stringToSignHead: stringToSignHead(dateTime, scope),
      key: signingKey(scope),
    }
  }

  return {
    presign(input) {
      const { origin, dateTime, scope, request, query } = readTerms(input)
      checkPath(input.path)
      const encodedPath = encodePath(input.path)
      const text = stringToSign(dateTime, scope, canonicalRequest({ ...request, encodedPath }))
      return `${origin}${encodedPath}${query}${signature(signingKey(scope), text)}`
    },

    presignAll(input, paths) {
      for (const path of paths) checkPath(path)
      const folder = commonFolder(paths)
      const names = paths.map((path) => encodePath(path.slice(folder.length)))
      return signUrls({ names, groups: [{ frame: frame(input, folder), leaves: names.map((_, leaf) => leaf) }] })
    },

    frame,
  }
}

/** The deepest folder that all paths lie in: a cut at a slash never splits a character. */
function commonFolder(paths: readonly string[]): string {
  const first = paths[0] ?? '/'
  let folder = first.slice(0, first.lastIndexOf('/') + 1)
  for (const path of paths) {
    while (!path.startsWith(folder)) folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1)
  }
  return folder
}

function checkPath(path: string): void {
  if (!path.startsWith('/')) throw new TypeError('a path to sign must begin with a slash')
}

/** Whether URLs of this origin can be signed: `http(s)://host[:port]` as `URL.origin` gives it, and nothing more. */
export function isSignableOrigin(text: string): boolean {
  return readOrigin(text) !== undefined
}

function parseOrigin(text: string): { origin: string; host: string } {
  const parsed = readOrigin(text)
  if (parsed === undefined) throw new TypeError('an origin is http(s)://host[:port] and nothing more')
  return parsed
}

/** The origin and the host to sign, both without the scheme's default port, which no client sends. */
function readOrigin(text: string): { origin: string; host: string } | undefined {
  const [, scheme, hostname, port] = ORIGIN.exec(text) ?? []
  if (scheme === undefined || hostname === undefined || Number(port ?? 0) > 65_535) return undefined
  const isDefault = port === undefined || port === (scheme === 'https' ? '443' : '80')
  const host = isDefault ? hostname : `${hostname}:${port}`
  return { origin: `${scheme}://${host}`, host }
}
