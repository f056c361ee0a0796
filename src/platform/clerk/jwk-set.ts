// A published JSON Web Key Set (RFC 7517 §5) → the keys a session may be signed with. Everything else in it is
// left out, and a set without a usable key is no set.
import type { KeySet } from '../../domain/auth/signing-keys.ts'

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const PUBLIC_EXPONENT = 'AQAB'
const BASE64URL = /^[A-Za-z0-9_-]+$/
/** 2048 bits in base64url; RS256 demands as much (RFC 7518 §3.3). */
const MIN_MODULUS_LENGTH = 342
/** 8192 bits: checking a signature with more would be somebody's joke. */
const MAX_MODULUS_LENGTH = 1366
const MAX_KEYS = 32

interface RsaKey {
  readonly kid: string
  readonly n: string
}

/** Throws TypeError for what is no key set; its message says why and holds nothing of it. */
export async function importKeySet(json: unknown): Promise<KeySet<CryptoKey>> {
  const usable = readRsaKeys(json)
  if (usable.length === 0) throw new TypeError('a key set without a usable key')
  const keys = new Map<string, CryptoKey>()
  for (const { kid, n } of usable) {
    const jwk = { kty: 'RSA', alg: 'RS256', n, e: PUBLIC_EXPONENT }
    keys.set(kid, await crypto.subtle.importKey('jwk', jwk, RS256, false, ['verify']))
  }
  return { keys, document: JSON.stringify({ keys: usable.map((key) => publishedForm(key)) }) }
}

/** In the order of their ids, so that a set that was only shuffled is the same document. */
function readRsaKeys(json: unknown): readonly RsaKey[] {
  if (!isObject(json) || !Array.isArray(json['keys'])) throw new TypeError('no key set')
  const byId = new Map<string, RsaKey | undefined>()
  for (const entry of json['keys'].slice(0, MAX_KEYS) as unknown[]) {
    const key = readRsaKey(entry)
    // Two keys of one id: nobody can say which of them is meant, so neither is.
    if (key !== undefined) byId.set(key.kid, byId.has(key.kid) ? undefined : key)
  }
  return [...byId.values()].filter((key) => key !== undefined).sort((a, b) => (a.kid < b.kid ? -1 : 1))
}

function readRsaKey(entry: unknown): RsaKey | undefined {
  if (!isObject(entry)) return undefined
  const { kty, use, alg, kid, n, e, key_ops: operations } = entry
  const isForSigning =
    kty === 'RSA' &&
    (use === undefined || use === 'sig') &&
    (alg === undefined || alg === 'RS256') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')))
  if (!isForSigning || e !== PUBLIC_EXPONENT || typeof kid !== 'string' || kid === '') return undefined
  if (typeof n !== 'string' || !BASE64URL.test(n)) return undefined
  if (n.length < MIN_MODULUS_LENGTH || n.length > MAX_MODULUS_LENGTH) return undefined
  return { kid, n }
}

function publishedForm({ kid, n }: RsaKey): object {
  return { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e: PUBLIC_EXPONENT }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
