// What roles of an organisation may do, and what becomes of the keys of those who leave.
import { ADMIN, MEMBER, type OtherRoles } from '../core/auth/role.ts'
import { parseScopes, type Scopes } from '../core/auth/scope.ts'
import { readRole } from '../core/auth/session-token.ts'
import { isRecord, parseJson } from '../core/json.ts'
import type { Variables } from './variables.ts'

export interface WorkspaceConfig {
  readonly otherRoles: OtherRoles
  /** Whether keys are switched off with the one who made them. */
  readonly offboardsKeys: boolean
}

export function readWorkspaceConfig(read: Variables): WorkspaceConfig {
  return {
    otherRoles: readRoles(read),
    offboardsKeys: read.choice('OFFBOARD_KEYS', ['deactivate', 'keep'], 'deactivate') === 'deactivate',
  }
}

function readRoles(read: Variables): OtherRoles {
  const text = read.text('WORKSPACE_ROLES')
  if (text === undefined) return new Map()
  const json = parseJson(text)
  const roles = Object.entries(isRecord(json) ? json : {}).map(readEntry)
  const known = roles.filter((entry) => entry !== undefined)
  if (!isRecord(json) || known.length < roles.length) {
    read.problem(
      'WORKSPACE_ROLES',
      'must be JSON such as {"editor":["videos:read","videos:write"]}, without admin and member',
    )
  }
  return new Map(known)
}

function readEntry([name, words]: [string, unknown]): [string, Scopes] | undefined {
  const role = readRole(name)
  if (role === undefined || role === ADMIN || role === MEMBER || !Array.isArray(words)) return undefined
  const scopes = words.every((word) => typeof word === 'string') ? parseScopes(words) : undefined
  return scopes && [role, scopes]
}
