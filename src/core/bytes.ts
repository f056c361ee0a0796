// Bytes and their texts: UTF-8, hex, base64url, and comparison that takes no hint from the content. Pure.

const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * The UTF-8 encoding of a text (RFC 3629). A lone surrogate throws TypeError: it has no encoding, and
 * replacing it by U+FFFD would let two different texts have the same signature.
 */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  if (!text.isWellFormed()) throw new TypeError('text holds a lone surrogate')
  const bytes = new Uint8Array(utf8Length(text))
  let at = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      bytes[at++] = unit
    } else if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6)
      bytes[at++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[at++] = 0xe0 | (unit >> 12)
      bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[at++] = 0x80 | (unit & 0x3f)
    } else {
      const low = text.charCodeAt(++index)
      const point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
      bytes[at++] = 0xf0 | (point >> 18)
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f)
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
      bytes[at++] = 0x80 | (point & 0x3f)
    }
  }
  return bytes
}

/** How many bytes the UTF-8 encoding of a well-formed text has. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // Each half of a surrogate pair counts 2 of its 4 bytes.
    if (unit >= 0x80) bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

/** Lower-case hexadecimal, two digits a byte. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index++) text += HEX_PAIRS[bytes[index] ?? 0]
  return text
}

/** The chunks in their order, as one. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

/** Without the byte order mark that a text may begin with (RFC 3629 §6). */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/**
 * Whether two byte strings are the same. The time taken depends on the lengths, which are no secret
 * here, and never on where the first difference is.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0)
  return difference === 0
}

/** Base64url without padding (RFC 4648 §5). */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let bitCount = 0
  for (const byte of bytes) {
    bits = ((bits & 0x3f) << 8) | byte
    for (bitCount += 8; bitCount >= 6; bitCount -= 6) {
      text += BASE64URL.charAt((bits >> (bitCount - 6)) & 0x3f)
    }
  }
  return bitCount === 0 ? text : text + BASE64URL.charAt((bits << (6 - bitCount)) & 0x3f)
}

/**
 * The bytes of a base64url text; undefined for padding, a character outside the alphabet, an impossible
 * length, or bits after the last byte that are not zero, so that every byte string has exactly one
 * spelling (RFC 4648 §3.5): otherwise one token could be written in several ways.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1) return undefined
  const bytes = new Uint8Array((text.length * 6) >> 3)
  let length = 0
  let bits = 0
  let bitCount = 0
  for (let index = 0; index < text.length; index++) {
    const sextet = sextetOf(text.charCodeAt(index))
    if (sextet < 0) return undefined
    bits = ((bits & 0xff) << 6) | sextet
    bitCount += 6
    if (bitCount >= 8) {
      bitCount -= 8
      bytes[length++] = (bits >> bitCount) & 0xff
    }
  }
  return (bits & ((1 << bitCount) - 1)) === 0 ? bytes : undefined
}

/** The value of one base64url character, -1 when it is not one. */
function sextetOf(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit - 65
  if (unit >= 97 && unit <= 122) return unit - 71
  if (unit >= 48 && unit <= 57) return unit + 4
  if (unit === 45) return 62
  return unit === 95 ? 63 : -1
}
