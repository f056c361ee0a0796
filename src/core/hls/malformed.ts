// Why a text cannot be rewritten, and where. Pure.

export interface Malformed {
  readonly ok: false
  /** Counted from 1. */
  readonly line: number
  /** Fit for the author's eyes: it repeats nothing of the text but the name of a tag or a variable. */
  readonly reason: string
}

export function malformed(line: number, reason: string): Malformed {
  return { ok: false, line, reason }
}
