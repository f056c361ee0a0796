// AssemblyScript: SigV4 signatures by the thousand, four at once in the lanes of SIMD registers, and the text
// that holds them. It knows bytes and hashing, and nothing of URLs or playlists; it allocates nothing.
// The host lays everything out in memory above `freeAt`; core/signed-text.ts says what the outcome must be.

const BLOCK: usize = 64
const DIGEST: usize = 32
const WORDS: usize = 16
/** Bytes of a state or a ring word: one 32-bit word of four messages, message n in lane n. */
const LANES: usize = 16
/** Bytes of a schedule: 64 words W[t] + K[t] of one block that is the same in all four messages. */
const SCHEDULE: usize = 256
/** Longest name, in bytes; longer ones never come here. */
const MAX_NAME: usize = 4096
/** Longest constant text on either side of the names, in bytes. */
const MAX_SIDE: usize = 8192

// FIPS 180-4 §4.2.2.
const ROUND_CONSTANTS = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])

// FIPS 180-4 §5.3.3.
const INITIAL_STATE = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])

// Scratch. `state` is the hash under way of four messages, `ring` the last 16 words of their schedules.
const state = memory.data(8 * LANES, 16)
const ring = memory.data(16 * LANES, 16)

// What one set of signing facts comes to, made by `prepare`: three states to start from, and what ends a message.
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
 * Takes the facts that all signatures of one call of `sign` share: the canonical request before and after
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

/** Absorbs whole blocks into a state of eight words, in place: one message, where four lanes would be wasted. */
export function absorb(words: usize, blocks: usize, size: usize): void {
  for (let block = blocks; block < blocks + size; block += BLOCK) absorbOne(words, block)
}

