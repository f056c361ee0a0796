// A published JSON Web Key Set (RFC 7517 §5) → the keys a session may be signed with. What is not for RS256 signatures
// is passed over, what is and cannot be used is named with the reason, and neither is held against the other keys.
import { isRecord } from '../../core/json.ts'
import { decodeBase64url } from '../../core/bytes.ts'
import type { FetchedKeySet, OmittedKey } from '../../domain/auth/signing-keys.ts'

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const PUBLIC_EXPONENT = 'AQAB'
/** The least that RS256 takes (RFC 7518 §3.3). */
const MIN_MODULUS_BITS = 2048
/** Verifying a signature with a larger one would take a request's processor time. */
const MAX_MODULUS_BITS = 8192
/** Of a key's id, in the log. */
const MAX_SHOWN_CHARS = 64

interface RsaKey {
  readonly kid: string
  readonly n: string
  readonly key: CryptoKey
}

/** `omitted` is bounded by the size of `json`, which is bounded before it is parsed. */
export async function importKeySet(json: unknown): Promise<FetchedKeySet<CryptoKey>> {
  if (!isRecord(json) || !Array.isArray(json['keys'])) return { outcome: 'unusable', reason: 'no key set', omitted: [] }
  const entries: readonly unknown[] = json['keys']
  const omitted: OmittedKey[] = []
  const byId = new Map<string, RsaKey | undefined>()
  for (const entry of entries) {
    if (!isForSessions(entry)) continue
    const key = await importRsaKey(entry)
    if (typeof key === 'string') {
      omitted.push({ kid: printableId(entry['kid']), reason: key })
      continue
    }
    const other = byId.get(key.kid)
    if (byId.has(key.kid) && other?.n !== key.n) {
      // A token that names this id could mean either of them.
      byId.set(key.kid, undefined)
      omitted.push({ kid: printableId(key.kid), reason: 'two keys have this id' })
    } else {
      byId.set(key.kid, key)
    }
  }
  // In the order of their ids, so that a set that was only shuffled is the same document.
  const usable = [...byId.values()].filter((key) => key !== undefined).sort((a, b) => (a.kid < b.kid ? -1 : 1))
  if (usable.length === 0) return { outcome: 'unusable', reason: 'no usable key in the set', omitted }
  const keys = new Map(usable.map(({ kid, key }) => [kid, key]))
  return { outcome: 'fetched', set: { keys, document: JSON.stringify({ keys: usable.map(publishedForm) }) }, omitted }
}

/** Whether the entry says that it is a key for RS256 signatures. */
function isForSessions(entry: unknown): entry is Readonly<Record<string, unknown>> {
  if (!isRecord(entry)) return false
  const { kty, use, alg, key_ops: operations } = entry
  return (
    kty === 'RSA' &&
    (use === undefined || use === 'sig') &&
    (alg === undefined || alg === 'RS256') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')))
  )
}

/** The key, or why it cannot be used. */
async function importRsaKey({ kid, n, e }: Readonly<Record<string, unknown>>): Promise<RsaKey | string> {
  if (typeof kid !== 'string' || kid === '') return 'it has no id'
  if (e !== PUBLIC_EXPONENT) return 'its exponent is not 65537'
  const modulus = typeof n === 'string' ? decodeBase64url(n) : undefined
  if (typeof n !== 'string' || modulus === undefined) return 'its modulus is not base64url'
  let key: CryptoKey
  try {
    const jwk = { kty: 'RSA', alg: 'RS256', n, e: PUBLIC_EXPONENT }
    key = await crypto.subtle.importKey('jwk', jwk, RS256, false, ['verify'])
  } catch (cause) {
    return `the runtime refuses it: ${cause instanceof Error ? cause.name : 'unknown'}`
  }
  // Runtimes and their releases differ in which moduli they refuse.
  const bits = bitLength(modulus)
  if (bits < MIN_MODULUS_BITS || bits > MAX_MODULUS_BITS) return `its modulus has ${bits} bits`
  if ((modulus.at(-1) ?? 0) % 2 === 0) return 'its modulus is even'
  return { kid, n, key }
}

/** Of an unsigned big-endian number. */
function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === -1 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24
}

function publishedForm({ kid, n }: RsaKey): object {
  return { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e: PUBLIC_EXPONENT }
}

/** The issuer writes it, and the log shows it: printable and short. */
function printableId(kid: unknown): string {
  return typeof kid === 'string' ? kid.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_SHOWN_CHARS) : ''
}
