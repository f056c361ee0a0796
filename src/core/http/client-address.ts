// A client's address → what is counted against it: a single IPv4, or an IPv6 network of 64 bits, because one
// client owns all of those. Pure.

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
const GROUP = /^[0-9a-f]{1,4}$/i

/** Equal for two spellings of one network; `unknown` for what is no address, so that it is counted all the same. */
export function addressGroup(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  if (IPV4.test(address)) return address
  const groups = expandIpv6(address)
  if (groups === undefined) return 'unknown'
  const embedded = embeddedIpv4(groups)
  return (
    embedded ??
    `${groups
      .slice(0, 4)
      .map((group) => group.toString(16))
      .join(':')}::/64`
  )
}

/** The eight groups of an address (RFC 4291 §2.2); undefined when it is none. A zone index is dropped. */
function expandIpv6(address: string): number[] | undefined {
  const [text = ''] = address.split('%')
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(readGroups)
  if (head === undefined) return undefined
  if (halves.length === 1) return head.length === 8 ? head : undefined
  if (tail === undefined || head.length + tail.length > 7) return undefined
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail]
}

function readGroups(text: string): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const words = text.split(':')
  for (const [index, word] of words.entries()) {
    if (GROUP.test(word)) groups.push(Number.parseInt(word, 16))
    else if (IPV4.test(word) && index === words.length - 1) {
      const [a = 0, b = 0, c = 0, d = 0] = word.split('.').map(Number)
      groups.push((a << 8) | b, (c << 8) | d)
    } else return undefined
  }
  return groups
}

/** `::ffff:a.b.c.d` is the IPv4 client itself (RFC 4291 §2.5.5.2). */
function embeddedIpv4(groups: readonly number[]): string | undefined {
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  return isMapped ? [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.') : undefined
}
