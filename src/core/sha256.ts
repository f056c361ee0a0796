// SHA-256 and HMAC in one synchronous piece, because a playlist needs thousands of signatures and an
// awaited crypto.subtle call costs several times the hash. Pure: no platform crypto, no allocation per block.
// Indexes into the typed arrays are in range by construction; `as number` says so at no cost in the hot loop.

/** Bytes in a block and in a digest (FIPS 180-4 §1). */
export const BLOCK_BYTES = 64
export const DIGEST_BYTES = 32

/** Words in the message schedule of one block. */
export const SCHEDULE_WORDS = 64

// FIPS 180-4 §4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
// oxfmt-ignore
const ROUND_CONSTANTS = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
)

// FIPS 180-4 §5.3.3.
export const INITIAL_STATE: Readonly<Int32Array> = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
)

/** Where a hash stands after some whole blocks: a prefix hashed once, to be continued many times. */
export interface Midstate {
  /** The eight chaining words. Never written to. */
  readonly words: Readonly<Int32Array>
  /** How many bytes are in them, a multiple of 64. */
  readonly byteLength: number
}

const EMPTY: Midstate = { words: INITIAL_STATE, byteLength: 0 }

/** A key of HMAC with its two padded blocks already hashed (RFC 2104 §4). */
export interface HmacKey {
  readonly inner: Midstate
  readonly outer: Midstate
}

// Scratch of one block at a time. Everything here is synchronous, so no two hashes are ever in it at once.
const messageWords = new Int32Array(SCHEDULE_WORDS)
const blockSchedule = new Int32Array(SCHEDULE_WORDS)

/** The SHA-256 digest, 32 bytes (FIPS 180-4 §6.2), of a message, or of what follows the midstate given. */
export function sha256(message: Uint8Array, from: Midstate = EMPTY): Uint8Array<ArrayBuffer> {
  const state = new Int32Array(from.words)
  const whole = message.length - (message.length % BLOCK_BYTES)
  absorbBlocks(state, message, 0, whole)
  const rest = message.length - whole
  const tail = new Uint8Array(paddedLength(rest))
  for (let at = 0; at < rest; at++) tail[at] = message[whole + at] as number
  writePadding(tail, rest, from.byteLength + message.length)
  absorbBlocks(state, tail, 0, tail.length)
  const digest = new Uint8Array(DIGEST_BYTES)
  writeDigest(state, digest, 0)
  return digest
}

/** The state after whole blocks; a length that is no multiple of 64 throws TypeError. */
export function midstate(blocks: Uint8Array, from: Midstate = EMPTY): Midstate {
  if (blocks.length % BLOCK_BYTES !== 0) throw new TypeError('a midstate takes whole 64-byte blocks')
  const words = new Int32Array(from.words)
  absorbBlocks(words, blocks, 0, blocks.length)
  return { words, byteLength: from.byteLength + blocks.length }
}

/** A key made ready for any number of messages; one over 64 bytes is hashed first (RFC 2104 §3). */
export function hmacKey(key: Uint8Array): HmacKey {
  const short = key.length > BLOCK_BYTES ? sha256(key) : key
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36)
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c)
  for (const [index, byte] of short.entries()) {
    inner[index] = byte ^ 0x36
    outer[index] = byte ^ 0x5c
  }
  return { inner: midstate(inner), outer: midstate(outer) }
}

/** HMAC-SHA-256, 32 bytes (RFC 2104). */
export function hmacSha256(key: HmacKey, message: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(sha256(message, key.inner), key.outer)
}

/** The length of what is left of a message once it is padded to whole blocks (FIPS 180-4 §5.1.1). */
export function paddedLength(length: number): number {
  return length + 9 + ((BLOCK_BYTES - ((length + 9) % BLOCK_BYTES)) % BLOCK_BYTES)
}

/**
 * Pads in place: `bytes` holds the end of a message in its first `length` bytes and is exactly
 * `paddedLength(length)` long; `totalLength` counts the whole message, with what is hashed already.
 */
export function writePadding(bytes: Uint8Array, length: number, totalLength: number): void {
  bytes.fill(0, length)
  bytes[length] = 0x80
  // The length is in bits and 64 wide: a number holds the bits of any message up to 2^50 bytes exactly.
  let bits = totalLength * 8
  for (let at = bytes.length - 1; bits > 0; at--) {
    bytes[at] = bits % 256
    bits = Math.floor(bits / 256)
  }
}

/** Hashes the whole blocks of bytes `start` to `end` into the state. */
export function absorbBlocks(state: Int32Array, bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at += BLOCK_BYTES) {
    expandBlock(bytes, at, blockSchedule, 0)
    runRounds(state, blockSchedule, 0)
  }
}

/**
 * Writes the 64 words W[t] + K[t] of the block at `at` (FIPS 180-4 §6.2.2, steps 1 and the sum in 3).
 * They depend on the block alone: a block that comes again needs `runRounds` only, which is half the work.
 */
export function expandBlock(bytes: Uint8Array, at: number, schedule: Int32Array, offset: number): void {
  const w = messageWords
  for (let t = 0, byte = at; t < 16; t++, byte += 4) {
    w[t] =
      ((bytes[byte] as number) << 24) |
      ((bytes[byte + 1] as number) << 16) |
      ((bytes[byte + 2] as number) << 8) |
      (bytes[byte + 3] as number)
    schedule[offset + t] = (w[t] as number) + (ROUND_CONSTANTS[t] as number)
  }
  for (let t = 16; t < SCHEDULE_WORDS; t++) {
    const x = w[t - 15] as number
    const y = w[t - 2] as number
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    const word = ((w[t - 16] as number) + (w[t - 7] as number) + sigma0 + sigma1) | 0
    w[t] = word
    schedule[offset + t] = word + (ROUND_CONSTANTS[t] as number)
  }
}

/** Runs the 64 rounds of an expanded block and adds them to the state (FIPS 180-4 §6.2.2, steps 2 to 4). */
export function runRounds(state: Int32Array, schedule: Int32Array, offset: number): void {
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let t = 0; t < SCHEDULE_WORDS; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const choice = g ^ (e & (f ^ g))
    const first = (h + sum1 + choice + (schedule[offset + t] as number)) | 0
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const majority = (a & b) | (c & (a | b))
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + sum0 + majority) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

/** Writes the state as the 32 bytes of a digest, big-endian. */
export function writeDigest(state: Readonly<Int32Array>, into: Uint8Array, at: number): void {
  for (let index = 0, out = at; index < state.length; index++, out += 4) {
    const word = state[index] as number
    into[out] = word >>> 24
    into[out + 1] = word >>> 16
    into[out + 2] = word >>> 8
    into[out + 3] = word
  }
}
