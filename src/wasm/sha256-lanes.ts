// SHA-256 of four messages at once, message n in lane n of each SIMD register. AssemblyScript.
import { BLOCK, ROUND_CONSTANTS, SCHEDULE, expandAll } from './sha256'

/** Bytes of a state or a ring word: one 32-bit word of four messages. */
export const LANES: usize = 16

// Scratch. `state` is the hash under way of four messages, `ring` the last 16 words of their schedules.
export const state = memory.data(8 * LANES, 16)
export const ring = memory.data(16 * LANES, 16)
/** Of a block that is the same in all four messages. */
const blockSchedule = memory.data(SCHEDULE, 16)

/** Sets all four messages to the state of these eight words. */
export function loadState(words: usize): void {
  for (let word: usize = 0; word < 8; word++) v128.store(state + word * LANES, v128.load32_splat(words + word * 4))
}

@inline
export function copyState(from: usize): void {
  memory.copy(state, from, 8 * LANES)
}

@inline
export function saveState(into: usize): void {
  memory.copy(into, state, 8 * LANES)
}

/** Absorbs the whole blocks of a text into all four messages; gives the address of what is left over. */
export function absorbWhole(text: usize, size: usize): usize {
  const rest = text + size - (size % BLOCK)
  for (let block = text; block < rest; block += BLOCK) {
    expandAll(block, 1, blockSchedule)
    absorbSchedules(blockSchedule, 1)
  }
  return rest
}

@inline
function rotateRight(words: v128, bits: i32): v128 {
  return v128.or(i32x4.shr_u(words, bits), i32x4.shl(words, 32 - bits))
}

/** The blocks whose schedules are known: half the work of hashing them is done. */
export function absorbSchedules(schedules: usize, count: usize): void {
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
export function absorbRing(): void {
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

/** Four hex digits of the low 16 bits of each lane, the highest first in the highest byte. */
@inline
export function hexOf(value: v128): v128 {
  let nibbles = v128.and(v128.or(value, i32x4.shl(value, 8)), i32x4.splat(0x00ff00ff))
  nibbles = v128.and(v128.or(nibbles, i32x4.shl(nibbles, 4)), i32x4.splat(0x0f0f0f0f))
  return v128.swizzle(i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102), nibbles)
}

/** Big-endian words of memory as numbers, and back. */
@inline
export function swapBytes(words: v128): v128 {
  return v128.swizzle(words, i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12))
}
