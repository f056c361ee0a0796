// Verifies presigned requests with the very steps that sign them. Pure: the time is given. It decides about
// the signature only, never about what the path names.
import { equalBytes, utf8 } from '../bytes.ts'
import { parsePresignedQuery, type PresignedQuery, type SignedPart } from './presigned-query.ts'
import { hmacKey, type HmacKey } from '../sha256.ts'
import {
  UNSIGNED_PAYLOAD,
  canonicalQuery,
  canonicalRequest,
  credentialScope,
  deriveSigningKey,
  signature,
  stringToSign,
  type CredentialScope,
  type NameValue,
} from './steps.ts'
import { MAX_EXPIRY_SECONDS } from './signing-window.ts'
import { decodeComponent, encodePath } from '../uri-encoding.ts'

/** A signer's clock may run ahead of ours by this much. */
const CLOCK_SKEW_SECONDS = 900

/** Signing keys kept: every day a valid URL can be dated, for a current and a previous secret. */
const MAX_SIGNING_KEYS = 2 * (MAX_EXPIRY_SECONDS / 86_400 + 2)

// What a proxy or a storage might read as another path than the one that was signed.
const AMBIGUOUS_PATH = /%2f|%5c|\\|%00/i

export interface VerifyingCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface PresignedRequest {
  /** Any of these may have been signed: a HEAD is fine on a GET signature. */
  readonly methods: readonly string[]
  /** As URL.host writes it: lower case, without a default port. */
  readonly host: string
  /** As it came, percent-encoded. */
  readonly rawPath: string
  /** Without its `?`. */
  readonly rawQuery: string
  /** What may be signed besides `host`, lower case, with the values that came. */
  readonly headers: Readonly<Record<string, string | undefined>>
}

export type Verdict =
  | {
      readonly ok: true
      /** Decoded. */
      readonly path: string
      readonly expiresAtSeconds: number
      readonly signedHeaders: readonly string[]
      readonly contentDisposition: string | undefined
      readonly part: SignedPart | undefined
    }
  | { readonly ok: false; readonly reason: 'malformed' | 'expired' | 'not_yet_valid' | 'unknown_key' | 'mismatch' }

export interface PresignedVerifier {
  verify(request: PresignedRequest, nowSeconds: number): Verdict
}

/** Accepts URLs signed with any of the credentials, for one region of `s3`; the newest come first. */
export function createPresignedVerifier(
  credentials: readonly VerifyingCredentials[],
  region: string,
): PresignedVerifier {
  const keys = new Map<string, HmacKey>()

  /** Only days that a valid URL can have come here, so the map stays small for any input. */
  function signingKey({ accessKeyId, secretAccessKey }: VerifyingCredentials, scope: CredentialScope): HmacKey {
    const name = `${scope.date} ${accessKeyId}`
    const known = keys.get(name)
    if (known !== undefined) return known
    if (keys.size >= MAX_SIGNING_KEYS) keys.clear()
    const key = hmacKey(deriveSigningKey(secretAccessKey, scope))
    keys.set(name, key)
    return key
  }

  return {
    verify(request, nowSeconds) {
      const query = parsePresignedQuery(request.rawQuery)
      const path = AMBIGUOUS_PATH.test(request.rawPath) ? undefined : decodeComponent(request.rawPath)
      const headers = query && signedHeaderValues(query, request)
      if (query === undefined || path === undefined || headers === undefined) return refuse('malformed')

      const expiresAtSeconds = query.signedAtSeconds + query.expiresSeconds
      if (expiresAtSeconds <= nowSeconds) return refuse('expired')
      if (query.signedAtSeconds > nowSeconds + CLOCK_SKEW_SECONDS) return refuse('not_yet_valid')

      const credential = credentials.find(({ accessKeyId }) => accessKeyId === query.accessKeyId)
      const scope: CredentialScope = { date: query.dateTime.slice(0, 8), region, service: 's3' }
      if (credential === undefined || query.scope !== credentialScope(scope)) return refuse('unknown_key')

      const key = signingKey(credential, scope)
      const given = utf8(query.signature)
      const unsigned = {
        encodedPath: encodePath(path),
        canonicalQuery: canonicalQuery(query.signedPairs),
        headers,
        payloadHash: UNSIGNED_PAYLOAD,
      }
      const isGenuine = request.methods.some((method) => {
        const text = stringToSign(query.dateTime, scope, canonicalRequest({ ...unsigned, method }))
        return equalBytes(given, utf8(signature(key, text)))
      })
      if (!isGenuine) return refuse('mismatch')
      const { signedHeaders, contentDisposition, part } = query
      return { ok: true, path, expiresAtSeconds, signedHeaders, contentDisposition, part }
    },
  }
}

/** The signed headers with the values that came; undefined when one may not be signed, is absent, or `host` is not in. */
function signedHeaderValues(query: PresignedQuery, request: PresignedRequest): NameValue[] | undefined {
  const names = query.signedHeaders
  if (!names.includes('host') || names.some((name, index) => index > 0 && name <= (names[index - 1] ?? ''))) {
    return undefined
  }
  const headers: NameValue[] = []
  for (const name of names) {
    const value = name === 'host' ? request.host : ownValue(request.headers, name)
    if (value === undefined) return undefined
    headers.push([name, value])
  }
  return headers
}

function ownValue(headers: PresignedRequest['headers'], name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}

function refuse(reason: Exclude<Verdict, { ok: true }>['reason']): Verdict {
  return { ok: false, reason }
}
