// The engine's part of the configuration. config.ts is its only caller and gathers the problems.
import { isAddableHeader } from '../core/engine/forwarded-headers.ts'
import { decodeBase64url } from '../core/bytes.ts'
import type { Variables } from './variables.ts'

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
  const pem = read.matching('ASSERTION_PRIVATE_KEY', isEd25519Pem, 'must be an Ed25519 private key as PKCS#8 PEM')
  if (origin === undefined && !hasBinding) return undefined

  if (pem === undefined) read.required('ASSERTION_PRIVATE_KEY')
  const baseUrl = (origin ?? BINDING_URL).replace(/\/+$/, '')
  return {
    baseUrl,
    headers: parseHeaders(headers ?? '{}') ?? {},
    timeoutSeconds,
    maxBodyBytes,
    assertion: {
      privateKeyPem: (pem ?? '').replaceAll('\\n', '\n'),
      oldKeys: parsePublicKeys(oldKeys ?? '{"keys":[]}') ?? [],
      audience: URL.parse(baseUrl)?.origin ?? '',
    },
  }
}

function isEngineUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password + url.search + url.hash === '' &&
    !/[?#]/.test(text)
  )
}

function parseHeaders(text: string): Record<string, string> | undefined {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = Object.entries(value)
  const isRight = entries.every(
    ([name, entry]) => isAddableHeader(name) && typeof entry === 'string' && /^[\x20-\x7e]*$/.test(entry),
  )
  return isRight ? Object.fromEntries(entries) : undefined
}

function parsePublicKeys(text: string): { kid: string | undefined; x: string }[] | undefined {
  const value = parseJson(text) as { keys?: unknown } | null | undefined
  const keys = value?.keys
  if (!Array.isArray(keys)) return undefined
  const parsed = keys.map(parsePublicKey)
  return parsed.every((key) => key !== undefined) ? parsed : undefined
}

/** A key with its private half in it is refused: what is configured here gets published. */
function parsePublicKey(value: unknown): { kid: string | undefined; x: string } | undefined {
  if (typeof value !== 'object' || value === null || 'd' in value) return undefined
  const { kty, crv, x, kid } = value as Record<string, unknown>
  const isKey = kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && decodeBase64url(x)?.length === 32
  if (!isKey || (kid !== undefined && (typeof kid !== 'string' || kid === ''))) return undefined
  return { kid, x }
}

// PrivateKeyInfo, version 0, algorithm 1.3.101.112, and 32 bytes of key (RFC 8410 §7).
const ED25519_PREFIX = '\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20'

/** A line feed may be written as a backslash and an n: that is how it survives an env file. */
function isEd25519Pem(text: string): boolean {
  const pem = /^-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----$/
  const [, base64 = ''] = pem.exec(text.replaceAll('\\n', '\n')) ?? []
  try {
    const der = atob(base64.replace(/\s/g, ''))
    return der.length === 48 && der.startsWith(ED25519_PREFIX)
  } catch {
    return false
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
