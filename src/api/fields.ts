// Fields that more than one operation has, each with its words for what is wrong.
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

/** Seconds of a film as a query writes them, to the millisecond. */
export const querySeconds = v.pipe(
  v.string(),
  v.regex(/^\d{1,6}(?:\.\d{1,3})?$/, 'must be seconds such as 61.5'),
  v.metadata({ openapi: { type: 'number', minimum: 0 } }),
  v.transform(Number),
)

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

/** An instant in an answer: ISO 8601 in UTC. */
export const timestampSchema = v.pipe(v.string(), v.isoTimestamp())
export const uuidSchema = v.pipe(v.string(), v.uuid())
export const urlSchema = v.pipe(v.string(), v.url())

/** The answer of an operation that has nothing else to say. */
export const doneSchema = v.object({ ok: v.literal(true) })
export const DONE: v.InferOutput<typeof doneSchema> = { ok: true }

/**
 * Refuses an object that has both fields or neither, in the name of the first. OpenAPI is told by `oneOfRequired`,
 * which stands beside this check in the schema.
 */
export function exactlyOneOf<T extends Record<string, unknown>>(
  first: keyof T & string,
  second: keyof T & string,
): v.RawCheckAction<T> {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed || (dataset.value[first] === undefined) !== (dataset.value[second] === undefined)) return
    addIssue({
      message: `give exactly one of ${first} and ${second}`,
      path: [{ type: 'object', origin: 'value', input: dataset.value, key: first, value: dataset.value[first] }],
    })
  })
}

export function oneOfRequired<T>(
  first: keyof T & string,
  second: keyof T & string,
): v.MetadataAction<T, Record<string, unknown>> {
  return v.metadata({ openapi: { oneOf: [{ required: [first] }, { required: [second] }] } })
}
