// A client's address → what is counted against it: a single IPv4, or an IPv6 network of 64 bits, because one
// client owns all of those. Pure.
import { parseIpAddress } from './ip-address.ts'

/** Equal for two spellings of one network; `unknown` for an invalid address, so that it is counted all the same. */
export function addressGroup(address: string | undefined): string {
  const parsed = address === undefined ? undefined : parseIpAddress(address)
  if (parsed === undefined) return 'unknown'
  const { version, bytes } = parsed
  if (version === 4) return bytes.join('.')
  const groups = [0, 2, 4, 6].map((at) => (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16))
  return `${groups.join(':')}::/64`
}
