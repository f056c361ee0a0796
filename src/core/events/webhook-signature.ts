// Signing what is sent to customers' systems, and checking what comes from Clerk, as Standard Webhooks specify
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): HMAC-SHA256 over id,
// time and body. Pure.
import { decodeBase64url, encodeBase64url, equalBytes, utf8 } from '../bytes.ts'
import { hmacKey, hmacSha256 } from '../sha256.ts'

/** `whsec_` and base64 of 24 to 64 bytes. */
export type WebhookSecret = string & { readonly brand: 'WebhookSecret' }

/** Within the bounds of the specification. */
export const WEBHOOK_SECRET_BYTES = 32

const PREFIX = 'whsec_'

export function formatWebhookSecret(bytes: Uint8Array): WebhookSecret {
  return `${PREFIX}${toBase64(bytes)}` as WebhookSecret
}

/** A secret as it was stored; undefined for anything `formatWebhookSecret` does not write. */
export function parseWebhookSecret(text: string): WebhookSecret | undefined {
  const bytes = text.startsWith(PREFIX) ? fromBase64(text.slice(PREFIX.length)) : undefined
  return bytes === undefined || bytes.length === 0 ? undefined : (text as WebhookSecret)
}

/** `v1,<base64>` of one secret. `timestamp`: whole epoch seconds. */
export function signWebhook(
  secret: WebhookSecret,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): string {
  const key = fromBase64(secret.slice(PREFIX.length))
  if (key === undefined) throw new TypeError('a webhook secret is whsec_ and base64')
  return `v1,${toBase64(hmacSha256(hmacKey(key), utf8(`${id}.${timestamp}.${body}`)))}`
}

/** Either way: a message that was kept is not taken for a new one. */
const TOLERANCE_SECONDS = 300

/**
 * Whether one of the signatures, separated by spaces, is right and the time near. Several are there while a secret is
 * being replaced; other versions than `v1` are passed over. Takes as long for a wrong one as for a right one.
 */
export function isSignedWebhook(
  secret: WebhookSecret,
  message: { readonly id: string; readonly timestamp: string; readonly signature: string; readonly body: string },
  nowMs: number,
): boolean {
  if (!/^\d{1,12}$/.test(message.timestamp)) return false
  const timestamp = Number(message.timestamp)
  if (Math.abs(Math.floor(nowMs / 1000) - timestamp) > TOLERANCE_SECONDS) return false
  const expected = utf8(signWebhook(secret, { ...message, timestamp }))
  return message.signature.split(' ').some((signature) => equalBytes(utf8(signature), expected))
}

/** Base64 with padding (RFC 4648 §4). */
function toBase64(bytes: Uint8Array): string {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  return decodeBase64url(text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'))
}
