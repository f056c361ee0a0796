// The Range header and what it selects (RFC 9110 §14). Pure. One range only: several are answered with the whole.

/** A range as asked for, before the size is known. Positions are bytes. */
export type RangeSpec =
  | { readonly kind: 'from'; readonly first: number; readonly last: number | undefined }
  | { readonly kind: 'suffix'; readonly length: number }

/** A range of an object that is there: at least one byte. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

const BYTES_UNIT = /^bytes=(.*)$/is
const ONE_RANGE = /^[ \t]*(\d*)-(\d*)[ \t]*$/

/**
 * What a Range header asks for; undefined for none, another unit, several ranges, or one that is
 * malformed: a server may ignore these, and the whole is never wrong (RFC 9110 §14.2).
 */
export function parseRange(header: string | undefined): RangeSpec | undefined {
  const [, firstDigits, lastDigits] = ONE_RANGE.exec(BYTES_UNIT.exec(header ?? '')?.[1] ?? '') ?? []
  if (firstDigits === undefined || lastDigits === undefined) return undefined
  if (firstDigits === '') return lastDigits === '' ? undefined : { kind: 'suffix', length: Number(lastDigits) }
  const first = Number(firstDigits)
  if (lastDigits === '') return { kind: 'from', first, last: undefined }
  const last = Number(lastDigits)
  return last < first ? undefined : { kind: 'from', first, last }
}

/**
 * The bytes a range selects of `sizeBytes`: cut to the object's end. `whole` when a satisfiable suffix
 * meets an empty object, for which no Content-Range can be written (RFC 9110 §14.1.2, §14.4).
 */
export function resolveRange(spec: RangeSpec, sizeBytes: number): ByteRange | 'unsatisfiable' | 'whole' {
  if (spec.kind === 'suffix') {
    if (spec.length === 0) return 'unsatisfiable'
    if (sizeBytes === 0) return 'whole'
    const length = Math.min(spec.length, sizeBytes)
    return { offset: sizeBytes - length, length }
  }
  if (spec.first >= sizeBytes) return 'unsatisfiable'
  const last = Math.min(spec.last ?? sizeBytes - 1, sizeBytes - 1)
  return { offset: spec.first, length: last - spec.first + 1 }
}

/** `Content-Range` of a 206 (RFC 9110 §14.4). */
export function contentRange(range: ByteRange, sizeBytes: number): string {
  return `bytes ${range.offset}-${range.offset + range.length - 1}/${sizeBytes}`
}
