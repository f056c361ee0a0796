// A session's principal for what is asked below the door: a person in their own workspace.
import { PERSONAL, type SessionPrincipal, type UserId } from '../../src/core/auth/principal.ts'
import { ALL_SCOPES } from '../../src/core/auth/scope.ts'

export function personOf(userId: UserId): SessionPrincipal {
  return {
    kind: 'clerk',
    userId,
    memberId: userId,
    workspace: PERSONAL,
    scopes: ALL_SCOPES,
    clerkUserId: 'user_1',
    sessionId: 's',
    actorId: undefined,
  }
}
