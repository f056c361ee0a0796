// Who changes keys, in the statements that change them.
import { sql, type SQL } from 'drizzle-orm'
import type { Principal, SessionPrincipal } from '../../core/auth/principal.ts'
import { apiKeys } from './schema/keys.ts'
import { users } from './schema/users.ts'
import { workspaceMembers } from './schema/workspaces.ts'

/** An expiry that a new key may get from one that never expires. */
export const NEVER = Number.MAX_SAFE_INTEGER

/** Who acts, as rows name them; for an impersonated user, the impersonator. */
export function creator(actor: Principal): { createdByType: 'clerk' | 'api_key'; createdById: string } {
  const createdById = actor.kind === 'clerk' ? (actor.actorId ?? actor.clerkUserId) : actor.keyId
  return { createdByType: actor.kind, createdById }
}

/**
 * Whether the principal exists as authentication believed: a cache may be KEY_CACHE_SECONDS behind, and a key that
 * was revoked meanwhile must not leave a successor. `outlives`: the latest expiry the principal may hand on.
 */
export function actorIsActive(actor: Principal, nowMs: number, outlives: number | SQL = nowMs + 1): SQL {
  const isUser = sql`EXISTS (SELECT 1 FROM ${users} WHERE id = ${actor.userId} AND deleted_at IS NULL)`
  if (actor.kind === 'clerk') return sql`(${isUser} AND ${isLetIn(actor, nowMs)})`
  return sql`(${isUser} AND EXISTS (SELECT 1 FROM ${apiKeys} AS actor WHERE actor.id = ${actor.keyId}
    AND actor.is_active = 1 AND actor.deleted_at IS NULL AND coalesce(actor.expires_at, ${NEVER}) > ${nowMs}
    AND coalesce(actor.expires_at, ${NEVER}) >= ${outlives}))`
}

/** Whether the person is, and is a member of the organisation if it is one. */
function isLetIn({ userId, memberId, workspace }: SessionPrincipal, nowMs: number): SQL {
  const isPerson = sql`EXISTS (SELECT 1 FROM ${users} WHERE id = ${memberId} AND deleted_at IS NULL
    AND coalesce(suspended_until, 0) <= ${nowMs})`
  if (workspace.kind === 'personal') return isPerson
  return sql`${isPerson} AND EXISTS (SELECT 1 FROM ${workspaceMembers} WHERE workspace_id = ${userId}
    AND user_id = ${memberId} AND ended_at IS NULL)`
}
