// How many bytes have gone up, and how fast. Bytes of what failed are taken back.

export interface Traffic {
  /** So many bytes of one object are on their way or there. */
  set(name: string, bytes: number): void
  /** It was there before: it counts, and says nothing about how fast it goes. */
  setPresent(name: string, bytes: number): void
  sentBytes(): number
  /** Over the last ten seconds; undefined until there is something to say. */
  bytesPerSecond(): number | undefined
}

const WINDOW_MS = 10_000
const LEAST_MS = 500

export function createTraffic(nowMs: () => number): Traffic {
  const objects = new Map<string, number>()
  let sum = 0
  /** Sums by time, of the last ten seconds. */
  let marks: { readonly atMs: number; readonly sum: number }[] = []
  const add = (name: string, bytes: number): number => {
    const more = bytes - (objects.get(name) ?? 0)
    objects.set(name, bytes)
    sum += more
    return more
  }
  return {
    set(name, bytes) {
      if (marks.length === 0) marks.push({ atMs: nowMs(), sum })
      add(name, bytes)
      const atMs = nowMs()
      marks = [...marks.filter((mark) => mark.atMs > atMs - WINDOW_MS), { atMs, sum }]
    },
    setPresent(name, bytes) {
      const more = add(name, bytes)
      marks = marks.map((mark) => ({ ...mark, sum: mark.sum + more }))
    },
    sentBytes: () => sum,
    bytesPerSecond() {
      const atMs = nowMs()
      const first = marks.find((mark) => mark.atMs > atMs - WINDOW_MS)
      if (first === undefined || atMs - first.atMs < LEAST_MS || sum <= first.sum) return undefined
      return ((sum - first.sum) * 1000) / (atMs - first.atMs)
    },
  }
}
