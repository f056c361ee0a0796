// What a person may do in a workspace, by their role in it. Pure.
import { ALL_SCOPES, allows, SCOPES, STAR, type Scopes } from './scope.ts'

export const ADMIN = 'admin'
export const MEMBER = 'member'

/** Role → scopes, of roles that are neither admin nor member. */
export type OtherRoles = ReadonlyMap<string, Scopes>

const READS: Scopes = SCOPES.filter((scope) => scope.endsWith(':read'))

/** A role that is not known here only reads. */
export function scopesOfRole(role: string, others: OtherRoles): Scopes {
  return role === ADMIN || role === MEMBER ? ALL_SCOPES : (others.get(role) ?? READS)
}

/** What both allow, and nothing else. */
export function commonScopes(a: Scopes, b: Scopes): Scopes {
  const isNamed = allows(a, 'keys:write') && allows(b, 'keys:write')
  if (a[0] === '*' && b[0] === '*') return isNamed ? ALL_SCOPES : STAR
  return SCOPES.filter((scope) => allows(a, scope) && allows(b, scope))
}