/** Written out, so that the sixteen words of the schedule stay out of memory: a quarter faster than a loop. */
function absorbOne(words: usize, block: usize): void {
  let w0 = wordAt(block)
  let w1 = wordAt(block + 4)
  let w2 = wordAt(block + 8)
  let w3 = wordAt(block + 12)
  let w4 = wordAt(block + 16)
  let w5 = wordAt(block + 20)
  let w6 = wordAt(block + 24)
  let w7 = wordAt(block + 28)
  let w8 = wordAt(block + 32)
  let w9 = wordAt(block + 36)
  let w10 = wordAt(block + 40)
  let w11 = wordAt(block + 44)
  let w12 = wordAt(block + 48)
  let w13 = wordAt(block + 52)
  let w14 = wordAt(block + 56)
  let w15 = wordAt(block + 60)
  let a = load<u32>(words, 0)
  let b = load<u32>(words, 4)
  let c = load<u32>(words, 8)
  let d = load<u32>(words, 12)
  let e = load<u32>(words, 16)
  let f = load<u32>(words, 20)
  let g = load<u32>(words, 24)
  let h = load<u32>(words, 28)
  let k: usize = ROUND_CONSTANTS
  h += w0 + first(e, f, g, k + 0); d += h; h += second(a, b, c)
  g += w1 + first(d, e, f, k + 4); c += g; g += second(h, a, b)
  f += w2 + first(c, d, e, k + 8); b += f; f += second(g, h, a)
  e += w3 + first(b, c, d, k + 12); a += e; e += second(f, g, h)
  d += w4 + first(a, b, c, k + 16); h += d; d += second(e, f, g)
  c += w5 + first(h, a, b, k + 20); g += c; c += second(d, e, f)
  b += w6 + first(g, h, a, k + 24); f += b; b += second(c, d, e)
  a += w7 + first(f, g, h, k + 28); e += a; a += second(b, c, d)
  h += w8 + first(e, f, g, k + 32); d += h; h += second(a, b, c)
  g += w9 + first(d, e, f, k + 36); c += g; g += second(h, a, b)
  f += w10 + first(c, d, e, k + 40); b += f; f += second(g, h, a)
  e += w11 + first(b, c, d, k + 44); a += e; e += second(f, g, h)
  d += w12 + first(a, b, c, k + 48); h += d; d += second(e, f, g)
  c += w13 + first(h, a, b, k + 52); g += c; c += second(d, e, f)
  b += w14 + first(g, h, a, k + 56); f += b; b += second(c, d, e)
  a += w15 + first(f, g, h, k + 60); e += a; a += second(b, c, d)
  for (let turn = 0; turn < 3; turn++) {
    k += BLOCK
    w0 += expanded(w1, w9, w14); h += w0 + first(e, f, g, k + 0); d += h; h += second(a, b, c)
    w1 += expanded(w2, w10, w15); g += w1 + first(d, e, f, k + 4); c += g; g += second(h, a, b)
    w2 += expanded(w3, w11, w0); f += w2 + first(c, d, e, k + 8); b += f; f += second(g, h, a)
    w3 += expanded(w4, w12, w1); e += w3 + first(b, c, d, k + 12); a += e; e += second(f, g, h)
    w4 += expanded(w5, w13, w2); d += w4 + first(a, b, c, k + 16); h += d; d += second(e, f, g)
    w5 += expanded(w6, w14, w3); c += w5 + first(h, a, b, k + 20); g += c; c += second(d, e, f)
    w6 += expanded(w7, w15, w4); b += w6 + first(g, h, a, k + 24); f += b; b += second(c, d, e)
    w7 += expanded(w8, w0, w5); a += w7 + first(f, g, h, k + 28); e += a; a += second(b, c, d)
    w8 += expanded(w9, w1, w6); h += w8 + first(e, f, g, k + 32); d += h; h += second(a, b, c)
    w9 += expanded(w10, w2, w7); g += w9 + first(d, e, f, k + 36); c += g; g += second(h, a, b)
    w10 += expanded(w11, w3, w8); f += w10 + first(c, d, e, k + 40); b += f; f += second(g, h, a)
    w11 += expanded(w12, w4, w9); e += w11 + first(b, c, d, k + 44); a += e; e += second(f, g, h)
    w12 += expanded(w13, w5, w10); d += w12 + first(a, b, c, k + 48); h += d; d += second(e, f, g)
    w13 += expanded(w14, w6, w11); c += w13 + first(h, a, b, k + 52); g += c; c += second(d, e, f)
    w14 += expanded(w15, w7, w12); b += w14 + first(g, h, a, k + 56); f += b; b += second(c, d, e)
    w15 += expanded(w0, w8, w13); a += w15 + first(f, g, h, k + 60); e += a; a += second(b, c, d)
  }
  addTo(words, a)
  addTo(words + 4, b)
  addTo(words + 8, c)
  addTo(words + 12, d)
  addTo(words + 16, e)
  addTo(words + 20, f)
  addTo(words + 24, g)
  addTo(words + 28, h)
}

@inline
function wordAt(at: usize): u32 {
  return bswap<u32>(load<u32>(at))
}

@inline
function addTo(at: usize, word: u32): void {
  store<u32>(at, load<u32>(at) + word)
}

/** What is added to W[t - 16], of W[t - 15], W[t - 7] and W[t - 2], to make it W[t] (FIPS 180-4 §6.2.2, step 1). */
@inline
function expanded(after: u32, middle: u32, late: u32): u32 {
  const sigma0 = rotr<u32>(after, 7) ^ rotr<u32>(after, 18) ^ (after >>> 3)
  const sigma1 = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >>> 10)
  return sigma0 + middle + sigma1
}

/** T1 without h and W[t] (step 3). */
@inline
function first(e: u32, f: u32, g: u32, constant: usize): u32 {
  const sum1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)
  return sum1 + (g ^ (e & (f ^ g))) + load<u32>(constant)
}

/** T2 (step 3). */
@inline
function second(a: u32, b: u32, c: u32): u32 {
  const sum0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)
  return sum0 + ((a & b) | (c & (a | b)))
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

