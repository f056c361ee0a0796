// Signatures and registered claims of session tokens, by jose. What Clerk means by its own claims is core's.
import { decodeJwt, decodeProtectedHeader, errors, importSPKI, jwtVerify } from 'jose'
import { LEEWAY_SECONDS, MAX_LIFETIME_SECONDS } from '../../core/auth/session-token.ts'
import type { TokenVerifier } from '../../domain/auth/session-authentication.ts'
import { digestKey } from '../wasm/sha256.ts'

/** RS256 only; what a token or a key claims does not matter. */
export function sessionVerifier(issuer: string, nowMs: () => number): TokenVerifier<CryptoKey> {
  const rules = {
    algorithms: ['RS256'],
    issuer,
    requiredClaims: ['exp', 'iat', 'nbf', 'sub', 'sid'],
    clockTolerance: LEEWAY_SECONDS,
    // Also what makes jose look at `iat` at all.
    maxTokenAge: MAX_LIFETIME_SECONDS,
  }
  return {
    digestKey,
    peek(token) {
      try {
        const { alg, kid } = decodeProtectedHeader(token)
        return { alg, kid, iss: decodeJwt(token).iss }
      } catch {
        return undefined
      }
    },
    async verify(token, key) {
      try {
        const options = { ...rules, currentDate: new Date(nowMs()) }
        const { protectedHeader, payload } = await jwtVerify(token, key, options)
        return { outcome: 'genuine', header: { ...protectedHeader }, claims: payload }
      } catch (error) {
        if (error instanceof errors.JWTExpired) {
          return { outcome: 'expired', header: { ...decodeProtectedHeader(token) }, claims: error.payload }
        }
        if (error instanceof errors.JWSSignatureVerificationFailed) return { outcome: 'bad_signature' }
        if (error instanceof errors.JWTClaimValidationFailed) return { outcome: 'refused', reason: error.claim }
        if (error instanceof errors.JOSEError) return { outcome: 'refused', reason: error.code }
        throw error
      }
    },
  }
}

/** The key of `CLERK_JWT_KEY`; throws when the text is not an RSA public key in PEM (SPKI). */
export async function importPinnedKey(pem: string): Promise<CryptoKey> {
  return await importSPKI(pem, 'RS256')
}
