// The name under which a caller says where its job is to be reported. The engine must not see it: it would call any
// address, unsigned and from inside its own network. Pure.
import { isRecord } from '../json.ts'
import { memberLetters } from './member-letters.ts'

export const WEBHOOK_MEMBER = 'webhook_url'

const LETTERS = memberLetters(WEBHOOK_MEMBER)

/** Whether a name is this one, or may be it to the engine. */
export function isWebhookMember(name: string): boolean {
  return memberLetters(name) === LETTERS
}

/** Whether a name anywhere in the value may be this one to the engine. `value`: of JSON. */
export function holdsWebhookMember(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsWebhookMember)
  if (!isRecord(value)) return false
  return Object.entries(value).some(([name, member]) => isWebhookMember(name) || holdsWebhookMember(member))
}
