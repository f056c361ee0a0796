// How much a key may do, by name: fixed windows of UTC, counted from their start. Pure.

export const LIMIT_NAMES = [
  'requests_per_minute',
  'requests_per_day',
  'engine_minutes_per_month',
  'bytes_per_day',
] as const

export type LimitName = (typeof LIMIT_NAMES)[number]

/** What is not named is not limited. */
export type KeyLimits = Readonly<Partial<Record<LimitName, number>>>

/** A limit and what is used of it. */
export interface LimitState {
  readonly name: LimitName
  readonly limit: number
  readonly used: number
  /** When its window ends, epoch milliseconds. */
  readonly resetsAtMs: number
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** The window a moment lies in: its start and its end, epoch milliseconds. */
export function windowOf(name: LimitName, nowMs: number): { readonly startMs: number; readonly endMs: number } {
  if (name === 'engine_minutes_per_month') {
    const date = new Date(nowMs)
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
    return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) }
  }
  const lengthMs = name === 'requests_per_minute' ? MINUTE_MS : DAY_MS
  const startMs = Math.floor(nowMs / lengthMs) * lengthMs
  return { startMs, endMs: startMs + lengthMs }
}

/** The limits that are named, in their one order; undefined for none. */
export function namedLimits(given: Readonly<Partial<Record<LimitName, number | undefined>>>): KeyLimits | undefined {
  const named = LIMIT_NAMES.flatMap((name) => {
    const limit = given[name]
    return limit === undefined ? [] : [[name, limit] as const]
  })
  return named.length === 0 ? undefined : Object.fromEntries(named)
}

/** Whether `inner` limits everything that `outer` does, and not wider. */
export function isWithinLimits(inner: KeyLimits | undefined, outer: KeyLimits | undefined): boolean {
  return LIMIT_NAMES.every((name) => {
    const bound = outer?.[name]
    return bound === undefined || (inner?.[name] ?? Number.POSITIVE_INFINITY) <= bound
  })
}
