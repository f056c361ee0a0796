// Which hundredths of a film were delivered, as bits of two whole numbers: a database can add them with `|`. Pure.

export const BUCKETS = 100
/** A number of JavaScript and of JSON keeps 53 bits. */
const HALF = 50

/** Bits of the hundredths 0–49 and 50–99. */
export type HeatBits = readonly [first: number, second: number]

export const NO_HEAT: HeatBits = [0, 0]

/** The hundredths whose middle lies in a stretch of the film: neighbours share none. Milliseconds. */
export function heatOf(from: number, to: number, filmMs: number): HeatBits {
  if (!(filmMs > 0 && to > from)) return NO_HEAT
  const width = filmMs / BUCKETS
  const first = Math.ceil(from / width - 0.5)
  const last = Math.ceil(to / width - 0.5) - 1
  let bits = NO_HEAT
  for (let bucket = Math.max(0, first); bucket <= Math.min(last, BUCKETS - 1); bucket += 1)
    bits = withBucket(bits, bucket)
  return bits
}

/** The hundredth of a moment, 0 to 99. */
export function bucketAt(ms: number, filmMs: number): number {
  return filmMs > 0 ? Math.min(Math.max(Math.floor((ms / filmMs) * BUCKETS), 0), BUCKETS - 1) : 0
}

function withBucket([first, second]: HeatBits, bucket: number): HeatBits {
  return bucket < HALF ? [orBits(first, 2 ** bucket), second] : [first, orBits(second, 2 ** (bucket - HALF))]
}

export function addHeat([a, b]: HeatBits, [c, d]: HeatBits): HeatBits {
  return [orBits(a, c), orBits(b, d)]
}

/** What both have. */
export function commonHeat([a, b]: HeatBits, [c, d]: HeatBits): HeatBits {
  return [Number(BigInt(a) & BigInt(c)), Number(BigInt(b) & BigInt(d))]
}

/** Bit operators of numbers see 32 bits only. */
function orBits(one: number, other: number): number {
  return Number(BigInt(one) | BigInt(other))
}

/** Whether the hundredth's bit is set. */
export function hasBucket([first, second]: HeatBits, bucket: number): boolean {
  const [half, bit] = bucket < HALF ? [first, bucket] : [second, bucket - HALF]
  return Math.floor(half / 2 ** bit) % 2 === 1
}
