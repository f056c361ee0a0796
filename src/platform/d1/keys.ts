// API keys in D1, read. The hash is searched by and never selected.
import { and, desc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { namedLimits, type KeyLimits } from '../../core/auth/key-limits.ts'
import { PERSONAL } from '../../core/auth/principal.ts'
import { ADMIN, commonScopes, scopesOfRole, type OtherRoles } from '../../core/auth/role.ts'
import { readClerkOrganizationId } from '../../core/auth/session-token.ts'
import { isScope, parseScopes, type Scopes } from '../../core/auth/scope.ts'
import type { KeyLookup } from '../../domain/auth/key-authentication.ts'
import type { ApiKey, KeyReader } from '../../domain/keys/store.ts'
import { query } from './query.ts'
import { toUserId } from '../stored-values.ts'
import { apiKeys, keyEvents } from './schema/keys.ts'
import { users } from './schema/users.ts'
import { workspaceMembers } from './schema/workspaces.ts'

/** What may leave this folder of a key. */
export const KEY_COLUMNS = {
  id: apiKeys.id,
  userId: apiKeys.userId,
  name: apiKeys.name,
  keyPrefix: apiKeys.keyPrefix,
  isActive: apiKeys.isActive,
  scopes: apiKeys.scopes,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
  lastUsedIp: apiKeys.lastUsedIp,
  allowedIps: apiKeys.allowedIps,
  limits: apiKeys.limits,
  createdByType: apiKeys.createdByType,
  createdById: apiKeys.createdById,
  memberId: apiKeys.memberId,
  createdAt: apiKeys.createdAt,
  rotatedAt: apiKeys.rotatedAt,
}

export interface KeyRow {
  id: string
  userId: string
  name: string
  keyPrefix: string
  isActive: boolean
  scopes: string
  expiresAt: number | null
  lastUsedAt: number | null
  lastUsedIp: string | null
  allowedIps: string | null
  limits: string | null
  createdByType: 'clerk' | 'api_key' | null
  createdById: string | null
  memberId: string | null
  createdAt: number
  rotatedAt: number | null
}

/** Expired keys stay in the list; a person looks at the newest of them at most. */
const MAX_LISTED = 500

/** For authentication: one read by the unique index, with everything the answer depends on. */
export function d1KeyLookup(db: DrizzleD1Database, roles: OtherRoles): KeyLookup {
  return {
    async findByHash(hash) {
      const [row] = await query(() =>
        db
          .select({
            id: apiKeys.id,
            userId: apiKeys.userId,
            scopes: apiKeys.scopes,
            isActive: apiKeys.isActive,
            expiresAt: apiKeys.expiresAt,
            lastUsedAt: apiKeys.lastUsedAt,
            allowedIps: apiKeys.allowedIps,
            limits: apiKeys.limits,
            deletedAt: apiKeys.deletedAt,
            ownerClerkId: users.clerkUserId,
            ownerName: users.name,
            userDeletedAt: users.deletedAt,
            memberId: apiKeys.memberId,
            memberClerkId: sql<
              string | null
            >`(SELECT maker.clerk_user_id FROM ${users} AS maker WHERE maker.id = ${apiKeys.memberId})`,
            role: workspaceMembers.role,
          })
          .from(apiKeys)
          .innerJoin(users, eq(users.id, apiKeys.userId))
          .leftJoin(
            workspaceMembers,
            and(eq(workspaceMembers.workspaceId, apiKeys.userId), eq(workspaceMembers.userId, apiKeys.memberId)),
          )
          .where(eq(apiKeys.keyHash, hash))
          .limit(1),
      )
      return (
        row && {
          principal: {
            kind: 'api_key',
            ...toHolder(row, roles),
            keyId: row.id,
            expiresAtMs: row.expiresAt ?? undefined,
            allowedIps: row.allowedIps?.split(' '),
            limits: toLimits(row.limits),
          },
          isActive: row.isActive && row.deletedAt === null && row.userDeletedAt === null,
          lastUsedAtMs: row.lastUsedAt ?? undefined,
        }
      )
    },
    async markUsed({ keyId, atMs, ip, minIntervalMs }) {
      const isDue = or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, atMs - minIntervalMs))
      await query(() =>
        db
          .update(apiKeys)
          .set({ lastUsedAt: atMs, lastUsedIp: ip ?? null })
          .where(and(eq(apiKeys.id, keyId), isDue)),
      )
    },
  }
}

