// The engine's part of the configuration. config.ts is its only caller and gathers the problems.
import { isAddableHeader } from '../core/engine/forwarded-headers.ts'
import { decodeBase64url } from '../core/bytes.ts'
import { isRecord, parseJson } from '../core/json.ts'
import { isEd25519PrivateKey } from './pem.ts'
import { isHttpUrl, type Variables } from './variables.ts'

export interface EngineConfig {
  /** `http(s)://host[:port][/path]` without a closing slash; `/api/v1/…` is appended to it. */
  readonly baseUrl: string
  /** Added to every request, such as an Access service token. Secret. */
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
  readonly maxBodyBytes: number
  readonly assertion: {
    /** PKCS#8 PEM, Ed25519. */
    readonly privateKeyPem: string
    readonly oldKeys: readonly { readonly kid: string | undefined; readonly x: string }[]
    /** The engine's origin. */
    readonly audience: string
  }
}

/** A binding alone has no address, and needs none: any name will do. */
const BINDING_URL = 'http://engine'

/** Undefined when there is no engine; what is set for one is checked all the same. */
export function readEngineConfig(read: Variables, hasBinding: boolean): EngineConfig | undefined {
  const origin = read.matching('CLIPZY_ORIGIN', isEngineUrl, 'must be an http(s) URL without query or credentials')
  const headers = read.matching(
    'CLIPZY_HEADERS',
    (text) => parseHeaders(text) !== undefined,
    'must be a JSON object of header names and values, without headers of the gate or of the connection',
  )
  const oldKeys = read.matching(
    'ASSERTION_PUBLIC_KEYS_OLD',
    (text) => parsePublicKeys(text) !== undefined,
    'must be a JWKS of public Ed25519 keys',
  )
  const timeoutSeconds = read.integer('CLIPZY_TIMEOUT_SECONDS', 30, 1, 600)
  const maxBodyBytes = read.integer('CLIPZY_MAX_BODY_BYTES', 1024 ** 3, 1, 1024 ** 4)
  const pem = read.pem('ASSERTION_PRIVATE_KEY', isEd25519PrivateKey, 'must be an Ed25519 private key as PKCS#8 PEM')
  if (origin === undefined && !hasBinding) return undefined

  if (pem === undefined) read.required('ASSERTION_PRIVATE_KEY')
  const baseUrl = (origin ?? BINDING_URL).replace(/\/+$/, '')
  return {
    baseUrl,
    headers: parseHeaders(headers ?? '{}') ?? {},
    timeoutSeconds,
    maxBodyBytes,
    assertion: {
      privateKeyPem: pem ?? '',
      oldKeys: parsePublicKeys(oldKeys ?? '{"keys":[]}') ?? [],
      audience: URL.parse(baseUrl)?.origin ?? '',
    },
  }
}

/** Not even an empty query or fragment: paths are appended to it. */
function isEngineUrl(text: string): boolean {
  return isHttpUrl(text) && !/[?#]/.test(text)
}

function parseHeaders(text: string): Record<string, string> | undefined {
  const value = parseJson(text)
  if (!isRecord(value)) return undefined
  const headers: [name: string, value: string][] = []
  for (const [name, entry] of Object.entries(value)) {
    if (!isAddableHeader(name) || typeof entry !== 'string' || !/^[\x20-\x7e]*$/.test(entry)) return undefined
    headers.push([name, entry])
  }
  return Object.fromEntries(headers)
}

function parsePublicKeys(text: string): { kid: string | undefined; x: string }[] | undefined {
  const value = parseJson(text)
  const keys = isRecord(value) ? value['keys'] : undefined
  if (!Array.isArray(keys)) return undefined
  const parsed = keys.map(parsePublicKey)
  return parsed.every((key) => key !== undefined) ? parsed : undefined
}

/** A key with its private half in it is refused: what is configured here gets published. */
function parsePublicKey(value: unknown): { kid: string | undefined; x: string } | undefined {
  if (!isRecord(value) || 'd' in value) return undefined
  const { kty, crv, x, kid } = value
  const isKey = kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && decodeBase64url(x)?.length === 32
  if (!isKey || (kid !== undefined && (typeof kid !== 'string' || kid === ''))) return undefined
  return { kid, x }
}
