// Instants as the API writes and reads them: ISO 8601 in UTC with a Z. Pure: reads no clock.

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/

/** Epoch milliseconds → `2026-11-21T12:07:00.000Z`. */
export function formatTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

/** Epoch milliseconds, cut to whole ones; undefined for another form, another zone, or a day that does not exist. */
export function parseTimestamp(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined
  const epochMs = Date.parse(text)
  // V8 takes 31 February for 3 March, and 24:00:00 for the next day.
  const isReal = !Number.isNaN(epochMs) && formatTimestamp(epochMs).startsWith(text.slice(0, 19))
  return isReal ? epochMs : undefined
}
