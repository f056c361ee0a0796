// The Authorization header → which credential it is. Pure, and before any I/O: what is not a credential costs nothing.
import { API_KEY_PREFIX, isApiKey } from './api-key.ts'

export type Credential =
  | { readonly kind: 'missing' }
  /** None of the accepted forms; a list of credentials is one of these. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'malformed_key' }
  | { readonly kind: 'api_key'; readonly key: string }
  | { readonly kind: 'session'; readonly token: string }

// The scheme is case-insensitive (RFC 9110 §11.1), and exactly one space follows it.
const BEARER = /^bearer /i

// Two headers reach a Worker joined by ", ", so no credential may hold a comma. What else is wrong with a token is
// the token's own fault and costs nothing here: every request passes this way.
const SEPARATORS = [',', ' ', '\t']

/** Total: every header is one of the kinds. */
export function readAuthorization(header: string | undefined): Credential {
  if (header === undefined || header === '') return { kind: 'missing' }
  const isBearer = BEARER.test(header)
  const text = isBearer ? header.slice('bearer '.length) : header
  if (text.startsWith(API_KEY_PREFIX) && !text.includes(',')) {
    return isApiKey(text) ? { kind: 'api_key', key: text } : { kind: 'malformed_key' }
  }
  const isOne = text !== '' && !SEPARATORS.some((separator) => text.includes(separator))
  if (!isBearer || !isOne) return { kind: 'unreadable' }
  return { kind: 'session', token: text }
}
