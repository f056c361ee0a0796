// API keys in D1, changed. Each change is one batch, which D1 runs as one transaction: it asks again whether the
// principal still stands, changes the key under that condition, and leaves a row in the append-only audit table.
import { and, eq, gt, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { KeyLimits } from '../../core/auth/key-limits.ts'
import { makerOf, type Principal } from '../../core/auth/principal.ts'
import type { EventType } from '../../core/events/event-type.ts'
import type { KeyAction, KeyChange, KeyWriter } from '../../domain/keys/store.ts'
import { actorIsActive, creator, NEVER } from './key-actor.ts'
import { KEY_COLUMNS, toApiKey, type KeyRow } from './keys.ts'
import { keyAudit } from './audit-data.ts'
import { keyData } from './event-data.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { apiKeys, keyEvents } from './schema/keys.ts'
import { users } from './schema/users.ts'
import { selectRow } from './select-row.ts'

/** What a key begins with. */
const NEW_KEY = { isActive: true, lastUsedAt: null, lastUsedIp: null, rotatedAt: null, deletedAt: null } as const

export function d1KeyWriter(db: DrizzleD1Database, outbox: Outbox): KeyWriter {
  return {
    async create(actor, key, { nowMs, maxLive }) {
      const isActorActive = actorIsActive(actor, nowMs, key.expiresAtMs ?? NEVER)
      const liveKeys = sql`(SELECT count(*) FROM ${apiKeys} WHERE ${apiKeys.userId} = ${actor.userId}
        AND ${apiKeys.deletedAt} IS NULL AND ${apiKeys.rotatedAt} IS NULL
        AND (${apiKeys.expiresAt} IS NULL OR ${apiKeys.expiresAt} > ${nowMs}))`
      const told = tell('key.created', actor, nowMs, eq(apiKeys.id, key.id))
      const [[state], rows, , , , deliveries] = await query(() =>
        db.batch([
          keyState(actor, isActorActive),
          db
            .insert(apiKeys)
            .select(
              sql`SELECT ${selectRow(apiKeys, {
                ...NEW_KEY,
                id: key.id,
                userId: actor.userId,
                name: key.name,
                keyHash: key.hash,
                keyPrefix: key.keyPrefix,
                scopes: key.scopes.join(' '),
                expiresAt: key.expiresAtMs ?? null,
                allowedIps: key.allowedIps?.join(' ') ?? null,
                limits: storedLimits(key.limits),
                ...creator(actor),
                memberId: makerOf(actor),
                createdAt: nowMs,
              })} WHERE ${isActorActive} AND ${liveKeys} < ${maxLive}`,
            )
            .returning(KEY_COLUMNS),
          event('created', actor, nowMs, eq(apiKeys.id, key.id)),
          record('key.created', actor, nowMs, eq(apiKeys.id, key.id), { after: keyAudit() }),
          told.event,
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return outcome(key.id, state, rows)
    },

    async update(actor, keyId, { name, isActive, allowedIps, limits }, { nowMs, cascade }) {
      const isLive = isActive === true ? unexpired(nowMs) : undefined
      const isStanding = actorIsActive(actor, nowMs)
      const isAllowed = and(ownKey(actor, keyId), isLive, isStanding)
      const isSwitched = cascade ? and(inFamily(actor, keyId), isStanding) : isAllowed
      const storedIps = allowedIps === undefined ? sql`${apiKeys.allowedIps}` : (allowedIps?.join(' ') ?? null)
      const newLimits = limits === undefined ? sql`${apiKeys.limits}` : storedLimits(limits ?? undefined)
      // Events first: afterwards the row no longer says what changed.
      const isEnding = and(isSwitched, eq(apiKeys.isActive, true), sql`${Number(isActive === false)} = 1`)
      const told = tell('key.deactivated', actor, nowMs, isEnding)
      const isEdited = sql`${apiKeys.id} = ${keyId}`
      const afterwards = keyAudit({
        name: sql`CASE WHEN ${isEdited} THEN ${name ?? apiKeys.name} ELSE ${apiKeys.name} END`,
        allowedIps: sql`CASE WHEN ${isEdited} THEN ${storedIps} ELSE ${apiKeys.allowedIps} END`,
        limits: sql`CASE WHEN ${isEdited} THEN ${newLimits} ELSE ${apiKeys.limits} END`,
        ...(isActive !== undefined && { isActive: sql`${Number(isActive)}` }),
      })
      const [[state], , , , , , , rows, deliveries] = await query(() =>
        db.batch([
          keyState(actor, isStanding),
          record('key.changed', actor, nowMs, and(isSwitched, sql`${keyAudit()} <> ${afterwards}`), {
            before: keyAudit(),
            after: afterwards,
          }),
          told.event,
          event('renamed', actor, nowMs, and(isAllowed, sql`${apiKeys.name} <> ${name ?? apiKeys.name}`)),
          event('addresses_changed', actor, nowMs, and(isAllowed, sql`${apiKeys.allowedIps} IS NOT ${storedIps}`)),
          event(
            isActive === true ? 'activated' : 'deactivated',
            actor,
            nowMs,
            and(
              isSwitched,
              sql`${apiKeys.isActive} <> ${isActive === undefined ? apiKeys.isActive : Number(isActive)}`,
            ),
          ),
          db
            .update(apiKeys)
            .set({ name: name ?? sql`${apiKeys.name}`, allowedIps: storedIps, limits: newLimits })
            .where(isAllowed),
          db
            .update(apiKeys)
            .set({ isActive: isActive ?? sql`${apiKeys.isActive}` })
            .where(isSwitched)
            .returning(KEY_COLUMNS),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return outcome(keyId, state, rows)
    },

    async rotate(actor, keyId, successor, { nowMs, graceEndsMs, maxInGrace }) {
      const inGrace = sql`(SELECT count(*) FROM ${apiKeys} AS other WHERE other.user_id = ${actor.userId}
        AND other.deleted_at IS NULL AND other.rotated_at IS NOT NULL AND other.expires_at > ${nowMs})`
      const isAllowed = and(
        ownKey(actor, keyId),
        unexpired(nowMs),
        isNull(apiKeys.rotatedAt),
        actorIsActive(actor, nowMs, sql`coalesce(${apiKeys.expiresAt}, ${NEVER})`),
        sql`${inGrace} < ${maxInGrace}`,
      )
      const hasSuccessor = sql`EXISTS (SELECT 1 FROM ${apiKeys} AS successor WHERE successor.id = ${successor.id})`
      const successorId = sql`, 'successor_id', ${successor.id}`
      const told = tell('key.rotated', actor, nowMs, and(eq(apiKeys.id, keyId), hasSuccessor), successorId)
      const endsAt = sql`min(coalesce(${apiKeys.expiresAt}, ${graceEndsMs}), ${graceEndsMs})`
      const isReplaced = and(eq(apiKeys.id, keyId), hasSuccessor)
      const [[state], rows, , , , , , , deliveries] = await query(() =>
        db.batch([
          keyState(actor, actorIsActive(actor, nowMs)),
          db
            .insert(apiKeys)
            .select(
              sql`SELECT ${selectRow(apiKeys, {
                ...NEW_KEY,
                id: successor.id,
                userId: sql`${apiKeys.userId}`,
                name: sql`${apiKeys.name}`,
                keyHash: successor.hash,
                keyPrefix: successor.keyPrefix,
                scopes: sql`${apiKeys.scopes}`,
                expiresAt: sql`${apiKeys.expiresAt}`,
                allowedIps: sql`${apiKeys.allowedIps}`,
                limits: sql`${apiKeys.limits}`,
                ...creator(actor),
                memberId: sql`${apiKeys.memberId}`,
                createdAt: nowMs,
              })} FROM ${apiKeys} WHERE ${isAllowed}`,
            )
            .returning(KEY_COLUMNS),
          event('created', actor, nowMs, eq(apiKeys.id, successor.id)),
          record('key.created', actor, nowMs, eq(apiKeys.id, successor.id), { after: keyAudit() }),
          record('key.rotated', actor, nowMs, isReplaced, {
            before: keyAudit(),
            after: keyAudit({ expiresAt: endsAt }),
          }),
          event('rotated', actor, nowMs, isReplaced),
          db
            .update(apiKeys)
            .set({
              rotatedAt: nowMs,
              expiresAt: endsAt,
            })
            .where(isReplaced),
          told.event,
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return outcome(successor.id, state, rows)
    },

    async remove(actor, keyId, { nowMs, cascade }) {
      const isAllowed = and(cascade ? inFamily(actor, keyId) : ownKey(actor, keyId), actorIsActive(actor, nowMs))
      const told = tell('key.deleted', actor, nowMs, isAllowed)
      const [[state], , , , rows, deliveries] = await query(() =>
        db.batch([
          keyState(actor, actorIsActive(actor, nowMs)),
          event('deleted', actor, nowMs, isAllowed),
          record('key.deleted', actor, nowMs, isAllowed, { before: keyAudit() }),
          told.event,
          db.update(apiKeys).set({ isActive: false, deletedAt: nowMs }).where(isAllowed).returning(KEY_COLUMNS),
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return outcome(keyId, state, rows)
    },
  }

  /** For the owner's systems: one event for each key that meets the condition. `more`: members of its data. */
  function tell(type: EventType, { userId }: Principal, nowMs: number, condition: SQL | undefined, more: SQL = sql``) {
    const when = sql`FROM ${apiKeys} WHERE ${condition}`
    return outbox.write({ type, userId, resource: sql`${apiKeys.id}`, data: keyData(more), when, nowMs })
  }

  /** For the audit trail: one entry for each key that meets the condition. */
  function record(
    action: string,
    actor: Principal,
    nowMs: number,
    condition: SQL | undefined,
    states: { readonly before?: SQL; readonly after?: SQL },
  ) {
    const when = sql`FROM ${apiKeys} WHERE ${condition}`
    return outbox.record({ action, actor, target: { type: 'key', id: sql`${apiKeys.id}` }, ...states, when, nowMs })
  }

  /** One row of a key's own trail for each key that meets the condition. */
  function event(action: KeyAction, actor: Principal, nowMs: number, condition: SQL | undefined) {
    const { createdByType: actorType, createdById: actorId } = creator(actor)
    return db.insert(keyEvents).select(
      sql`SELECT ${selectRow(keyEvents, {
        id: null,
        keyId: sql`${apiKeys.id}`,
        action,
        actorType,
        actorId,
        createdAt: nowMs,
      })} FROM ${apiKeys} WHERE ${condition}`,
    )
  }

  /** What the batch saw before it changed anything. */
  function keyState(actor: Principal, isActorActive: SQL) {
    return db
      .select({ isActorActive: sql<number>`${isActorActive}` })
      .from(users)
      .where(eq(users.id, actor.userId))
  }
}

function ownKey(actor: Principal, keyId: string): SQL | undefined {
  return and(eq(apiKeys.id, keyId), eq(apiKeys.userId, actor.userId), isNull(apiKeys.deletedAt))
}

/**
 * The key, while it is there, and all that were made with it, or with one of those. D1 would rather read all keys into
 * an index of its own for each statement than use the one that is there: it is told to.
 */
function inFamily(actor: Principal, keyId: string): SQL | undefined {
  const family = sql`(WITH RECURSIVE family(id) AS (
    SELECT root.id FROM ${apiKeys} AS root
      WHERE root.id = ${keyId} AND root.user_id = ${actor.userId} AND root.deleted_at IS NULL
    UNION
    SELECT child.id FROM family JOIN ${apiKeys} AS child INDEXED BY api_keys_by_creator
      ON child.created_by_id = family.id AND child.created_by_type = 'api_key'
  ) SELECT id FROM family)`
  return and(sql`${apiKeys.id} IN ${family}`, eq(apiKeys.userId, actor.userId), isNull(apiKeys.deletedAt))
}

function storedLimits(limits: KeyLimits | undefined): string | null {
  return limits === undefined ? null : JSON.stringify(limits)
}

function unexpired(nowMs: number): SQL | undefined {
  return or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, nowMs))
}

function outcome(keyId: string, actor: { isActorActive: number } | undefined, rows: readonly KeyRow[]): KeyChange {
  const row = rows.find(({ id }) => id === keyId)
  if (row !== undefined) {
    const descendantIds = rows.map(({ id }) => id).filter((id) => id !== keyId)
    return { outcome: 'done', key: toApiKey(row), descendantIds }
  }
  return actor?.isActorActive === 1 ? { outcome: 'refused' } : { outcome: 'actor_ended' }
}
