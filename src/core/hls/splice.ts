// Replaces spans of a text and leaves every other character as it is. Pure.

export interface Edit {
  /** First character replaced, and the one after the last: equal for an insertion. */
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The number of characters `splice` will give. */
export function splicedLength(text: string, edits: readonly Edit[]): number {
  let length = text.length
  for (const edit of edits) length += edit.text.length - (edit.end - edit.start)
  return length
}

/** The text with each edit applied; edits are in order of position and do not overlap. */
export function splice(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = []
  let position = 0
  for (const edit of edits) {
    pieces.push(text.slice(position, edit.start), edit.text)
    position = edit.end
  }
  pieces.push(text.slice(position))
  return pieces.join('')
}
