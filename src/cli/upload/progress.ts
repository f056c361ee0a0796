// Words and bars for what is going on. Pure: numbers in, one line out.
import { formatPlayingTime } from '../../core/videos/duration.ts'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Decimal units, three digits at most: `999 B`, `1.5 MB`, `12 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${UNITS[unit] ?? ''}`
}

/** `0:07`, `12:30`, `1:02:03`; `-:--` when it is unknown. */
export function formatTime(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return '-:--'
  return formatPlayingTime(Math.max(0, Math.ceil(seconds)))
}

export function bar(part: number, width: number): string {
  const full = Math.floor(Math.min(1, Math.max(0, part)) * width)
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]`
}

export function percent(part: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, part)) * 100)} %`.padStart(5)
}

export interface Meter {
  /** Tells where one is, in any unit, at a time. */
  add(value: number, nowMs: number): void
  /** Units per second over the last seconds; undefined until there is something to say. */
  rate(): number | undefined
}

const WINDOW_MS = 15_000

/** Looks at the last 15 s only: what an hour ago was fast says nothing about now. */
export function createMeter(): Meter {
  let samples: { value: number; atMs: number }[] = []
  return {
    add(value, nowMs) {
      samples = [...samples.filter((sample) => nowMs - sample.atMs <= WINDOW_MS), { value, atMs: nowMs }]
    },
    rate() {
      const [first, last] = [samples[0], samples.at(-1)]
      if (first === undefined || last === undefined || last.atMs - first.atMs < 500) return undefined
      return Math.max(0, (last.value - first.value) / ((last.atMs - first.atMs) / 1000))
    },
  }
}

/** `perSecond` is the part done in a second. */
export function encodingLine(label: string, part: number, perSecond: number | undefined): string {
  const left = perSecond === undefined || perSecond <= 0 ? undefined : (1 - part) / perSecond
  return `Making ${bar(part, 24)} ${percent(part)}  ${formatTime(left)} left  ${label}`
}

export function sendingLine(sent: number, all: number, bytesPerSecond: number | undefined): string {
  const part = all === 0 ? 1 : sent / all
  const rate = bytesPerSecond === undefined ? '- B' : formatBytes(bytesPerSecond)
  const left = bytesPerSecond === undefined || bytesPerSecond <= 0 ? undefined : (all - sent) / bytesPerSecond
  return (
    `Sending ${bar(part, 24)} ${percent(part)}  ${formatBytes(sent)} of ${formatBytes(all)}` +
    `  ${rate}/s  ${formatTime(left)} left`
  )
}
