// Reads a multipart/form-data body (RFC 7578) while it passes, chunk by chunk, in constant memory: the fields that name a
// video, and whether every parser would find the same parts. Where two could differ the form is refused. Pure.
import { searchFor } from '../byte-search.ts'
import { parseEngineId, type EngineId } from './ids.ts'
import { decodeUtf8, readPartHeaders, type FormPart } from './form-part.ts'
import { VIDEO_MEMBERS, videoMember, type VideoMember } from './video-member.ts'
import { isWebhookMember, WEBHOOK_MEMBER } from './webhook-member.ts'

export type FormRead =
  /** Of the fields that ended with this chunk; one that is empty names no video. */
  | { readonly ok: true; readonly videoIds: readonly EngineId[] }
  /** Repeated for everything after it. */
  | { readonly ok: false; readonly detail: string }

export interface FormReader {
  push(chunk: Uint8Array): FormRead
  /** The body is over. */
  end(): FormRead
}

const MAX_PARTS = 100
const MAX_HEADERS_BYTES = 8192
/** Of a field: what is longer is cut by some parsers. */
const MAX_FIELD_BYTES = 64 * 1024

const CRLF = '\r\n'

/**
 * The body has to be `--boundary CRLF part CRLF --boundary CRLF part … CRLF --boundary--` with at most one CRLF behind
 * it, and `--boundary` may stand nowhere else: parsers look for it behind a line feed, or anywhere at all.
 */
