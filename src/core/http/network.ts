// Networks: CIDR blocks (RFC 4632, RFC 4291 §2.3) and numbers of autonomous systems. Pure.
import { hex } from '../bytes.ts'
import { parseIpAddress, sharesPrefix, type IpAddress } from './ip-address.ts'

export interface Block {
  readonly kind: 'block'
  readonly address: IpAddress
  readonly bits: number
}

export type Network = Block | { readonly kind: 'system'; readonly asn: number }

const SYSTEM = /^AS([1-9]\d{0,9})$/i
const MAX_ASN = 2 ** 32 - 1

/** What a home gets: a viewing that is bound to its network stays in this much of it. */
const HOME_BITS = { 4: 24, 6: 56 } as const

/** How much of an address is kept of who used a key: enough for its owner to know the place, too little for a person. */
const KEPT_BITS = { 4: 24, 6: 48 } as const

/** `192.0.2.0/24`, `2001:db8::/32` or `AS64500`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const asn = Number(SYSTEM.exec(text)?.[1])
  return asn <= MAX_ASN ? { kind: 'system', asn } : parseBlock(text)
}

/** `192.0.2.0/24` or `2001:db8::/32`; undefined for anything else, a bare address too. */
export function parseBlock(text: string): Block | undefined {
  const [addressText = '', bitsText, ...rest] = text.split('/')
  const address = parseIpAddress(addressText)
  if (address === undefined || bitsText === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bitsText))
    return undefined
  // A mapped block such as ::ffff:0:0/96 has become one of IPv4: its bits count from there.
  const bits = address.version === 4 && addressText.includes(':') ? Number(bitsText) - 96 : Number(bitsText)
  return bits >= 0 && bits <= address.bytes.length * 8 ? { kind: 'block', address, bits } : undefined
}

/** The blocks of a list that was checked when it was stored; an invalid entry is left out, and allows nothing. */
export function parseBlocks(texts: readonly string[]): readonly Block[] {
  return texts.map(parseBlock).filter((block) => block !== undefined)
}

/** Whether every address of `inner` is one of `outer`. */
export function containsBlock(outer: Block, inner: Block): boolean {
  return outer.bits <= inner.bits && sharesPrefix(outer.address, inner.address, outer.bits)
}

/** Whether an address, or the autonomous system it was seen in, lies in one of the networks. Unknown lies in none. */
export function isInNetworks(
  networks: readonly Network[],
  { address, asn }: { readonly address: string | undefined; readonly asn: number | undefined },
): boolean {
  const parsed = address === undefined ? undefined : parseIpAddress(address)
  return networks.some((network) =>
    network.kind === 'system'
      ? network.asn === asn
      : parsed !== undefined && sharesPrefix(network.address, parsed, network.bits),
  )
}

/** The home an address can be in: its /24 or /56 in hex, equal for all of them; `unknown` for an invalid address. */
export function homeOf(address: string | undefined): string {
  const parsed = address === undefined ? undefined : parseIpAddress(address)
  if (parsed === undefined) return 'unknown'
  return `${parsed.version}:${hex(Uint8Array.from(parsed.bytes.slice(0, HOME_BITS[parsed.version] / 8)))}`
}

/** The /24 or /48 an address lies in, as CIDR text; undefined for an invalid address. */
export function truncateAddress(address: string | undefined): string | undefined {
  const parsed = address === undefined ? undefined : parseIpAddress(address)
  if (parsed === undefined) return undefined
  const bits = KEPT_BITS[parsed.version]
  const kept = parsed.bytes.slice(0, bits / 8)
  if (parsed.version === 4) return `${kept.join('.')}.0/${bits}`
  const groups = [0, 2, 4].map((at) => (((kept[at] ?? 0) << 8) | (kept[at + 1] ?? 0)).toString(16))
  // A last group of zeros belongs to the `::` (RFC 5952 §4.2.1).
  return `${groups.join(':').replace(/(?:(?:^|:)0)+$/, '')}::/${bits}`
}
