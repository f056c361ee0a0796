// Playback tokens by jose: signatures only; what the claims mean is core's, and time is looked at there.
import { compactVerify, decodeProtectedHeader, errors, importJWK, SignJWT } from 'jose'
import { utf8, withoutByteOrderMark } from '../../core/bytes.ts'
import { isRecord, parseJson } from '../../core/json.ts'
import { hmacKey, hmacSha256 } from '../../core/sha256.ts'
import { createBoundedMap } from '../../core/bounded-map.ts'
import { GATE_KID, TOKEN_TYPE, type AdmittingKey, type TokenVerifier } from '../../domain/playback/admission.ts'
import { decodeUtf8 } from '../utf8.ts'
import type { TokenSigner } from '../../domain/playback/token-issue.ts'

const KNOWN_HEADERS: ReadonlySet<string> = new Set(['alg', 'kid', 'typ'])
const MAX_IMPORTED = 200
/** Tokens that begin viewings again and again; one more is verified again. */
const MAX_VERIFIED = 500

type Payload = Readonly<Record<string, unknown>>

/** `secrets`: the current one first. A gate's own token is signed with a key derived from it for this purpose alone. */
export function playbackTokens(secrets: readonly string[]): TokenVerifier & TokenSigner {
  const ownKeys = secrets.map((secret) => hmacSha256(hmacKey(utf8(secret)), utf8('lynxgate playback token')))
  const imported = createBoundedMap<string, CryptoKey | Uint8Array>(MAX_IMPORTED)
  // By key and text, which together never mean anything else: time, film and place are judged each time.
  const verified = createBoundedMap<string, Payload>(MAX_VERIFIED)

  async function once(name: string, verify: () => Promise<Payload | undefined>): Promise<Payload | undefined> {
    const known = verified.get(name)
    if (known !== undefined) return known
    const payload = await verify()
    if (payload !== undefined) verified.set(name, payload)
    return payload
  }

  async function importKey({ id, publicJwk, algorithm }: AdmittingKey): Promise<CryptoKey | Uint8Array> {
    const known = imported.get(id)
    if (known !== undefined) return known
    const key = await importJWK({ ...publicJwk }, algorithm)
    imported.set(id, key)
    return key
  }

  return {
    peek(token) {
      try {
        const header = decodeProtectedHeader(token)
        const { alg, kid, typ } = header
        return { alg, kid, typ, isLaden: Object.keys(header).some((name) => !KNOWN_HEADERS.has(name)) }
      } catch {
        return undefined
      }
    },
    async verify(token, key) {
      return await once(`${key.id} ${token}`, async () => await payloadOf(token, await importKey(key), key.algorithm))
    },
    async verifyOwn(token) {
      return await once(`${GATE_KID} ${token}`, async () => {
        for (const key of ownKeys) {
          const payload = await payloadOf(token, key, 'HS256')
          if (payload !== undefined) return payload
        }
        return undefined
      })
    },
    async sign(claims) {
      const [key] = ownKeys
      if (key === undefined) throw new TypeError('no secret to sign with')
      return await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256', kid: GATE_KID, typ: TOKEN_TYPE })
        .sign(key)
    },
  }
}

async function payloadOf(token: string, key: CryptoKey | Uint8Array, algorithm: string): Promise<Payload | undefined> {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [algorithm] })
    const claims = parseJson(withoutByteOrderMark(decodeUtf8(payload) ?? ''))
    return isRecord(claims) ? claims : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError)
      return undefined
    throw error
  }
}
