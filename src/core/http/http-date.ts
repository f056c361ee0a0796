// Dates in HTTP headers (RFC 9110 §5.6.7). Pure: the two-digit years of old formats are read around a given year.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

const TIME = String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})`
const MONTH = `(?<month>${MONTHS.join('|')})`

/** IMF-fixdate, and the two forms that a recipient must still accept: RFC 850's and asctime's. */
const FORMATS = [
  new RegExp(String.raw`^(?<name>\w{3}), (?<day>\d{2}) ${MONTH} (?<year>\d{4}) ${TIME} GMT$`),
  new RegExp(String.raw`^(?<name>\w{6,9}), (?<day>\d{2})-${MONTH}-(?<year>\d{2}) ${TIME} GMT$`),
  new RegExp(String.raw`^(?<name>\w{3}) ${MONTH} (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`),
]

/** Epoch seconds as an IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function formatHttpDate(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toUTCString()
}

/** Epoch seconds; undefined for an invalid date. `nowSeconds` decides the century of a two-digit year. */
export function parseHttpDate(text: string, nowSeconds: number): number | undefined {
  for (const format of FORMATS) {
    const parts = format.exec(text)?.groups
    if (parts === undefined) continue
    const { name = '', day = '', month = '', year = '', hour = '', minute = '', second = '' } = parts
    const fullYear = year.length === 2 ? nearestYear(Number(year), nowSeconds) : Number(year)
    const monthIndex = MONTHS.indexOf(month)
    const ms = Date.UTC(fullYear, monthIndex, Number(day), Number(hour), Number(minute), Number(second))
    const date = new Date(ms)
    // A date that rolls over (31 February, 24:00) is not a valid date; nor is one with the wrong day of the week.
    const isReal =
      date.getUTCMonth() === monthIndex &&
      date.getUTCDate() === Number(day) &&
      date.getUTCHours() === Number(hour) &&
      date.getUTCMinutes() === Number(minute) &&
      date.getUTCSeconds() === Number(second) &&
      DAYS[date.getUTCDay()] === name.slice(0, 3)
    return isReal ? ms / 1000 : undefined
  }
  return undefined
}

/** A year more than 50 years ahead means the most recent past one with the same digits (RFC 9110 §5.6.7). */
function nearestYear(twoDigits: number, nowSeconds: number): number {
  const thisYear = new Date(nowSeconds * 1000).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + twoDigits
  return year > thisYear + 50 ? year - 100 : year
}
