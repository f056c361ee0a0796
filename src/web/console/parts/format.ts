// Numbers and times as people read them, in the language of the console.
import { language } from '../texts/texts.ts'

/** `0:24`, `1:02:03`; of seconds. */
export function formatLength(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const pad = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A time that is left: in seconds, minutes or hours, as an estimate deserves. */
export function formatSeconds(seconds: number): string {
  const [unit, length] = seconds < 90 ? ['second', 1] : seconds < 5400 ? ['minute', 60] : ['hour', 3600]
  return new Intl.NumberFormat(language.value, { style: 'unit', unit, unitDisplay: 'short' }).format(
    Math.max(1, Math.round(seconds / length)),
  )
}

/** In powers of 1000, with three digits at most. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return new Intl.NumberFormat(language.value, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** power)
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language.value).format(value)
}

export function formatDate(timestamp: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium' }).format(new Date(timestamp))
}

export function formatDateTime(timestamp: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(timestamp),
  )
}

const STEPS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** `3 hours ago`, `in 2 days`. */
export function formatDistance(timestamp: string, nowMs: number = Date.now()): string {
  const seconds = (Date.parse(timestamp) - nowMs) / 1000
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' })
  const [unit, length] = STEPS.find(([, one]) => Math.abs(seconds) >= one) ?? ['second', 1]
  return unit === 'second' ? format.format(0, 'second') : format.format(Math.round(seconds / length), unit)
}
