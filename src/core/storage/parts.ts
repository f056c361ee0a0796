// How an object is cut into parts, and whether a list of them is the whole of it. Pure.

/** Of every part but the last, unless an object has too many of them. */
const USUAL_PART_BYTES = 64 * 1024 ** 2

/** S3 and R2 take no more. */
export const MAX_PARTS = 10_000

/** Of an object uploaded in parts, where an S3 endpoint takes them. */
export const MAX_PARTED_BYTES = 5_000_000_000_000

/** Of a part that goes through the Worker: below its limit of 100 MB a request, with room for what stands around. */
export const MAX_EDGE_PART_BYTES = 95_000_000

const MEBIBYTE = 1024 ** 2

export interface PartPlan {
  /** Bytes of every part but the last, which has the rest. */
  readonly partBytes: number
  readonly partCount: number
}

export interface Part {
  readonly number: number
  /** Without its quotes. */
  readonly etag: string
}

/** Undefined for more bytes than parts of at most `maxPartBytes` can hold. */
export function planParts(objectBytes: number, maxPartBytes: number): PartPlan | undefined {
  if (objectBytes > maxObjectBytes(maxPartBytes)) return undefined
  const needed = Math.ceil(objectBytes / MAX_PARTS / MEBIBYTE) * MEBIBYTE
  const partBytes = Math.min(Math.max(USUAL_PART_BYTES, needed), maxPartBytes)
  return { partBytes, partCount: Math.ceil(objectBytes / partBytes) }
}

/** What parts of at most `maxPartBytes` can hold. */
export function maxObjectBytes(maxPartBytes: number): number {
  return Math.min(maxPartBytes * MAX_PARTS, MAX_PARTED_BYTES)
}

/** The exact length of one part, 1…`partCount`. */
export function bytesOfPart({ partBytes, partCount }: PartPlan, objectBytes: number, number: number): number {
  return number < partCount ? partBytes : objectBytes - partBytes * (partCount - 1)
}

/** Why these are not parts 1 to `partCount`, each once and in order; undefined when they are. */
export function findPartProblem(numbers: readonly number[], partCount: number): string | undefined {
  for (const [index, number] of numbers.entries()) {
    const expected = index + 1
    if (number === expected && number <= partCount) continue
    if (number > partCount) return `part ${number} is beyond the last one, ${partCount}`
    if (numbers.indexOf(number) < index) return `part ${number} is given twice`
    if (number < expected) return `part ${number} is out of order`
    if (number > expected) {
      return numbers.includes(expected) ? `part ${number} is out of order` : `part ${expected} is missing`
    }
  }
  return numbers.length < partCount ? `part ${numbers.length + 1} is missing` : undefined
}

/** An entity tag as a header writes it, or without quotes already. */
export function bareEtag(etag: string): string {
  return /^"(.*)"$/.exec(etag)?.[1] ?? etag
}
