// The secret in the address that the engine calls at the end of a job: 256 random bits in base64url. Pure.
import { encodeBase64url } from '../bytes.ts'

export const CALLBACK_TOKEN_BYTES = 32

/** `bytes`: CALLBACK_TOKEN_BYTES random ones. */
export function formatCallbackToken(bytes: Uint8Array): string {
  return encodeBase64url(bytes)
}

/** Whether a text can be one at all; what cannot is not looked up. */
export function isCallbackToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text)
}
