// Object keys as a caller names them: taken literally, never repaired. What another reader could take for a different
// path is refused, so that one spelling of a key is one object in one user's folder. Pure.
import { utf8 } from '../bytes.ts'
import { ambiguityOf, type Ambiguity } from './ambiguous-path.ts'
import { userFolder } from './media-key.ts'
import type { UserId } from '../auth/principal.ts'

/**
 * The key of an object that may be read, signed, listed or deleted: what a caller names is one only after
 * `parseObjectKey`, below that caller's own folder; what the bucket, the database or a verified signature names, after
 * `parseKnownKey`; where a video's objects lie is in `media-key`.
 */
export type ObjectKey = string & { readonly brand: 'ObjectKey' }

export type KeyRefusal = 'foreign' | 'too_long' | 'not_unicode' | 'empty_segment' | Ambiguity

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: KeyRefusal }

/** R2 and S3 allow no longer one, in UTF-8. */
export const MAX_KEY_BYTES = 1024

/** A whole key, or a bare name without `/`, which means the caller's own folder. `foreign` is reported before any other reason. */
export function parseObjectKey(userId: UserId, text: string): Parsed<ObjectKey> {
  const folder = userFolder(userId)
  const key = text.includes('/') ? text : folder + text
  if (!key.startsWith(folder)) return { ok: false, reason: 'foreign' }
  const reason = refusalOf(key, key.split('/'))
  return reason === undefined ? { ok: true, value: key as ObjectKey } : { ok: false, reason }
}

/**
 * What keys begin with: relative to the caller's own folder, or whole, which is anything that begins with `users/`. It may
 * end anywhere, also in the middle of a name; the result never ends before the folder's own slash.
 */
export function parseKeyPrefix(userId: UserId, text: string): Parsed<ObjectKey> {
  const folder = userFolder(userId)
  const isWhole = text.startsWith('users/')
  const prefix = `${text}/` === folder ? folder : isWhole ? text : folder + text
  if (!prefix.startsWith(folder)) return { ok: false, reason: 'foreign' }
  const segments = prefix.split('/')
  const isEnding = segments.at(-1) === ''
  const reason = refusalOf(prefix, isEnding ? segments.slice(0, -1) : segments)
  return reason === undefined ? { ok: true, value: prefix as ObjectKey } : { ok: false, reason }
}

/** A key that something trusted names; undefined when it can be none: empty, or longer than a bucket takes. */
export function parseKnownKey(text: string): ObjectKey | undefined {
  if (text === '' || text.length > MAX_KEY_BYTES || !text.isWellFormed()) return undefined
  return utf8(text).byteLength > MAX_KEY_BYTES ? undefined : (text as ObjectKey)
}

/** The last segment. */
export function fileNameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

function refusalOf(key: string, segments: readonly string[]): KeyRefusal | undefined {
  if (!key.isWellFormed()) return 'not_unicode'
  // The encoding is never shorter than the text, so a huge text is not encoded at all.
  if (key.length > MAX_KEY_BYTES || utf8(key).byteLength > MAX_KEY_BYTES) return 'too_long'
  const ambiguity = ambiguityOf(key)
  if (ambiguity !== undefined && ambiguity !== 'dot_segment') return ambiguity
  return segments.includes('') ? 'empty_segment' : ambiguity
}
