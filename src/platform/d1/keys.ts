// API keys in D1, read. The hash is searched by and never selected.
import { and, desc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { namedLimits, type KeyLimits } from '../../core/auth/key-limits.ts'
import { isScope, parseScopes, type Scopes } from '../../core/auth/scope.ts'
import type { KeyLookup } from '../../domain/auth/key-authentication.ts'
import type { ApiKey, KeyReader } from '../../domain/keys/store.ts'
import { query } from './query.ts'
import { toUserId } from '../stored-values.ts'
import { apiKeys, keyEvents } from './schema/keys.ts'
import { users } from './schema/users.ts'

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
  createdAt: number
  rotatedAt: number | null
}

/** Expired keys stay in the list; a person looks at the newest of them at most. */
const MAX_LISTED = 500

/** For authentication: one read by the unique index, with everything the answer depends on. */
export function d1KeyLookup(db: DrizzleD1Database): KeyLookup {
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
            clerkUserId: users.clerkUserId,
            userDeletedAt: users.deletedAt,
          })
          .from(apiKeys)
          .innerJoin(users, eq(users.id, apiKeys.userId))
          .where(eq(apiKeys.keyHash, hash))
          .limit(1),
      )
      return (
        row && {
          principal: {
            kind: 'api_key',
            userId: toUserId(row.userId),
            clerkUserId: row.clerkUserId ?? undefined,
            keyId: row.id,
            scopes: toScopes(row.scopes),
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

/** For the owner: their keys and what happened to them. */
export function d1KeyReader(db: DrizzleD1Database): KeyReader {
  return {
    async list(userId) {
      const rows = await query(() =>
        db
          .select(KEY_COLUMNS)
          .from(apiKeys)
          .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.deletedAt)))
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
