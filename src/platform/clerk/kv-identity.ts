// The copy of who is who, in KV. Never read for a user whom D1 knows, and never the reason that a request fails.
import { parseUserId } from '../../core/auth/principal.ts'
import type { IdentityCopy } from '../../domain/auth/identity.ts'
import { KV_LIMIT_MS, withinTime } from '../time-limit.ts'

/** `issuer` is part of each key: two Clerk instances may share a namespace, and their user ids say nothing of it. */
export function kvIdentity(kv: KVNamespace, issuer: string): IdentityCopy {
  const keyOf = (clerkUserId: string): string => `identity:${issuer}:${clerkUserId}`
  return {
    async load(clerkUserId) {
      try {
        const text = await withinTime(KV_LIMIT_MS, () => kv.get(keyOf(clerkUserId)))
        return text === null ? undefined : parseUserId(text)
      } catch {
        return undefined
      }
    },
    async save(clerkUserId, userId) {
      await withinTime(KV_LIMIT_MS, () => kv.put(keyOf(clerkUserId), userId))
    },
  }
}
