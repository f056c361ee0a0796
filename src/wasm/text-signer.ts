// AssemblyScript: SigV4 signatures by the thousand, four at once in the lanes of SIMD registers, and the text
// that holds them. It knows bytes and hashing, and nothing of URLs or playlists; it allocates nothing.
// The host lays everything out in memory above `freeAt`; core/signed-text.ts says what the outcome must be.

import { BLOCK, DIGEST, INITIAL_STATE, SCHEDULE, expandAll, pad } from './sha256'
import {
  LANES, absorbRing, absorbSchedules, absorbWhole, copyState, hexOf, loadState, ring, saveState, state, swapBytes,
} from './sha256-lanes'

export { absorb } from './sha256'

/** Words in a block. */
const WORDS: usize = 16
/** Longest name, in bytes; longer ones never come here. */
const MAX_NAME: usize = 4096
/** Longest constant text on either side of the names, in bytes. */
const MAX_SIDE: usize = 8192

// What one set of signing terms comes to, made by `prepare`: three states to start from, and what ends a message.
const requestStart = memory.data(8 * LANES, 16)
const innerStart = memory.data(8 * LANES, 16)
const outerStart = memory.data(8 * LANES, 16)
const innerBlocks = memory.data(3 * BLOCK, 16)
const innerSchedules = memory.data(2 * SCHEDULE, 16)
const outerBlock = memory.data(BLOCK, 16)
let headRest: usize = 0
let headRestLength: usize = 0
let headLength: usize = 0
let tailAt: usize = 0
let tailLength: usize = 0
let hexAt: usize = 0
let innerBlockCount: usize = 0

// What all names of one length have in common, made by `frameNames`: the rest of the message around them.
const frameBytes = memory.data(BLOCK + MAX_NAME + MAX_SIDE + 2 * BLOCK, 16)
const frameSchedules = memory.data((MAX_SIDE / BLOCK + 2) * SCHEDULE, 16)
let nameBlockCount: usize = 0
let frameScheduleCount: usize = 0

/** The first name of each length, as an address in the list of names; 0 for none. */
const firstOfLength = memory.data((MAX_NAME + 1) * 4, 16)

/** Bytes of an entry in the list of names: address, length, and room for the address of the next one as long. */
const NAME: usize = 12

/** The first byte that belongs to the host. */
export function freeAt(): usize {
  return __heap_base
}

export function maxNameBytes(): usize {
  return MAX_NAME
}

export function maxSideBytes(): usize {
  return MAX_SIDE
}

/**
 * Takes the terms that all signatures of one call of `sign` share: the canonical request before and after
 * the name, the string to sign before its hash, and the eight words each of the key's two states (RFC 2104).
 */
export function prepare(
  head: usize, headSize: usize, tail: usize, tailSize: usize,
  toSign: usize, toSignSize: usize, innerWords: usize, outerWords: usize,
): void {
  loadState(INITIAL_STATE)
  headRest = absorbWhole(head, headSize)
  headRestLength = headSize % BLOCK
  headLength = headSize
  saveState(requestStart)
  tailAt = tail
  tailLength = tailSize

  loadState(innerWords)
  const rest = absorbWhole(toSign, toSignSize)
  saveState(innerStart)
  hexAt = toSignSize % BLOCK
  memory.copy(innerBlocks, rest, hexAt)
  // The key's own block counts as well.
  innerBlockCount = pad(innerBlocks, hexAt, hexAt + 2 * DIGEST, BLOCK + toSignSize + 2 * DIGEST) / BLOCK
  expandAll(innerBlocks + hexBlockCount() * BLOCK, innerBlockCount - hexBlockCount(), innerSchedules)

  loadState(outerWords)
  saveState(outerStart)
  pad(outerBlock, 0, DIGEST, BLOCK + DIGEST)
}

/** Writes the signature of each listed name, 64 hex digits, at `signatures`, in the order of the list. */
export function sign(names: usize, count: usize, signatures: usize): void {
  const end = names + count * NAME
  let longest: usize = 0
  // Backwards, so that each chain runs in the order of the list and four neighbours are signed together.
  for (let name = end - NAME; name >= names; name -= NAME) {
    const length = load<usize>(name, 4)
    if (length > longest) longest = length
    const chain = firstOfLength + length * 4
    store<usize>(name, load<usize>(chain), 8)
    store<usize>(chain, name)
  }
  for (let length: usize = 0; length <= longest; length++) {
    const chain = firstOfLength + length * 4
    let name = load<usize>(chain)
    if (name == 0) continue
    store<usize>(chain, 0)
    frameNames(length)
    while (name != 0) {
      const a = name
      const b = nextOrSame(a)
      const c = nextOrSame(b)
      const d = nextOrSame(c)
      hashRequests(load<usize>(a), load<usize>(b), load<usize>(c), load<usize>(d))
      hashStringsToSign()
      writeSignatures(place(signatures, names, a), place(signatures, names, b), place(signatures, names, c), place(signatures, names, d))
      name = load<usize>(d, 8)
    }
  }
}

/** Copies pieces, listed as address and length, one behind another; 15 bytes behind the last are spoilt. */
export function print(pieces: usize, count: usize, into: usize): void {
  let out = into
  for (let piece = pieces; piece < pieces + count * 8; piece += 8) {
    const from = load<usize>(piece)
    const length = load<usize>(piece, 4)
    for (let at: usize = 0; at < length; at += LANES) v128.store(out + at, v128.load(from + at))
    out += length
  }
}

