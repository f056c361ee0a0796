// Percent-encoding as SigV4 wants it: RFC 3986 unreserved characters stay, all else is UTF-8 and `%XX`. Pure.

const UNRESERVED_PATH = /^[A-Za-z0-9\-_.~/]*$/

/**
 * One name or value of a query: everything but `A-Za-z0-9-_.~` is encoded, upper-case hex, a space as
 * `%20`. A lone surrogate throws TypeError.
 */
export function encodeComponent(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('text holds a lone surrogate')
  // encodeURIComponent leaves these five alone, which a signer of RFC 3986 may not.
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

/**
 * A decoded path as S3 canonicalises it: encoded once, `/` kept, nothing normalised. So `//` stays, and a
 * dot segment too, although a client's URL parser will fold it and the signature then fails: keep those
 * out of keys. A lone surrogate throws TypeError.
 */
export function encodePath(path: string): string {
  // Nearly every segment name is plain, and this test costs a tenth of encoding it.
  return UNRESERVED_PATH.test(path) ? path : encodeComponent(path).replaceAll('%2F', '/')
}

/**
 * Percent-encoded text decoded once, `+` being itself. Undefined for a bad escape or bytes that are no
 * UTF-8, so that no two texts are taken for one.
 */
export function decodeComponent(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