interface HolderRow {
  readonly userId: string
  readonly scopes: string
  readonly ownerClerkId: string | null
  readonly ownerName: string | null
  readonly memberId: string | null
  readonly memberClerkId: string | null
  readonly role: string | null
}

/** Whose the key is, and what it may do: no more than its maker's role allows now. */
function toHolder(row: HolderRow, roles: OtherRoles) {
  const userId = toUserId(row.userId)
  const scopes = toScopes(row.scopes)
  if (readClerkOrganizationId(row.ownerClerkId) === undefined) {
    return { userId, memberId: userId, workspace: PERSONAL, clerkUserId: row.ownerClerkId ?? undefined, scopes }
  }
  const memberId = row.memberId === null ? undefined : toUserId(row.memberId)
  const role = memberId === undefined ? ADMIN : (row.role ?? '')
  return {
    userId,
    memberId,
    workspace: { kind: 'organization', name: row.ownerName ?? undefined, role },
    clerkUserId: row.memberClerkId ?? undefined,
    scopes: commonScopes(scopes, scopesOfRole(role, roles)),
  } as const
}

/** For the owner: their keys and what happened to them. */
export function d1KeyReader(db: DrizzleD1Database): KeyReader {
  return {
    async list(userId, memberId) {
      const rows = await query(() =>
        db
          .select(KEY_COLUMNS)
          .from(apiKeys)
          .where(
            and(
              eq(apiKeys.userId, userId),
              isNull(apiKeys.deletedAt),
              memberId === undefined ? undefined : eq(apiKeys.memberId, memberId),
            ),
          )
          .orderBy(desc(apiKeys.createdAt), desc(sql`rowid`))
          .limit(MAX_LISTED),
      )
      return rows.map(toApiKey)
    },
    async find(keyId) {
      const isKey = and(eq(apiKeys.id, keyId), isNull(apiKeys.deletedAt))
      const [row] = await query(() => db.select(KEY_COLUMNS).from(apiKeys).where(isKey).limit(1))
      return row && toApiKey(row)
    },
    async events(keyId) {
      const { action, actorType, actorId, createdAt } = keyEvents
      const rows = await query(() =>
        db
          .select({ action, actorType, actorId, createdAt })
          .from(keyEvents)
          .where(eq(keyEvents.keyId, keyId))
          .orderBy(desc(keyEvents.id))
          .limit(MAX_LISTED),
      )
      return rows.map(({ actorId: actor, createdAt: createdAtMs, ...row }) => ({
        ...row,
        actorId: actor ?? undefined,
        createdAtMs,
      }))
    },
  }
}

export function toApiKey(row: KeyRow): ApiKey {
  const {
    expiresAt,
    lastUsedAt,
    lastUsedIp,
    allowedIps,
    limits,
    createdByType,
    createdById,
    memberId,
    createdAt,
    rotatedAt,
    ...rest
  } = row
  return {
    ...rest,
    userId: toUserId(row.userId),
    scopes: toScopes(row.scopes),
    expiresAtMs: expiresAt ?? undefined,
    lastUsedAtMs: lastUsedAt ?? undefined,
    lastUsedIp: lastUsedIp ?? undefined,
    allowedIps: allowedIps?.split(' '),
    limits: toLimits(limits),
    createdBy: createdByType === null || createdById === null ? undefined : { type: createdByType, id: createdById },
    memberId: memberId === null ? undefined : toUserId(memberId),
    createdAtMs: createdAt,
    rotatedAtMs: rotatedAt ?? undefined,
  }
}

/** Written by this service only. */
function toLimits(text: string | null): KeyLimits | undefined {
  return text === null ? undefined : namedLimits(JSON.parse(text) as KeyLimits)
}

/** Unknown words, of a newer version perhaps, grant nothing; the known ones stay. */
function toScopes(text: string): Scopes {
  return parseScopes(text.split(' ').filter((word) => word === '*' || isScope(word))) ?? []
}
