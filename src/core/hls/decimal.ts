// Decimal numbers where they stand in a text, for the one that half the lines of a film hold. Pure.

const POINT = 0x2e
const DIGIT_ZERO = 0x30
const SMALL_E = 0x65
const TO_SMALL = 0x20
/** So many digits are exact as a whole number, and a quotient of two exact numbers is rounded as the decimal is. */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent)

/** The number that the span begins with, as Number.parseFloat reads it; NaN for none. */
export function readDecimal(text: string, start: number, end: number): number {
  let whole = 0
  let digits = 0
  let pointAt = -1
  let at = start
  for (; at < end; at++) {
    const code = text.charCodeAt(at)
    const digit = code - DIGIT_ZERO
    if (digit >= 0 && digit <= 9) {
      whole = whole * 10 + digit
      digits += 1
    } else if (code === POINT && pointAt === -1) {
      pointAt = at
    } else {
      break
    }
  }
  const hasExponent = at < end && (text.charCodeAt(at) | TO_SMALL) === SMALL_E
  if (digits === 0 || digits > EXACT_DIGITS || hasExponent) return Number.parseFloat(text.slice(start, end))
  return pointAt === -1 ? whole : whole / (POWERS[at - pointAt - 1] ?? Number.NaN)
}