/** Four hex digits of the low 16 bits of each lane, the highest first in the highest byte. */
@inline
function hexOf(value: v128): v128 {
  let nibbles = v128.and(v128.or(value, i32x4.shl(value, 8)), i32x4.splat(0x00ff00ff))
  nibbles = v128.and(v128.or(nibbles, i32x4.shl(nibbles, 4)), i32x4.splat(0x0f0f0f0f))
  return v128.swizzle(i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102), nibbles)
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

/** Big-endian words of memory as numbers, and back. */
@inline
function swapBytes(words: v128): v128 {
  return v128.swizzle(words, i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12))
}

/** Sets all four messages to the state of these eight words. */
function loadState(words: usize): void {
  for (let word: usize = 0; word < 8; word++) v128.store(state + word * LANES, v128.load32_splat(words + word * 4))
}

@inline
function copyState(from: usize): void {
  memory.copy(state, from, 8 * LANES)
}

@inline
function saveState(into: usize): void {
  memory.copy(into, state, 8 * LANES)
}

/** Absorbs the whole blocks of a text into all four messages; gives the address of what is left over. */
function absorbWhole(text: usize, size: usize): usize {
  const rest = text + size - (size % BLOCK)
  for (let block = text; block < rest; block += BLOCK) {
    expandAll(block, 1, frameSchedules)
    absorbSchedules(frameSchedules, 1)
  }
  return rest
}

/**
 * Ends a message in place (FIPS 180-4 §5.1.1): its bytes lie at `bytes` up to `length`, those from `keep`
 * are cleared first, and `total` counts the whole message. Gives the padded length.
 */
function pad(bytes: usize, keep: usize, length: usize, total: usize): usize {
  const padded = (length + 8 + BLOCK) / BLOCK * BLOCK
  memory.fill(bytes + keep, 0, padded - keep)
  store<u8>(bytes + length, 0x80)
  store<u32>(bytes + padded - 4, bswap<u32>(u32(total) * 8))
  return padded
}

/** Writes the schedules of blocks, one after another (FIPS 180-4 §6.2.2, step 1 and the sum in step 3). */
function expandAll(blocks: usize, count: usize, schedules: usize): void {
  for (let index: usize = 0; index < count; index++) expand(blocks + index * BLOCK, schedules + index * SCHEDULE)
}

function expand(block: usize, schedule: usize): void {
  for (let t: usize = 0; t < BLOCK; t += 4) store<u32>(schedule + t, wordAt(block + t))
  for (let t: usize = BLOCK; t < SCHEDULE; t += 4) {
    const at = schedule + t
    store<u32>(at, load<u32>(at - 64) + expanded(load<u32>(at - 60), load<u32>(at - 28), load<u32>(at - 8)))
  }
  for (let t: usize = 0; t < SCHEDULE; t += 4) addTo(schedule + t, load<u32>(ROUND_CONSTANTS + t))
}

@inline
function rotateRight(words: v128, bits: i32): v128 {
  return v128.or(i32x4.shr_u(words, bits), i32x4.shl(words, 32 - bits))
}

/** The blocks whose schedules are known: half the work of hashing them is done. */
function absorbSchedules(schedules: usize, count: usize): void {
  for (let schedule = schedules; schedule < schedules + count * SCHEDULE; schedule += SCHEDULE) {
    absorbSchedule(schedule)
  }
}

// The two functions below hold the same round twice: WebAssembly returns no two values from an inlined one
// without storing them. Rolled on purpose: unrolled rounds were no faster, and four times the code.

