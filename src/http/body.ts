// Reads a JSON body: type, size and syntax, each with the contract's words. Nothing is parsed before it is bounded.
import { concatBytes } from '../core/bytes.ts'
import { Fault } from '../core/fault.ts'
import { MAX_JSON_DEPTH, scanJson } from '../core/json.ts'

const JSON_TYPE = /^application\/json\s*(;|$)/i

/** The parsed value; 415 for another type, 413 over `maxBytes`, 400 when it is no JSON, 422 when it is nested too deep. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const { text } = await readJsonText(request, maxBytes)
  const scan = scanJson(text, MAX_JSON_DEPTH)
  if (scan.ok) return JSON.parse(text)
  if (scan.reason === 'not_json') throw new Fault('bad_request', 'Invalid JSON body')
  throw new Fault('validation_error', `body: must not be nested deeper than ${MAX_JSON_DEPTH} levels`)
}

/** The body as it came and as text, not parsed yet; 415 for another type, 413 over `maxBytes`, 400 when no UTF-8. */
export async function readJsonText(
  request: Request,
  maxBytes: number,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly text: string }> {
  if (!JSON_TYPE.test(request.headers.get('Content-Type') ?? '')) {
    throw new Fault('unsupported_media_type', 'Content-Type must be application/json')
  }
  const bytes = await readBytes(request, maxBytes)
  try {
    return { bytes, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes) }
  } catch {
    throw new Fault('bad_request', 'Invalid JSON body')
  }
}

/** Whether the request says that it brings nothing. */
export function isEmptyBody(request: Request): boolean {
  return request.body === null || request.headers.get('Content-Length') === '0'
}

/** The whole body, read only as far as the limit whatever Content-Length says; 413 beyond. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new Fault('payload_too_large', 'Request body is too large')
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) throw tooLarge
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
    length += chunk.byteLength
    if (length > maxBytes) throw tooLarge
    chunks.push(chunk)
  }
  return concatBytes(chunks)
}
