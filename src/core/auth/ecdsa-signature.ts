// ECDSA signatures of P-256 as OpenSSL writes them (DER, RFC 3279 §2.2.3) → as Web Crypto takes them. Pure.

const SEQUENCE = 0x30
const INTEGER = 0x02
const NUMBER_BYTES = 32

/** r and s, 32 bytes each; undefined for anything but two positive numbers of at most 256 bits in DER. */
export function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2 || der.length > 72) return undefined
  const r = readInteger(der, 2)
  const s = r && readInteger(der, r.end)
  if (r === undefined || s === undefined || s.end !== der.length) return undefined
  const raw = new Uint8Array(2 * NUMBER_BYTES)
  raw.set(r.digits, NUMBER_BYTES - r.digits.length)
  raw.set(s.digits, 2 * NUMBER_BYTES - s.digits.length)
  return raw
}

function readInteger(der: Uint8Array, at: number): { readonly digits: Uint8Array; readonly end: number } | undefined {
  const length = der[at + 1] ?? 0
  const start = at + 2
  const end = start + length
  const [first = 0, second = 0] = der.subarray(start, end)
  const isMinimal = first !== 0 || (length > 1 && second >= 0x80)
  if (der[at] !== INTEGER || length === 0 || end > der.length || first >= 0x80 || !isMinimal) return undefined
  const digits = der.subarray(first === 0 ? start + 1 : start, end)
  return digits.length > NUMBER_BYTES ? undefined : { digits, end }
}
