// API keys: their one spelling, their hash, and what of them may be shown. Pure: the random bytes come from outside.
import { hex, utf8 } from '../bytes.ts'
import { sha256 } from '../sha256.ts'

export const API_KEY_PREFIX = 'lvz_live_'

/** Bytes of randomness in a key. */
export const API_KEY_RANDOM_BYTES = 32

const API_KEY = /^lvz_live_[0-9a-f]{64}$/
const SHA256_HEX = /^[0-9a-f]{64}$/
const SHOWN_DIGITS = 8

/** What is stored instead of a key. Branded, because a table searched by the key itself would hold secrets. */
export type KeyHash = string & { readonly brand: 'KeyHash' }

/** The key made of 32 random bytes; TypeError for another number of them. */
export function formatApiKey(random: Uint8Array): string {
  if (random.length !== API_KEY_RANDOM_BYTES) throw new TypeError('an API key is made of 32 random bytes')
  return API_KEY_PREFIX + hex(random)
}

/** Whether the text is a key in its one spelling: nothing is trimmed and no case is folded. */
export function isApiKey(text: string): boolean {
  return API_KEY.test(text)
}

/**
 * SHA-256 of the whole key text, prefix included, in lower-case hex. No salt and no stretching: the input
 * has 256 random bits, so there is nothing to guess.
 */
export function hashApiKey(key: string): KeyHash {
  return hex(sha256(utf8(key))) as KeyHash
}

/** The hash of a key issued elsewhere; undefined when the text is not 64 lower-case hexadecimal digits. */
export function parseKeyHash(text: string): KeyHash | undefined {
  return SHA256_HEX.test(text) ? (text as KeyHash) : undefined
}

/** What a person recognises a key by: its first eight digits. */
export function keyPrefix(key: string): string {
  return `${key.slice(0, API_KEY_PREFIX.length + SHOWN_DIGITS)}...`
}
