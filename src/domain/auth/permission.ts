// What a proven caller may not do, in the words they read.
import type { Principal } from '../../core/auth/principal.ts'
import { MEMBER } from '../../core/auth/role.ts'
import type { Scope } from '../../core/auth/scope.ts'
import { Fault } from '../../core/fault.ts'

export function lacksScope({ kind }: Principal, scope: Scope | '*'): Fault {
  const holder = kind === 'clerk' ? 'Role in the workspace' : 'API key'
  return new Fault('forbidden', `${holder} lacks the scope ${scope}`)
}

/** 403 for a member, and for a key that one made. Other roles have the scopes that are named for them. */
export function refuseMember({ workspace }: Principal): void {
  if (workspace.kind === 'organization' && workspace.role === MEMBER) {
    throw new Fault('forbidden', 'Only an admin of the workspace may do this')
  }
}
