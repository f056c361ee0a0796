// Values that only this service writes, as rows and listings hold them: checked again, because nothing may be built on others.
import { parseUserId, type UserId } from '../core/auth/principal.ts'
import { parseKnownKey, type ObjectKey } from '../core/storage/object-key.ts'

/** TypeError for what is not a UUID. */
export function toUserId(text: string | undefined): UserId {
  const userId = parseUserId(text ?? '')
  if (userId === undefined) throw new TypeError('a stored user id is not a UUID')
  return userId
}

/** TypeError for what can be no key. */
export function toObjectKey(text: string): ObjectKey {
  const key = parseKnownKey(text)
  if (key === undefined) throw new TypeError('a stored object key is not valid')
  return key
}
