// The constant rate that a film is made at, chosen from the times of its frames: a player changes between sizes only
// where all of them have a frame. Pure.
import { gapsOf } from '../probe/packets.ts'

/** Frames per second as a fraction, as in `30000/1001`. */
export type FrameRate = string

const MAX_RATE = 60
/** Below it, half of what lies between two frames is more than sound may be away from its picture. */
const SMOOTH_RATE = 24
/** What sound may be away from its picture. */
const TOLERANCE_SECONDS = 0.02
/** What containers round times to. */
const ROUNDING_SECONDS = 0.0015
const STILL_RATE = '5'

const USUAL_RATES: readonly FrameRate[] = [
  '10',
  '12',
  '25/2',
  '15',
  '20',
  '24000/1001',
  '24',
  '25',
  '30000/1001',
  '30',
  '48',
  '50',
  '60000/1001',
  '60',
]

export interface FrameTimes {
  /** Seconds from where the film begins, ascending. */
  readonly starts: readonly number[]
  /** What the file says of itself, the likelier first. */
  readonly declared: readonly (string | undefined)[]
}

/**
 * The rate that most frames have, 60 at most. A film slower than 24 whose frames do not lie at that rate is made at a
 * faster one that has them all, or at a multiple of it. A film of a single frame is shown at 5.
 */
export function chooseFrameRate({ starts, declared }: FrameTimes): FrameRate {
  const gaps = gapsOf(starts)
  if (gaps.length === 0) return STILL_RATE
  const rate = atMost60(nameRate(usualGap(gaps), declared))
  const value = fraction(rate)
  if (value >= SMOOTH_RATE - 0.5 || (value >= 1 && liesOnGrid(starts, value, TOLERANCE_SECONDS))) return rate
  const smooth = [...declared, ...USUAL_RATES].filter((finer) => finer !== undefined && isSmooth(finer))
  const exact = smooth.find((finer) => liesOnGrid(starts, fraction(finer ?? ''), ROUNDING_SECONDS))
  return exact ?? times(rate, Math.ceil((SMOOTH_RATE - 0.5) / value))
}

/** The average where all gaps are alike, so that neither rounding nor jitter nor a few pauses count; else the median. */
function usualGap(gaps: readonly number[]): number {
  const at = (share: number): number => gaps[Math.floor((gaps.length - 1) * share)] ?? 0
  const median = at(0.5)
  if (at(0.9) > 2 * at(0.1)) return median
  const alike = gaps.filter((gap) => gap > median / 2 && gap < median * 2)
  return alike.reduce((sum, gap) => sum + gap, 0) / alike.length
}

/** Times are rounded, so a rate that the file declares or people use is taken where it is near. */
function nameRate(gap: number, declared: readonly (string | undefined)[]): FrameRate {
  const value = 1 / gap
  const near = (rate: FrameRate, tolerance: number): boolean => Math.abs(fraction(rate) / value - 1) < tolerance
  const usual = USUAL_RATES.toSorted((a, b) => Math.abs(fraction(a) - value) - Math.abs(fraction(b) - value))
  const said = declared.filter((rate) => rate !== undefined).filter((rate) => near(rate, 0.002))
  const isUsual = (rate: FrameRate): boolean => usual.some((name) => fraction(name) === fraction(rate))
  const names = [
    said.find(isUsual),
    usual.find((rate) => near(rate, 0.0004)),
    said[0],
    usual.find((rate) => near(rate, 0.02)),
  ]
  return names.find((name) => name !== undefined) ?? `${Math.round(value * 1000)}/1000`
}

/** Every second, third, … frame of a film that is faster, so that what is left lies evenly. */
function atMost60(rate: FrameRate): FrameRate {
  const parts = Math.ceil(fraction(rate) / (MAX_RATE * 1.01))
  const [top = 0, bottom = 1] = rate.split('/').map(Number)
  const divided = parts === 1 ? rate : reduce(top, bottom * parts)
  return fraction(divided) > MAX_RATE ? String(MAX_RATE) : divided
}

function times(rate: FrameRate, factor: number): FrameRate {
  const [top = 0, bottom = 1] = rate.split('/').map(Number)
  return reduce(top * factor, bottom)
}

function reduce(top: number, bottom: number): FrameRate {
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b))
  const divisor = common(top, bottom) || 1
  return bottom === divisor ? String(top / divisor) : `${top / divisor}/${bottom / divisor}`
}

function isSmooth(rate: FrameRate): boolean {
  return fraction(rate) >= SMOOTH_RATE - 0.5 && fraction(rate) <= MAX_RATE
}

/** Whether next to all frames begin when the rate has one, within a tolerance in seconds. */
function liesOnGrid(starts: readonly number[], rate: number, tolerance: number): boolean {
  const away = starts.filter((start) => Math.abs(start - Math.round(start * rate) / rate) > tolerance)
  return away.length <= starts.length / 100
}

/** The value of `30000/1001` or `25`; 0 when it has none. */
export function fraction(text: string): number {
  const [top = 0, bottom = 1] = text.split('/').map(Number)
  const value = top / bottom
  return Number.isFinite(value) ? value : 0
}
