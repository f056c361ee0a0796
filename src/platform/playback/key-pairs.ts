// Signing keys of customers: which JWKs are public keys that may sign playback tokens, and pairs for those who have none.
import { exportJWK, generateKeyPair, importJWK } from 'jose'
import type { KeyPairs, PublicJwk, TokenAlgorithm } from '../../domain/playback/token-keys.ts'

interface Kind {
  readonly kty: 'OKP' | 'EC' | 'RSA'
  readonly algorithm: TokenAlgorithm
  readonly crv?: string
  readonly members: readonly string[]
}

/** The members of a public key of each kind (RFC 7518 §6, RFC 8037 §2), all required. */
const KINDS: Readonly<Record<string, Kind>> = {
  OKP: { kty: 'OKP', algorithm: 'EdDSA', crv: 'Ed25519', members: ['x'] },
  EC: { kty: 'EC', algorithm: 'ES256', crv: 'P-256', members: ['x', 'y'] },
  RSA: { kty: 'RSA', algorithm: 'RS256', members: ['n', 'e'] },
}
/** Of the modulus, as base64url: 2,048 to 8,192 bits. */
const MODULUS_CHARACTERS = { min: 342, max: 1366 }

export const keyPairs: KeyPairs = {
  async readPublic(jwk) {
    const { kty, crv, alg, use } = jwk
    const kind = typeof kty === 'string' && Object.hasOwn(KINDS, kty) ? KINDS[kty] : undefined
    if (kind === undefined || kind.crv !== crv || 'd' in jwk || 'k' in jwk) return undefined
    if ((alg !== undefined && alg !== kind.algorithm) || (use !== undefined && use !== 'sig')) return undefined
    const publicJwk = {
      kty: kind.kty,
      ...(kind.crv === undefined ? {} : { crv: kind.crv }),
      ...pick(jwk, kind.members),
    }
    if (!kind.members.every((name) => typeof jwk[name] === 'string')) return undefined
    if (kty === 'RSA' && !isFit(String(jwk['n']))) return undefined
    try {
      await importJWK(publicJwk, kind.algorithm)
    } catch {
      return undefined
    }
    return { publicJwk, algorithm: kind.algorithm }
  },
  async generate() {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
    return { publicJwk: { ...(await exportJWK(publicKey)) }, privateJwk: { ...(await exportJWK(privateKey)) } }
  },
}

function pick(jwk: PublicJwk, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, jwk[name]]))
}

function isFit(modulus: string): boolean {
  return modulus.length >= MODULUS_CHARACTERS.min && modulus.length <= MODULUS_CHARACTERS.max
}
