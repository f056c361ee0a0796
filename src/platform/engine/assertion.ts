// The gate's word to the engine about who is calling: short-lived Ed25519 JWTs, and the public keys that prove them.
import { calculateJwkThumbprint, exportJWK, importPKCS8, SignJWT, type JWK } from 'jose'
import type { AssertionSigner } from '../../domain/engine/call.ts'

export interface AssertionConfig {
  /** PKCS#8 PEM, Ed25519. */
  readonly privateKeyPem: string
  /** Public Ed25519 keys that the engine shall still accept. */
  readonly oldKeys: readonly PublicKey[]
  /** `aud`: the engine's origin. */
  readonly audience: string
}

export interface PublicKey {
  /** Undefined: the key's own thumbprint (RFC 7638). */
  readonly kid: string | undefined
  /** Base64url, 32 bytes (RFC 8037 §2). */
  readonly x: string
}

export interface Assertions extends AssertionSigner {
  /** The current key first (RFC 7517 §5). */
  publicKeys(): Promise<{ readonly keys: readonly JWK[] }>
}

const ALGORITHM = 'EdDSA'
const LIFETIME_SECONDS = 60

interface SigningKey {
  readonly key: CryptoKey
  readonly kid: string
  readonly x: string
}

/** The key is imported on first use and then kept as a value: another request's promise may not be awaited. */
export function assertions(config: AssertionConfig, nowMs: () => number): Assertions {
  let signingKey: SigningKey | undefined
  async function loadKey(): Promise<SigningKey> {
    signingKey ??= await importKey(config.privateKeyPem)
    return signingKey
  }
  return {
    async sign({ userId, scopes, requestId, isSystem }) {
      const { key, kid } = await loadKey()
      const issuedAt = Math.floor(nowMs() / 1000)
      return await new SignJWT({
        scope: scopes.join(' '),
        request_id: requestId,
        // RFC 8693 §4.1: who acts for the subject.
        ...(isSystem && { act: { sub: 'system' } }),
      })
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
        .setIssuer('lynxgate')
        .setSubject(userId)
        .setAudience(config.audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + LIFETIME_SECONDS)
        .sign(key)
    },
    async publicKeys() {
      const current = await loadKey()
      const old = await Promise.all(
        config.oldKeys.map(async ({ kid, x }) => ({ x, kid: kid ?? (await thumbprint(x)) })),
      )
      const others = old.filter(({ kid }) => kid !== current.kid)
      return { keys: [current, ...others].map(({ x, kid }) => publicJwk(x, kid)) }
    },
  }
}

async function importKey(pem: string): Promise<SigningKey> {
  // Exported once for its public half, which the PEM need not hold, and kept in a form that cannot be.
  const { x = '' } = await exportJWK(await importPKCS8(pem, ALGORITHM, { extractable: true }))
  return { key: await importPKCS8(pem, ALGORITHM), x, kid: await thumbprint(x) }
}

async function thumbprint(x: string): Promise<string> {
  return await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x })
}

function publicJwk(x: string, kid: string): JWK {
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: ALGORITHM, use: 'sig' }
}
