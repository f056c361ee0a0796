// Finds where the string values of a JSON text stand. Pure; expects a text that JSON.parse accepts.

/** Deeper values are passed over: no document of HLS goes further. */
const MAX_DEPTH = 8

export interface JsonString {
  /** Member names from the root to the value; `[]` stands for an element of an array. */
  readonly path: readonly string[]
  readonly line: number
  /** The span between the quotes, escapes as they are written. */
  readonly start: number
  readonly end: number
}

interface Level {
  readonly isArray: boolean
  name: string
  awaitsName: boolean
}

/** Every string value, in order, repeated members included. Does not recurse, so depth costs no stack. */
export function* findStrings(text: string): Generator<JsonString, void> {
  const levels: Level[] = []
  let line = 1
  for (let position = 0; position < text.length; position += 1) {
    const character = text[position]
    const level = levels.at(-1)
    if (character === '\n') line += 1
    else if (character === '{') levels.push({ isArray: false, name: '', awaitsName: true })
    else if (character === '[') levels.push({ isArray: true, name: '[]', awaitsName: false })
    else if (character === '}' || character === ']') levels.pop()
    else if (character === ',' && level !== undefined) level.awaitsName = !level.isArray
    else if (character === '"') {
      const start = position + 1
      const end = closingQuote(text, start)
      if (level?.awaitsName === true) {
        level.name = readName(text.slice(position, end + 1))
        level.awaitsName = false
      } else if (levels.length <= MAX_DEPTH) {
        yield { path: levels.map(({ name }) => name), line, start, end }
      }
      position = end
    }
  }
}

function closingQuote(text: string, start: number): number {
  let position = start
  while (position < text.length && text[position] !== '"') position += text[position] === '\\' ? 2 : 1
  return position
}

function readName(literal: string): string {
  try {
    return String(JSON.parse(literal))
  } catch {
    return ''
  }
}
