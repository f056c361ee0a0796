// The secret in the address of a shared report: 136 random bits as 23 letters and digits. Pure: the bits are given.

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** 17 bytes are 136 bits, and 62^23 is the first power of 62 that holds them. */
export const SHARE_HASH_BYTES = 17
const LENGTH = 23
const SHARE_HASH = /^[0-9A-Za-z]{23}$/

/** Base62, most significant digit first, padded to one length. TypeError for another number of bytes. */
export function formatShareHash(bytes: Uint8Array): string {
  if (bytes.length !== SHARE_HASH_BYTES) throw new TypeError('a share hash is made of 17 bytes')
  let value = bytes.reduce((whole, byte) => (whole << 8n) | BigInt(byte), 0n)
  let text = ''
  for (; text.length < LENGTH; value /= 62n) text = DIGITS.charAt(Number(value % 62n)) + text
  return text
}

/** Whether a text can be one at all; what cannot is not looked up. */
export function isShareHash(text: string): boolean {
  return SHARE_HASH.test(text)
}
