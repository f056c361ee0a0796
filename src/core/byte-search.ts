// Finds a text in bytes, in a time that depends on their number alone (Knuth, Morris, Pratt), for any content. Pure.

/** Gives the first position at or after `from`, or -1. */
export type ByteSearch = (bytes: Uint8Array, from: number) => number

const VALUES = 256

/** `mark` has 1 to 255 bytes. */
export function searchFor(mark: Uint8Array): ByteSearch {
  const [first = 0] = mark
  const next = automatonOf(mark)
  return function search(bytes, from) {
    let matched = 0
    for (let at = from; at < bytes.length; at++) {
      if (matched === 0) {
        at = nextByte(bytes, first, at)
        if (at === -1) return -1
      }
      matched = next[matched * VALUES + (bytes[at] ?? 0)] ?? 0
      if (matched === mark.length) return at + 1 - mark.length
    }
    return -1
  }
}

/** By how much of the mark has matched, and by the byte that follows: how much of it matches then. */
function automatonOf(mark: Uint8Array): Uint8Array {
  const next = new Uint8Array(mark.length * VALUES)
  /** What matches when the first byte of what had matched is left out. */
  let border = 0
  for (let matched = 0; matched < mark.length; matched++) {
    const byte = mark[matched] ?? 0
    if (matched > 0) next.copyWithin(matched * VALUES, border * VALUES, (border + 1) * VALUES)
    next[matched * VALUES + byte] = matched + 1
    if (matched > 0) border = next[border * VALUES + byte] ?? 0
  }
  return next
}

/** A call of indexOf costs as much as a look at this many bytes; where the byte is common it would be calls alone. */
const NEAR_BYTES = 16

function nextByte(bytes: Uint8Array, byte: number, from: number): number {
  const far = Math.min(from + NEAR_BYTES, bytes.length)
  for (let at = from; at < far; at++) if (bytes[at] === byte) return at
  return bytes.indexOf(byte, far)
}
