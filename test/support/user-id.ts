// User ids of tests: the text is one, or the test is wrong.
import { parseUserId, type UserId } from '../../src/core/auth/principal.ts'

export function userIdOf(text: string): UserId {
  const userId = parseUserId(text)
  if (userId === undefined) throw new TypeError(`${text} is not a user id`)
  return userId
}
