// Whether an IP address can belong to a machine of the public internet: not to this machine, a private network, a link,
// or a cloud's metadata service. Pure.
import { parseIpAddress, sharesPrefix, type IpAddress } from './ip-address.ts'

/** What is not global by the registries of IANA (RFC 6890), and what was never given to anybody. */
const SPECIAL_BLOCKS = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by a provider's customers
  '127.0.0.0/8', // this machine
  '169.254.0.0/16', // the link, and clouds' metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocols
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/3', // multicast, and what is reserved
  // Only 2000::/3 is given out at all: see below.
  '2001::/23', // protocols, Teredo among them
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: an IPv4 address inside
  '3fff::/20', // documentation
].map(readBlock)

const GLOBAL_IPV6 = readBlock('2000::/3')

/** False for whatever is not an address. */
export function isPublicAddress(text: string): boolean {
  const address = parseIpAddress(text)
  if (address === undefined) return false
  if (address.version === 6 && !isIn(address, GLOBAL_IPV6)) return false
  return !SPECIAL_BLOCKS.some((block) => isIn(address, block))
}

interface Block {
  readonly address: IpAddress
  readonly bits: number
}

function isIn(address: IpAddress, block: Block): boolean {
  return sharesPrefix(address, block.address, block.bits)
}

function readBlock(text: string): Block {
  const [address = '', bits = ''] = text.split('/')
  const parsed = parseIpAddress(address)
  if (parsed === undefined) throw new TypeError(`${text} is not a block of addresses`)
  return { address: parsed, bits: Number(bits) }
}
