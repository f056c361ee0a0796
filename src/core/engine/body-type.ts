// The Content-Type of a message that the engine is to read: which types cross, and what is sent instead. The
// caller's own header never crosses, as each of its parameters can make an engine decode another message. Pure.

export interface MediaTypeHeader {
  /** `type/subtype` in lower case. */
  readonly essence: string
  /** By name in lower case; values as they are, without quotes. */
  readonly parameters: ReadonlyMap<string, string>
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
// Unquoted values are taken more widely than RFC 9110 §5.6.6 has them: many clients do not quote a boundary.
const VALUE = String.raw`"[^"\\]*"|[^\s";\\]+`
const HEADER = new RegExp(`^(${TOKEN}/${TOKEN})((?:[ \\t]*;(?:[ \\t]*${TOKEN}=(?:${VALUE}))?)*)[ \\t]*$`)
const PARAMETER = new RegExp(`(${TOKEN})=(${VALUE})`, 'g')

/** RFC 9110 §8.3.1; undefined for anything else, for an escape in a quoted value and for a parameter given twice. */
export function parseMediaTypeHeader(text: string): MediaTypeHeader | undefined {
  const [, essence, rest = ''] = HEADER.exec(text) ?? []
  if (essence === undefined) return undefined
  const parameters = new Map<string, string>()
  for (const [, written = '', value = ''] of rest.matchAll(PARAMETER)) {
    const name = written.toLowerCase()
    if (parameters.has(name)) return undefined
    parameters.set(name, value.startsWith('"') ? value.slice(1, -1) : value)
  }
  return { essence: essence.toLowerCase(), parameters }
}

export const JSON_TYPE = 'application/json'

/** Whether it announces JSON in UTF-8 and nothing besides. */
export function isJsonType(text: string): boolean {
  const header = parseMediaTypeHeader(text)
  return header?.essence === JSON_TYPE && hasOnly(header, 'charset') && isUtf8(header)
}

export type FormType =
  | { readonly ok: true; readonly boundary: string }
  | { readonly ok: false; readonly reason: 'not_form' | 'boundary' }

// RFC 2046 §5.1.1 without the comma and the space: both end the value for some parsers.
const BOUNDARY = /^[0-9A-Za-z'()+_./:=?-]{1,70}$/

/** The boundary of a form in UTF-8 (RFC 7578); `boundary` when it has none, or one that parsers read differently. */
export function readFormType(text: string): FormType {
  const header = parseMediaTypeHeader(text)
  if (header === undefined) return { ok: false, reason: isForm(text) ? 'boundary' : 'not_form' }
  if (header.essence !== FORM_ESSENCE || !hasOnly(header, 'charset', 'boundary') || !isUtf8(header)) {
    return { ok: false, reason: 'not_form' }
  }
  const boundary = header.parameters.get('boundary') ?? ''
  return BOUNDARY.test(boundary) ? { ok: true, boundary } : { ok: false, reason: 'boundary' }
}

const FORM_ESSENCE = 'multipart/form-data'

function isForm(text: string): boolean {
  return /^multipart\/form-data[ \t]*;/i.test(text)
}

/** The header of a form with this boundary, in quotes only where they are due. */
export function formType(boundary: string): string {
  return `${FORM_ESSENCE}; boundary=${/^[\w'+.-]+$/.test(boundary) ? boundary : `"${boundary}"`}`
}

export function isUtf8({ parameters }: MediaTypeHeader): boolean {
  return /^utf-?8$/i.test(parameters.get('charset') ?? 'utf-8')
}

function hasOnly({ parameters }: MediaTypeHeader, ...names: readonly string[]): boolean {
  return [...parameters.keys()].every((name) => names.includes(name))
}
