// The headers of one part of a form (RFC 7578 §4): the few that clients write, each in the one form that every parser
// reads alike. Whatever else stands there refuses the form. Pure.
import { isUtf8, parseMediaTypeHeader } from './body-type.ts'

export interface FormPart {
  readonly name: string
  readonly isFile: boolean
  /** What the part says of itself; it has to be true, as some parsers count instead of looking for the boundary. */
  readonly contentLength: number | undefined
}

/** The part, or what is wrong with its headers, in words that follow `body: a part's `. */
export type PartHeaders =
  | { readonly ok: true; readonly part: FormPart }
  | { readonly ok: false; readonly problem: string }

/** `block` is what stands between the boundary's line and the empty one, a byte a character. */
export function readPartHeaders(block: string): PartHeaders {
  const text = decodeUtf8(block)
  if (text === undefined) return refused('headers must be UTF-8')
  if (text.includes('=?')) return refused('headers must not hold encoded words')
  const headers = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    // No tab, no folded line, no blank before the colon or at the end: each is where parsers part.
    const [, written, value] = /^([A-Za-z-]+): ?((?! )\P{Cc}*(?<! ))$/u.exec(line) ?? []
    if (written === undefined || value === undefined) return refused('headers must be "Name: value" lines')
    const name = written.toLowerCase()
    if (!CHECKS.has(name)) return refused(`headers must be among ${[...CHECKS.keys()].join(', ')}`)
    if (headers.has(name)) return refused(`${name} must not be given twice`)
    headers.set(name, value)
  }
  for (const [name, value] of headers) {
    if (CHECKS.get(name)?.(value) !== true) return refused(`${name} is not one that every parser reads alike`)
  }
  const disposition = readDisposition(headers.get('content-disposition') ?? '')
  if (disposition === undefined) return refused('content-disposition is missing')
  // A part of another type and without a file's name is a field to some parsers, a file to others, or left out.
  if (
    !disposition.isFile &&
    !/^(?:text\/plain|application\/json)(?![^ ;])/i.test(headers.get('content-type') ?? 'text/plain')
  ) {
    return refused('content-type must be text/plain or application/json where it is no file')
  }
  const length = headers.get('content-length')
  return { ok: true, part: { ...disposition, contentLength: length === undefined ? undefined : Number(length) } }
}

function refused(problem: string): PartHeaders {
  return { ok: false, problem }
}

const CHECKS: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['content-disposition', (value) => readDisposition(value) !== undefined],
  ['content-type', isPartType],
  // The three that change nothing (RFC 2045 §6.2).
  ['content-transfer-encoding', (value) => /^(?:7bit|8bit|binary)$/i.test(value)],
  ['content-length', (value) => /^(?:0|[1-9]\d{0,14})$/.test(value)],
])

// The name comes first, so that nothing inside a file's name can be taken for it. Its letters are those that PHP leaves
// alone, that need no quotes and that no parser takes for a path into an object.
const DISPOSITION =
  /^form-data *; *name=(?:"([\w-]{1,100})"|([\w-]{1,100}))(?: *; *filename=(?:"([^"\\]+)"|([\w.+-]+))(?: *; *filename\*=utf-8''([\w.~!$&+^`|%-]+))?)?$/i

function readDisposition(value: string): Pick<FormPart, 'name' | 'isFile'> | undefined {
  const [whole, quotedName, name = quotedName, quotedFile, file = quotedFile, extended] = DISPOSITION.exec(value) ?? []
  if (whole === undefined || name === undefined || RESERVED.has(name.toLowerCase())) return undefined
  if (file !== undefined && /;.*=/.test(file)) return undefined
  // RFC 7578 §4.2 forbids the second spelling; .NET writes it all the same, and which of them counts differs.
  if (extended !== undefined && decodePercent(extended) !== file) return undefined
  return { name, isFile: file !== undefined }
}

/** The field that sets the charset of all others (RFC 7578 §4.6), and what JavaScript takes for a prototype. */
const RESERVED: ReadonlySet<string> = new Set(['_charset_', '__proto__', 'constructor', 'prototype'])

// `codecs` is what browsers write of a recording, with its commas and without quotes.
const PART_TYPE =
  /^(?!multipart\/|message\/)[\w.+-]+\/[\w.+-]+(?: *; *(?:charset|codecs)=(?:"[\w.,+ -]*"|[\w.,+-]+))*$/i

/** In UTF-8 or without a charset, and without parts inside the part. */
function isPartType(value: string): boolean {
  const header = PART_TYPE.test(value) ? parseMediaTypeHeader(value) : undefined
  return header !== undefined && isUtf8(header)
}

/** `bytes` has a byte a character; undefined when they are no UTF-8 (RFC 3629). */
export function decodeUtf8(bytes: string): string | undefined {
  return decodePercent(bytes.replace(/[%\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`))
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
