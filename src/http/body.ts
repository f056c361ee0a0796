// Reads a JSON body: type, size and syntax, each with the contract's words. Nothing is parsed before it is bounded.
import { withoutByteOrderMark } from '../core/bytes.ts'
import { Fault } from '../core/fault.ts'
import { MAX_JSON_DEPTH, scanJson } from '../core/json.ts'
import { readAtMost } from '../core/read-body.ts'
import { isJsonType } from '../core/engine/body-type.ts'

const JSON_TYPE = /^application\/json\s*(;|$)/i

/** The parsed value; 415 for another type, 413 over `maxBytes`, 400 when it is not JSON, 422 when it is nested too deep. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  if (!JSON_TYPE.test(typeOf(request))) throw notJson()
  return parse(await readBytes(request, maxBytes))
}

/** As readJson, but a body of no bytes is `{}`, with any Content-Type, and with or without a Content-Length. */
export async function readOptionalJson(request: Request, maxBytes: number): Promise<unknown> {
  // Only reading tells: a body in chunks, or one of HTTP/2, has no Content-Length.
  const bytes = await readBytes(request, maxBytes)
  if (bytes.length === 0) return {}
  if (!JSON_TYPE.test(typeOf(request))) throw notJson()
  return parse(bytes)
}

function parse(bytes: Uint8Array): unknown {
  const text = withoutByteOrderMark(decode(bytes))
  const scan = scanJson(text, MAX_JSON_DEPTH)
  if (scan.ok) return JSON.parse(text)
  if (scan.reason === 'not_json') throw invalidJson()
  throw new Fault('validation_error', `body: must not be nested deeper than ${MAX_JSON_DEPTH} levels`)
}

/**
 * JSON that is to be sent on, as text and not parsed yet; 415 for another type or any charset but UTF-8, 413 over
 * `maxBytes`, 400 when it is not UTF-8. A byte order mark is a part of the text.
 */
export async function readJsonText(request: Request, maxBytes: number): Promise<string> {
  if (!isJsonType(typeOf(request))) throw notJson()
  refuseEncoded(request)
  return decode(await readBytes(request, maxBytes))
}

/** 415 for a body that is compressed: what is sent on is what was looked at (RFC 9110 §15.5.16). */
export function refuseEncoded(request: Request): void {
  if (/^(?:identity)?$/i.test(request.headers.get('Content-Encoding') ?? '')) return
  throw new Fault('unsupported_media_type', 'Content-Encoding must be identity')
}

function typeOf(request: Request): string {
  return request.headers.get('Content-Type') ?? ''
}

/** With its byte order mark, if it has one. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw invalidJson()
  }
}

function notJson(): Fault {
  return new Fault('unsupported_media_type', 'Content-Type must be application/json')
}

function invalidJson(): Fault {
  return new Fault('bad_request', 'Invalid JSON body')
}

/** The whole body, read only as far as the limit, whatever Content-Length says; 413 beyond. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new Fault('payload_too_large', 'Request body is too large')
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) throw tooLarge
  const bytes = await readAtMost(request.body, maxBytes)
  if (bytes === undefined) throw tooLarge
  return bytes
}