/** A chain's last name fills the lanes that are left over: it is signed again to the same place. */
function nextOrSame(name: usize): usize {
  const next = load<usize>(name, 8)
  return next == 0 ? name : next
}

@inline
function place(signatures: usize, names: usize, name: usize): usize {
  return signatures + ((name - names) / NAME) * (2 * DIGEST)
}

/** Lays out what stands around every name of this length, and expands the blocks that hold no byte of a name. */
function frameNames(length: usize): void {
  const nameEnd = headRestLength + length
  memory.copy(frameBytes, headRest, headRestLength)
  memory.fill(frameBytes + headRestLength, 0, length)
  memory.copy(frameBytes + nameEnd, tailAt, tailLength)
  const blocks = pad(frameBytes, nameEnd + tailLength, nameEnd + tailLength, headLength + length + tailLength) / BLOCK
  nameBlockCount = (nameEnd + BLOCK - 1) / BLOCK
  frameScheduleCount = blocks - nameBlockCount
  expandAll(frameBytes + nameBlockCount * BLOCK, frameScheduleCount, frameSchedules)
  nameLength = length
}

let nameLength: usize = 0

/** Hashes four canonical requests, whose names lie at these addresses. */
function hashRequests(a: usize, b: usize, c: usize, d: usize): void {
  copyState(requestStart)
  const nameEnd = headRestLength + nameLength
  for (let block: usize = 0; block < nameBlockCount * BLOCK; block += BLOCK) {
    for (let at = block; at < block + BLOCK; at += 4) {
      let word = v128.load32_splat(frameBytes + at)
      // Unsigned: a word that ends before the name wraps to a large number.
      if (at + 4 > headRestLength && at < nameEnd) {
        const from = at - headRestLength
        let bytes = v128.load32_zero(a + from)
        bytes = v128.load32_lane(b + from, bytes, 1)
        bytes = v128.load32_lane(c + from, bytes, 2)
        bytes = v128.load32_lane(d + from, bytes, 3)
        if (at < headRestLength || at + 4 > nameEnd) bytes = v128.and(bytes, i32x4.splat(nameMask(at, nameEnd)))
        word = v128.or(word, bytes)
      }
      v128.store(ring + ((at - block) << 2), swapBytes(word))
    }
    absorbRing()
  }
  absorbSchedules(frameSchedules, frameScheduleCount)
}

/** Which bytes of the word at `at` belong to the name. */
function nameMask(at: usize, nameEnd: usize): i32 {
  let mask: u32 = 0xffffffff
  if (at < headRestLength) mask <<= u32(headRestLength - at) * 8
  if (at + 4 > nameEnd) mask &= 0xffffffff >>> (u32(at + 4 - nameEnd) * 8)
  return mask
}

/** HMAC over the four strings to sign that end in the hashes in `state`, which their signatures replace. */
function hashStringsToSign(): void {
  const digest = hexDigits
  for (let word: usize = 0; word < 8 * LANES; word += LANES) {
    const value = v128.load(state + word)
    v128.store(digest + 2 * word, hexOf(i32x4.shr_u(value, 16)))
    v128.store(digest + 2 * word + LANES, hexOf(v128.and(value, i32x4.splat(0xffff))))
  }
  copyState(innerStart)
  const shift = i32(hexAt % 4) * 8
  for (let block: usize = 0; block < hexBlockCount(); block++) {
    for (let index: usize = 0; index < WORDS; index++) {
      const at = block * WORDS + index
      let word = i32x4.splat(bswap<u32>(load<u32>(innerBlocks + at * 4)))
      const first = hexAt / 4
      if (at >= first) {
        const from = at - first
        if (from < WORDS) word = v128.or(word, i32x4.shr_u(v128.load(digest + from * LANES), shift))
        // A shift by 32 would be one by 0, and doubles the word.
        if (shift > 0 && from > 0 && from <= WORDS) {
          word = v128.or(word, i32x4.shl(v128.load(digest + (from - 1) * LANES), 32 - shift))
        }
      }
      v128.store(ring + index * LANES, word)
    }
    absorbRing()
  }
  absorbSchedules(innerSchedules, innerBlockCount - hexBlockCount())
  for (let word: usize = 0; word < 8; word++) {
    v128.store(ring + word * LANES, v128.load(state + word * LANES))
    v128.store(ring + (word + 8) * LANES, i32x4.splat(bswap<u32>(load<u32>(outerBlock + (word + 8) * 4))))
  }
  copyState(outerStart)
  absorbRing()
}

const hexDigits = memory.data(16 * LANES, 16)

/** How many blocks of the string to sign hold hex digits. */
@inline
function hexBlockCount(): usize {
  return (hexAt + 2 * DIGEST + BLOCK - 1) / BLOCK
}

function writeSignatures(a: usize, b: usize, c: usize, d: usize): void {
  for (let word: usize = 0; word < 8; word++) {
    const value = v128.load(state + word * LANES)
    const high = swapBytes(hexOf(i32x4.shr_u(value, 16)))
    const low = swapBytes(hexOf(v128.and(value, i32x4.splat(0xffff))))
    const pairs = v128.shuffle<i32>(high, low, 0, 4, 1, 5)
    const others = v128.shuffle<i32>(high, low, 2, 6, 3, 7)
    v128.store64_lane(a + word * 8, pairs, 0)
    v128.store64_lane(b + word * 8, pairs, 1)
    v128.store64_lane(c + word * 8, others, 0)
    v128.store64_lane(d + word * 8, others, 1)
  }
}
