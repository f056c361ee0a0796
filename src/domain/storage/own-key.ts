// A caller's word for an object → its key, or the fault that says what is wrong with it.
import { Fault } from '../../core/fault.ts'
import {
  parseKeyPrefix,
  parseObjectKey,
  type KeyRefusal,
  type ObjectKey,
  type Parsed,
} from '../../core/storage/object-key.ts'
import type { Principal } from '../../core/auth/principal.ts'

const PROBLEMS: Readonly<Record<Exclude<KeyRefusal, 'foreign'>, string>> = {
  too_long: 'must be at most 1024 bytes of UTF-8 with the folder it is in',
  not_unicode: 'must be well-formed Unicode',
  control_character: 'must not hold control characters',
  backslash: 'must not hold a backslash',
  percent_encoded: 'must not hold a percent-encoded dot, slash or backslash',
  empty_segment: 'must not hold an empty segment',
  dot_segment: 'must not hold a dot segment',
}

/** Below the principal's own folder and nowhere else: 403 for another user's, 422 for what could be read in two ways. */
export function ownKey(principal: Principal, text: string, field: string): ObjectKey {
  return accept(parseObjectKey(principal.userId, text), field)
}

/** What the keys of a list begin with: 403 and 422 as for a key. */
export function ownPrefix(principal: Principal, text: string, field: string): ObjectKey {
  return accept(parseKeyPrefix(principal.userId, text), field)
}

function accept(parsed: Parsed<ObjectKey>, field: string): ObjectKey {
  if (parsed.ok) return parsed.value
  if (parsed.reason === 'foreign') throw new Fault('forbidden', 'Storage path does not belong to this user')
  throw new Fault('validation_error', `${field}: ${PROBLEMS[parsed.reason]}`)
}