export function readForm(boundary: string): FormReader {
  const mark = `--${boundary}`
  const search = searchFor(Uint8Array.from(mark, (character) => character.charCodeAt(0)))
  const names = new Set<string>()
  let state: 'start' | 'boundary' | 'headers' | 'content' | 'closed' | 'refused' = 'start'
  let part: OpenPart = {
    name: '',
    isFile: false,
    contentLength: undefined,
    member: undefined,
    byteLength: 0,
    value: '',
  }
  let rest: Uint8Array = new Uint8Array()
  let refusal: FormRead | undefined

  function push(chunk: Uint8Array): FormRead {
    const bytes = new Uint8Array(rest.length + chunk.length)
    bytes.set(rest)
    bytes.set(chunk, rest.length)
    const videoIds: EngineId[] = []
    let position = 0
    for (let next = step(bytes, 0, videoIds); next !== position; next = step(bytes, next, videoIds)) position = next
    rest = bytes.slice(position)
    return refusal ?? { ok: true, videoIds }
  }

  /** Reads one thing and gives where the next one begins: where it began itself, if no more can be read. */
  function step(bytes: Uint8Array, position: number, videoIds: EngineId[]): number {
    if (state === 'start') return readStart(bytes, position)
    if (state === 'boundary') return readBoundaryEnd(bytes, position)
    if (state === 'headers') return readHeaders(bytes, position)
    if (state === 'content') return readContent(bytes, position, videoIds)
    const isEnd = state === 'refused' || CRLF.startsWith(latin1(bytes, position, position + 3))
    return isEnd ? position : refuse(NOT_CLOSED, position)
  }

  function refuse(detail: string, position: number): number {
    state = 'refused'
    refusal = { ok: false, detail }
    return position
  }

  function readStart(bytes: Uint8Array, position: number): number {
    const start = latin1(bytes, position, position + mark.length)
    if (!mark.startsWith(start)) return refuse('body: must begin with its boundary', position)
    if (start.length < mark.length) return position
    state = 'boundary'
    return position + mark.length
  }

  function readBoundaryEnd(bytes: Uint8Array, position: number): number {
    const end = latin1(bytes, position, position + 2)
    if (end.length < 2) return position
    if (end !== CRLF && (end !== '--' || names.size === 0)) return refuse(STRAY_BOUNDARY, position)
    state = end === CRLF ? 'headers' : 'closed'
    return position + 2
  }

  function readHeaders(bytes: Uint8Array, position: number): number {
    const text = latin1(bytes, position, position + MAX_HEADERS_BYTES)
    const end = text.indexOf(CRLF + CRLF)
    if (end === -1) {
      if (text.length < MAX_HEADERS_BYTES) return position
      return refuse(`body: a part's headers must be under ${MAX_HEADERS_BYTES} bytes`, position)
    }
    const block = text.slice(0, end)
    if (block.includes(mark)) return refuse(STRAY_BOUNDARY, position)
    const headers = readPartHeaders(block)
    if (!headers.ok) return refuse(`body: a part's ${headers.problem}`, position)
    const problem = open(headers.part)
    if (problem !== undefined) return refuse(problem, position)
    state = 'content'
    return position + end + 2 * CRLF.length
  }

  /** Begins a part; gives what is wrong with it beside those before it. */
  function open(next: FormPart): string | undefined {
    const member = videoMember(next.name)
    if (member === 'misspelt') return `body: must spell ${VIDEO_MEMBERS.join(' and ')} in no other way`
    if (member !== undefined && next.isFile) return `${member}: must not be a file`
    if (isWebhookMember(next.name)) return `${WEBHOOK_MEMBER}: is given with a job, not with its film`
    const name = next.name.toLowerCase()
    if (names.has(name)) return `${next.name}: is given more than once`
    if (names.size === MAX_PARTS) return `body: must not have more than ${MAX_PARTS} parts`
    names.add(name)
    part = { ...next, member, byteLength: 0, value: '' }
    return undefined
  }

  function readContent(bytes: Uint8Array, position: number, videoIds: EngineId[]): number {
    const found = search(bytes, position)
    // What may be the beginning of a boundary, or of the break before one, waits for the next chunk.
    const until = found === -1 ? Math.max(position, bytes.length - mark.length - 1) : found - CRLF.length
    if (found !== -1 && (until < position || latin1(bytes, until, found) !== CRLF)) {
      return refuse(STRAY_BOUNDARY, position)
    }
    part.byteLength += until - position
    if (!part.isFile) {
      part.value += latin1(bytes, position, Math.min(until, position + MAX_FIELD_BYTES + 1))
      if (part.value.length > MAX_FIELD_BYTES)
        return refuse(`${part.name}: is a field over ${MAX_FIELD_BYTES} bytes`, position)
    }
    if (found === -1) return until
    const problem = close(videoIds)
    if (problem !== undefined) return refuse(problem, position)
    state = 'boundary'
    return found + mark.length
  }

  /** Ends a part; gives what is wrong with its content. */
  function close(videoIds: EngineId[]): string | undefined {
    const { name, member, contentLength, byteLength, isFile, value } = part
    if ((contentLength ?? byteLength) !== byteLength) return "body: a part's content-length is wrong"
    // Latin-1 is what some parsers try next.
    if (!isFile && decodeUtf8(value) === undefined) return `${name}: must be UTF-8`
    if (member === undefined || value === '') return undefined
    const videoId = parseEngineId(value)
    if (videoId === undefined) return `${member}: must be the id of a video`
    videoIds.push(videoId)
    return undefined
  }

  return {
    push,
    end() {
      // Half a line break, or no closing boundary at all.
      const isClosed = state === 'closed' && rest.length !== 1
      if (!isClosed && refusal === undefined) refuse(NOT_CLOSED, 0)
      return refusal ?? { ok: true, videoIds: [] }
    },
  }
}

const STRAY_BOUNDARY = 'body: must not hold its boundary but between its parts'
const NOT_CLOSED = 'body: must end with its closing boundary'

interface OpenPart extends FormPart {
  /** Undefined for a part that does not name a video. */
  readonly member: VideoMember | undefined
  /** Of its content, as far as it has come. */
  byteLength: number
  /** Kept of a field only. */
  value: string
}

/** A byte a character; what the bytes do not reach is left out. */
function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let index = from; index < Math.min(to, bytes.length); index++) text += String.fromCharCode(bytes[index] ?? 0)
  return text
}
