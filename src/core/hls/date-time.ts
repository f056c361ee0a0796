// ISO 8601 date and time to milliseconds (RFC 8216bis §4.4.4.6). Pure: no clock, and no Date, which would read a
// time without a zone as local.

const DAY = /(\d{4})-(\d\d)-(\d\d)/
const TIME = /(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?/
const ZONE = /[Zz]|([+-])(\d\d):?(\d\d)?/
const DATE_TIME = new RegExp(`^${DAY.source}[Tt ]${TIME.source}(?:${ZONE.source})?$`)
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const DAYS_TO_1970 = 719_162
const DAY_MS = 86_400_000

/** Milliseconds since 1970-01-01T00:00Z; a time without a zone is read as UTC; undefined for anything else. */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text)
  if (match === null) return undefined
  const part = (index: number): number => Number(match[index] ?? 0)
  const month = part(2)
  if (month < 1 || month > 12 || part(3) < 1 || part(3) > 31) return undefined
  if (part(4) > 24 || part(5) > 59 || part(6) > 60) return undefined
  const milliseconds = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000)
  const zoneMinutes = (part(9) * 60 + part(10)) * (match[8] === '-' ? -1 : 1)
  const minutes = part(4) * 60 + part(5) - zoneMinutes
  return daysSince1970(part(1), month, part(3)) * DAY_MS + (minutes * 60 + part(6)) * 1000 + milliseconds
}

/** Proleptic Gregorian calendar. */
function daysSince1970(year: number, month: number, day: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const past = year - 1
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  const ofYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (isLeap && month > 2 ? 1 : 0) + day - 1
  return past * 365 + leapDays + ofYear - DAYS_TO_1970
}
