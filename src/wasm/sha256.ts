// SHA-256 (FIPS 180-4) of one message at a time, and what its blocks have in common with those of four. AssemblyScript.

/** Bytes of a block and of a digest (FIPS 180-4 §1). */
export const BLOCK: usize = 64
export const DIGEST: usize = 32
/** Bytes of a schedule: 64 words W[t] + K[t] of one block. */
export const SCHEDULE: usize = 256

// FIPS 180-4 §4.2.2.
export const ROUND_CONSTANTS = memory.data<u32>([
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
export const INITIAL_STATE = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])

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

/**
 * Ends a message in place (FIPS 180-4 §5.1.1): its bytes lie at `bytes` up to `length`, those from `keep`
 * are cleared first, and `total` counts the whole message. Gives the padded length.
 */
export function pad(bytes: usize, keep: usize, length: usize, total: usize): usize {
  const padded = (length + 8 + BLOCK) / BLOCK * BLOCK
  memory.fill(bytes + keep, 0, padded - keep)
  store<u8>(bytes + length, 0x80)
  store<u32>(bytes + padded - 4, bswap<u32>(u32(total) * 8))
  return padded
}

/** Writes the schedules of blocks, one after another (FIPS 180-4 §6.2.2, step 1 and the sum in step 3). */
export function expandAll(blocks: usize, count: usize, schedules: usize): void {
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
