// IP addresses as numbers: IPv4 and IPv6 (RFC 4291 §2.2), one form for all spellings of one address. Pure.

export interface IpAddress {
  readonly version: 4 | 6
  /** 4 or 16 bytes, most significant first. */
  readonly bytes: readonly number[]
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/
const GROUP = /^[0-9a-f]{1,4}$/i
const IPV4_BYTES = 4
const IPV6_BYTES = 16

/** Undefined for anything else. A zone index is dropped; an IPv4-mapped IPv6 address is the IPv4 address itself. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const octets = readOctets(text)
  if (octets !== undefined) return { version: 4, bytes: octets }
  const bytes = readIpv6(text)
  if (bytes === undefined) return undefined
  return isMapped(bytes) ? { version: 4, bytes: bytes.slice(-IPV4_BYTES) } : { version: 6, bytes }
}

/** Whether the first `bits` of two addresses of one version are the same. */
export function sharesPrefix(a: IpAddress, b: IpAddress, bits: number): boolean {
  if (a.version !== b.version) return false
  for (let index = 0; index * 8 < bits; index += 1) {
    const mask = bits - index * 8 >= 8 ? 0xff : (0xff << (8 - (bits - index * 8))) & 0xff
    if (((a.bytes[index] ?? 0) & mask) !== ((b.bytes[index] ?? 0) & mask)) return false
  }
  return true
}

function readOctets(text: string): number[] | undefined {
  const words = text.split('.')
  if (words.length !== IPV4_BYTES || !words.every((word) => OCTET.test(word))) return undefined
  const octets = words.map(Number)
  return octets.every((octet) => octet <= 255) ? octets : undefined
}

function readIpv6(text: string): number[] | undefined {
  const [address = ''] = text.split('%')
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(readGroups)
  if (head === undefined) return undefined
  if (halves.length === 1) return head.length === IPV6_BYTES ? head : undefined
  // `::` stands for one group of zeros at least.
  if (tail === undefined || head.length + tail.length > IPV6_BYTES - 2) return undefined
  return [...head, ...Array.from({ length: IPV6_BYTES - head.length - tail.length }, () => 0), ...tail]
}

/** As bytes; the last two groups may be written as IPv4. */
function readGroups(text: string): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const words = text.split(':')
  for (const [index, word] of words.entries()) {
    const octets = index === words.length - 1 ? readOctets(word) : undefined
    if (octets !== undefined) bytes.push(...octets)
    else if (GROUP.test(word)) bytes.push(Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff)
    else return undefined
  }
  return bytes
}

/** `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2). */
function isMapped(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
}
