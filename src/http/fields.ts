// Fields that more than one route reads, each with its words for what is wrong.
import * as v from 'valibot'
import { parseTimestamp } from '../core/timestamp.ts'

/** Text of some length, counted in UTF-16 units, that every JSON reader and UTF-8 can take. */
export function text(minLength: number, maxLength: number) {
  return v.pipe(
    v.string(),
    v.minLength(minLength, minLength === 1 ? 'must not be empty' : `must be at least ${minLength} characters`),
    v.maxLength(maxLength, `must be at most ${maxLength} characters`),
    v.check((value) => value.isWellFormed(), 'must be well-formed text'),
  )
}

export function wholeNumber(min: number, max: number) {
  const problem = `must be a whole number from ${min} to ${max}`
  return v.pipe(v.number(), v.integer(problem), v.minValue(min, problem), v.maxValue(max, problem))
}

/** A whole number as a query writes it. */
export function queryNumber(min: number, max: number) {
  const problem = `must be a whole number from ${min} to ${max}`
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, problem),
    // What OpenAPI says instead of this text's own form.
    v.metadata({ openapi: { type: 'integer', minimum: min, maximum: max } }),
    v.transform(Number),
    v.minValue(min, problem),
    v.maxValue(max, problem),
  )
}

/** Of playing time, to ten days. */
export const durationSeconds = v.pipe(
  v.number(),
  v.description('Seconds; 0 stands for unknown'),
  v.check((value) => value >= 0 && value <= 864_000, 'must be a number of seconds from 0 to 864000'),
)

/** ISO 8601 in UTC → epoch milliseconds. */
export const instant = v.pipe(
  v.string(),
  v.check((value) => parseTimestamp(value) !== undefined, 'must be a time such as 2027-01-31T00:00:00Z'),
  v.transform((value) => parseTimestamp(value) ?? Number.NaN),
)

/** Of any list: opaque, and far shorter than a URL may be. */
export const cursor = v.pipe(v.string(), v.maxLength(4096, 'is not a cursor of this list'))

/** What is answered, for the description of the API. */
export const shownTime = v.pipe(v.string(), v.isoTimestamp())
export const shownId = v.pipe(v.string(), v.uuid())
export const shownUrl = v.pipe(v.string(), v.url())
