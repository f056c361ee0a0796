// Plays as CSV (RFC 4180), for spreadsheets.
import type * as v from 'valibot'
import type { analyticsPlaySchema } from '../api/analytics.ts'

export type ShownPlay = v.InferOutput<typeof analyticsPlaySchema>

const COLUMNS = [
  'sid',
  'job_id',
  'viewer',
  'begun_at',
  'seconds',
  'country',
  'device',
  'player',
  'startup_ms',
  'rebuffer_count',
  'errors',
] as const satisfies readonly (keyof ShownPlay)[]

/** A line with the names first. `errors` are `code=count`, with a space between two. */
export function playsAsCsv(plays: readonly ShownPlay[]): string {
  const lines = plays.map((play) => COLUMNS.map((name) => cell(play[name])).join(','))
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`
}

function cell(value: ShownPlay[keyof ShownPlay]): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text =
    typeof value === 'string'
      ? value
      : Object.entries(value)
          .map(([code, count]) => `${code}=${count}`)
          .join(' ')
  // A name that a spreadsheet would take for a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