function absorbSchedule(schedule: usize): void {
  let a = v128.load(state)
  let b = v128.load(state, 16)
  let c = v128.load(state, 32)
  let d = v128.load(state, 48)
  let e = v128.load(state, 64)
  let f = v128.load(state, 80)
  let g = v128.load(state, 96)
  let h = v128.load(state, 112)
  let bc = v128.xor(b, c)
  for (let t: usize = 0; t < SCHEDULE; t += 4) {
    const word = v128.load32_splat(schedule + t)
    const sum1 = v128.xor(rotateRight(e, 6), v128.xor(rotateRight(e, 11), rotateRight(e, 25)))
    const choice = v128.xor(g, v128.and(e, v128.xor(f, g)))
    const first = i32x4.add(i32x4.add(i32x4.add(h, word), choice), sum1)
    const ab = v128.xor(a, b)
    const sum0 = v128.xor(rotateRight(a, 2), v128.xor(rotateRight(a, 13), rotateRight(a, 22)))
    const majority = v128.xor(b, v128.and(ab, bc))
    h = g
    g = f
    f = e
    e = i32x4.add(d, first)
    d = c
    c = b
    b = a
    a = i32x4.add(first, i32x4.add(sum0, majority))
    bc = ab
  }
  addState(a, b, c, d, e, f, g, h)
}

/** The block in `ring`, whose schedule is made as the rounds need it. */
function absorbRing(): void {
  let a = v128.load(state)
  let b = v128.load(state, 16)
  let c = v128.load(state, 32)
  let d = v128.load(state, 48)
  let e = v128.load(state, 64)
  let f = v128.load(state, 80)
  let g = v128.load(state, 96)
  let h = v128.load(state, 112)
  let bc = v128.xor(b, c)
  for (let t: usize = 0; t < SCHEDULE; t += 4) {
    const at = ring + ((t & 60) << 2)
    let word = v128.load(at)
    if (t >= BLOCK) {
      const x = v128.load(ring + (((t + 4) & 60) << 2))
      const y = v128.load(ring + (((t + 56) & 60) << 2))
      const sigma0 = v128.xor(i32x4.shr_u(x, 3), v128.xor(rotateRight(x, 7), rotateRight(x, 18)))
      const sigma1 = v128.xor(i32x4.shr_u(y, 10), v128.xor(rotateRight(y, 17), rotateRight(y, 19)))
      const middle = v128.load(ring + (((t + 36) & 60) << 2))
      word = i32x4.add(i32x4.add(word, sigma0), i32x4.add(middle, sigma1))
      v128.store(at, word)
    }
    word = i32x4.add(word, v128.load32_splat(ROUND_CONSTANTS + t))
    const sum1 = v128.xor(rotateRight(e, 6), v128.xor(rotateRight(e, 11), rotateRight(e, 25)))
    const choice = v128.xor(g, v128.and(e, v128.xor(f, g)))
    const first = i32x4.add(i32x4.add(i32x4.add(h, word), choice), sum1)
    const ab = v128.xor(a, b)
    const sum0 = v128.xor(rotateRight(a, 2), v128.xor(rotateRight(a, 13), rotateRight(a, 22)))
    const majority = v128.xor(b, v128.and(ab, bc))
    h = g
    g = f
    f = e
    e = i32x4.add(d, first)
    d = c
    c = b
    b = a
    a = i32x4.add(first, i32x4.add(sum0, majority))
    bc = ab
  }
  addState(a, b, c, d, e, f, g, h)
}

@inline
function addState(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128): void {
  v128.store(state, i32x4.add(v128.load(state), a))
  v128.store(state, i32x4.add(v128.load(state, 16), b), 16)
  v128.store(state, i32x4.add(v128.load(state, 32), c), 32)
  v128.store(state, i32x4.add(v128.load(state, 48), d), 48)
  v128.store(state, i32x4.add(v128.load(state, 64), e), 64)
  v128.store(state, i32x4.add(v128.load(state, 80), f), 80)
  v128.store(state, i32x4.add(v128.load(state, 96), g), 96)
  v128.store(state, i32x4.add(v128.load(state, 112), h), 112)
}
