// Times as a person reads and hears them. Pure. No DOM.

/** `0:07`, `12:34`, `1:02:03`; anything that is no time yet is `0:00`. Seconds are rounded down. */
export function formatTime(seconds: number): string {
  const { hours, minutes, rest } = split(seconds)
  const tail = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(rest).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** The same time in words for a screen reader: `1 minute 5 seconds`. */
export function speakTime(seconds: number): string {
  const { hours, minutes, rest } = split(seconds)
  const words = [count(hours, 'hour'), count(minutes, 'minute'), count(rest, 'second')].filter((part) => part !== '')
  return words.join(' ') || '0 seconds'
}

function split(seconds: number): { hours: number; minutes: number; rest: number } {
  const whole = Number.isFinite(seconds) && seconds > 0 ? Math.floor(seconds) : 0
  return { hours: Math.floor(whole / 3600), minutes: Math.floor(whole / 60) % 60, rest: whole % 60 }
}

function count(amount: number, unit: string): string {
  if (amount === 0) return ''
  return amount === 1 ? `1 ${unit}` : `${amount} ${unit}s`
}
