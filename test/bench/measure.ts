// Timing on a machine that is shared: cases take turns in short blocks, and each is compared inside one round with
// the first, so that what slows the machine down slows both. Ratios are to be trusted, not absolute times.

export interface Case {
  readonly name: string
  /** Does the work so many times. */
  readonly run: (times: number) => Promise<void>
  /** Milliseconds spent on it so far: of processor time where that is known. */
  readonly clockMs: () => number
}

export interface Timing {
  readonly name: string
  /** Median over the rounds, of one piece of work. */
  readonly microseconds: number
  /** Median of the first case's time over this one's in the same round: how many times faster this one is. */
  readonly timesFaster: number
}

/** Runs every case in each round, in alternating order; a block takes about `blockMs` of its clock. */
export async function interleave(cases: readonly Case[], rounds: number, blockMs: number): Promise<Timing[]> {
  const times: number[] = []
  for (const [index, each] of cases.entries()) times[index] = await calibrate(each, blockMs)
  const samples: number[][] = cases.map(() => [])
  for (let round = 0; round < rounds; round++) {
    const order = cases.map((_, index) => (round % 2 === 0 ? index : cases.length - 1 - index))
    for (const index of order) {
      const each = cases[index]
      const count = times[index] ?? 1
      if (each !== undefined) samples[index]?.push((await timed(each, count)) / count)
    }
  }
  const first = samples[0] ?? []
  return cases.map(({ name }, index) => {
    const own = samples[index] ?? []
    return {
      name,
      microseconds: median(own) * 1000,
      timesFaster: median(own.map((ms, round) => (first[round] ?? Number.NaN) / ms)),
    }
  })
}

/** How often a case fits into a block, once it is warm. */
async function calibrate(each: Case, blockMs: number): Promise<number> {
  let count = 1
  for (;;) {
    const ms = await timed(each, count)
    if (ms >= blockMs / 2) return Math.max(1, Math.round((count * blockMs) / ms))
    count = Math.min(count * 4, Math.ceil((count * blockMs) / Math.max(ms, 0.1)))
  }
}

async function timed({ run, clockMs }: Case, times: number): Promise<number> {
  const start = clockMs()
  await run(times)
  return clockMs() - start
}

export function wallClockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
