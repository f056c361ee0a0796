// Finds the values of one field in a multipart/form-data body (RFC 7578) while it passes, chunk by chunk. Pure.
// Stricter than the parser it protects: where two parsers could differ about the form, it says so instead of guessing.

export interface FieldWatch {
  /** The values that ended with this chunk; `undefined`, from then on, for a form that can be read in two ways. */
  push(chunk: Uint8Array): readonly string[] | undefined
  /** The body is over: a value that no boundary closed. */
  end(): readonly string[] | undefined
}

/** A watch over the form; `no_form` for another type, `unreadable` when its boundary is not clear. */
export function watchField(contentType: string, field: string): FieldWatch | 'no_form' | 'unreadable' {
  if (!/^\s*multipart\//i.test(contentType)) return 'no_form'
  const boundary = readBoundary(contentType)
  return boundary === undefined ? 'unreadable' : createWatch(boundary, field)
}

const MAX_HEADERS_LENGTH = 8192
const MAX_VALUE_LENGTH = 256

const LINE_FEED = 0x0a

/** The one boundary parameter (RFC 2046 §5.1.1); undefined for none, two, or characters it may not have. */
function readBoundary(contentType: string): string | undefined {
  const found = [...contentType.matchAll(/boundary\*?\d*\*?\s*=/gi)]
  const [, quoted, token] = /;\s*boundary=(?:"([^"\\]+)"|([^\s;"]+))\s*(?:;|$)/i.exec(contentType) ?? []
  const boundary = quoted ?? token ?? ''
  return found.length === 1 && /^[\w'()+,./:=? -]{1,70}$/.test(boundary) ? boundary : undefined
}

function createWatch(boundary: string, field: string): FieldWatch {
  // A line feed is enough to be taken for a boundary here: a parser that wants CRLF before it sees fewer, never others.
  const mark = Uint8Array.from(`\n--${boundary}`, (character) => character.charCodeAt(0))
  let state: 'content' | 'headers' | 'value' | 'unreadable' = 'content'
  let text = ''
  // A body may begin with its first boundary.
  let rest: Uint8Array = Uint8Array.of(LINE_FEED)

  function push(chunk: Uint8Array): readonly string[] | undefined {
    const bytes = new Uint8Array(rest.length + chunk.length)
    bytes.set(rest)
    bytes.set(chunk, rest.length)
    const values: string[] = []
    let position = 0
    while (state !== 'unreadable') {
      if (state === 'headers') {
        const next = readHeaders(bytes, position)
        if (next === undefined) break
        position = next
        continue
      }
      const found = indexOfMark(bytes, mark, position)
      // What may be the beginning of a boundary waits for the next chunk.
      const until = found === -1 ? Math.max(position, bytes.length - mark.length + 1) : found
      if (state === 'value' && !keepValue(bytes, position, until)) break
      position = until
      if (found === -1) break
      if (state === 'value') values.push(text.slice(1).replace(/\r$/, ''))
      position += mark.length
      state = 'headers'
      text = ''
    }
    rest = state === 'headers' ? new Uint8Array() : bytes.slice(position)
    return state === 'unreadable' ? undefined : values
  }

  /** Where the part's content begins; undefined when more has to come first, or nothing more will be read. */
  function readHeaders(bytes: Uint8Array, position: number): number | undefined {
    const before = text.length
    text += latin1(bytes, position, Math.min(bytes.length, position + MAX_HEADERS_LENGTH + 4))
    if (text.startsWith('--')) {
      state = 'content'
      return position + 2 - before
    }
    const end = text.indexOf('\r\n\r\n')
    if (end === -1) {
      const isHopeless = text.length > MAX_HEADERS_LENGTH || (text.length > 1 && !text.startsWith('\r\n'))
      if (isHopeless) state = 'unreadable'
      return undefined
    }
    const headers = text.slice(0, end + 2)
    text = ''
    state = stateAfter(headers, field)
    // The last line feed stays: some parsers take it for the one before a boundary.
    return position + end + 3 - before
  }

  function keepValue(bytes: Uint8Array, from: number, to: number): boolean {
    text += latin1(bytes, from, Math.min(to, from + MAX_VALUE_LENGTH + 2))
    if (text.length > MAX_VALUE_LENGTH) state = 'unreadable'
    return state === 'value'
  }

  return {
    push,
    end() {
      if (state === 'unreadable') return undefined
      return state === 'value' ? [(text + latin1(rest, 0, rest.length)).slice(1)] : []
    },
  }
}

/** What follows a part's headers, which begin with the line break behind the boundary. */
function stateAfter(headers: string, field: string): 'content' | 'value' | 'unreadable' {
  if (!headers.startsWith('\r\n')) return 'unreadable'
  const lines = headers.split('\r\n').filter((line) => line !== '')
  // A break that is not CRLF, or a folded line, is where parsers part.
  if (lines.some((line) => /[\r\n\0]|^[ \t]/.test(line))) return 'unreadable'
  const dispositions = lines.filter((line) => /^content-disposition\s*:/i.test(line))
  if (dispositions.length > 1) return 'unreadable'
  const names = [...(dispositions[0] ?? '').matchAll(/;\s*name\s*(\*?\d*\*?)\s*=\s*("[^"]*"?|[^;\s]*)/gi)]
  const [, extension, written = ''] = names[0] ?? []
  if (names.length > 1 || (extension ?? '') !== '' || /[\\%]/.test(written)) return 'unreadable'
  if (written.replaceAll('"', '').trim().toLowerCase() !== field) return 'content'
  return lines.some((line) => /^content-transfer-encoding\s*:/i.test(line)) ? 'unreadable' : 'value'
}

function indexOfMark(bytes: Uint8Array, mark: Uint8Array, from: number): number {
  for (let at = nextLineFeed(bytes, from); at !== -1; at = nextLineFeed(bytes, at + 1)) {
    if (at + mark.length > bytes.length) return -1
    let length = 1
    while (length < mark.length && bytes[at + length] === mark[length]) length++
    if (length === mark.length) return at
  }
  return -1
}

/** A call of indexOf costs as much as a look at this many bytes; a body of line feeds alone would be calls alone. */
const NEAR_BYTES = 16

function nextLineFeed(bytes: Uint8Array, from: number): number {
  const far = Math.min(from + NEAR_BYTES, bytes.length)
  for (let at = from; at < far; at++) if (bytes[at] === LINE_FEED) return at
  return bytes.indexOf(LINE_FEED, far)
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let index = from; index < to; index++) text += String.fromCharCode(bytes[index] ?? 0)
  return text
}
