// Playback tokens as customers sign them, with any part changed.
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import type { KnownCaller } from './known-caller.ts'

export interface TestSigner {
  readonly keyId: string
  readonly publicJwk: JWK
  readonly privateKey: CryptoKey
  /** Signs `claims` over `{ sub, iat, exp }` for a film; `header` overrides. */
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>
}

export async function registerSigner(
  caller: KnownCaller,
  alg: 'EdDSA' | 'ES256' | 'RS256' = 'EdDSA',
): Promise<TestSigner> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const publicJwk = await exportJWK(publicKey)
  const [status, body] = await caller.answer('POST', '/api/signing-keys', { name: 'a key', public_jwk: publicJwk })
  if (status !== 201) throw new Error(`no signing key: ${status} ${JSON.stringify(body)}`)
  const { id: keyId } = body as { id: string }
  return {
    keyId,
    publicJwk,
    privateKey,
    async sign(claims, header = {}) {
      const now = Math.floor(caller.service.clock.nowMs / 1000)
      return await new SignJWT({ iat: now, exp: now + 3600, ...claims })
        .setProtectedHeader({ alg, kid: keyId, typ: 'lynxgate-playback+jwt', ...header })
        .sign(privateKey)
    },
  }
}
