// When an event that was not taken is sent again. Pure.

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Ten repeats after the first try: 23 hours and 43 minutes, and with the least that is added to each more than 24. */
export const RETRY_WAITS_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
]

/** Added to each wait, so that what failed at one moment is not sent again at one moment. */
const LEAST_ADDED = 0.02
const MOST_ADDED = 0.12

/**
 * How long to wait after so many failed tries, in whole milliseconds; undefined when that was the last one. `chance`:
 * 0 up to 1, evenly.
 */
export function waitAfter(failedTries: number, chance: number): number | undefined {
  const wait = RETRY_WAITS_MS[failedTries - 1]
  return wait === undefined ? undefined : Math.ceil(wait * (1 + LEAST_ADDED + chance * (MOST_ADDED - LEAST_ADDED)))
}

/** An endpoint that has taken nothing for so long is switched off. */
export const MAX_FAILING_MS = 72 * HOUR_MS
