// What is told at the end of jobs, in D1: told once, in the batch that notes that it was told.
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { parseEngineId } from '../../core/engine/ids.ts'
import type { Callback, CallbackStore } from '../../domain/engine/callbacks.ts'
import { toUserId } from '../stored-values.ts'
import { changesOf } from './engine-owners.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { engineCallbacks, engineJobs } from './schema/engine.ts'
import { webhookEndpoints, webhookSecrets } from './schema/events.ts'
import { selectRow } from './select-row.ts'

export function d1EngineCallbacks(db: DrizzleD1Database, outbox: Outbox): CallbackStore {
  return {
    async keep({ id, tokenHash, userId, jobId, url, secret, createdAtMs }) {
      const endpoint = selectRow(webhookEndpoints, {
        id,
        userId,
        url,
        description: '',
        events: '',
        secret: sql`${webhookSecrets.secret}`,
        previousSecret: sql`${webhookSecrets.previousSecret}`,
        previousSecretUntil: sql`${webhookSecrets.previousSecretUntil}`,
        isActive: true,
        disabledReason: null,
        failingSince: null,
        engineJobId: jobId,
        createdAt: createdAtMs,
        updatedAt: createdAtMs,
      })
      const callback = { tokenHash, endpointId: id, userId, jobId, createdAt: createdAtMs, askedAt: createdAtMs }
      await query(() =>
        db.batch([
          db.insert(webhookSecrets).values({ userId, secret }).onConflictDoNothing(),
          db
            .insert(webhookEndpoints)
            .select(sql`SELECT ${endpoint} FROM ${webhookSecrets} WHERE ${webhookSecrets.userId} = ${userId}`)
            .onConflictDoNothing(),
          db.insert(engineCallbacks).values(callback).onConflictDoNothing(),
        ]),
      )
    },

    async find(tokenHash) {
      const [row] = await query(() =>
        db.select().from(engineCallbacks).where(eq(engineCallbacks.tokenHash, tokenHash)).limit(1),
      )
      if (row === undefined) return undefined
      return row.toldAt === null ? toCallback(row) : 'told'
    },

    async tell({ id, userId, jobId }, snapshot, nowMs) {
      const isUntold = and(eq(engineCallbacks.endpointId, id), isNull(engineCallbacks.toldAt))
      const { event, deliveries } = outbox.write({
        type: 'job.finished',
        userId,
        resource: jobId,
        data: sql`json_object('job_id', ${jobId}, 'video_id', ${snapshot.videoId ?? null}, 'status', ${snapshot.status ?? null})`,
        when: sql`FROM ${engineCallbacks} WHERE ${isUntold}`,
        nowMs,
        alsoTo: id,
      })
      const [, sent] = await query(() =>
        db.batch([
          event,
          deliveries,
          db
            .update(engineJobs)
            .set({ ...changesOf(snapshot), isGone: false })
            .where(and(eq(engineJobs.jobId, jobId), eq(engineJobs.userId, userId))),
          db.update(engineCallbacks).set({ toldAt: nowMs }).where(isUntold),
        ]),
      )
      await outbox.wake(sent)
    },

    async takeUntold(madeAfterMs, askedBeforeMs, limit, nowMs) {
      const due = sql`SELECT token_hash FROM ${engineCallbacks}
        WHERE told_at IS NULL AND asked_at < ${askedBeforeMs} AND created_at > ${madeAfterMs} ORDER BY asked_at LIMIT ${limit}`
      const rows = await query(() =>
        db
          .update(engineCallbacks)
          .set({ askedAt: nowMs })
          .where(inArray(engineCallbacks.tokenHash, sql`(${due})`))
          .returning(),
      )
      return rows.map(toCallback)
    },

    async forget(beforeMs) {
      const old = (column: 'token_hash' | 'endpoint_id') =>
        sql`(SELECT ${sql.raw(column)} FROM ${engineCallbacks} WHERE created_at < ${beforeMs}
          ORDER BY created_at LIMIT ${MAX_FORGOTTEN})`
      const [, forgotten] = await query(() =>
        db.batch([
          db.delete(webhookEndpoints).where(inArray(webhookEndpoints.id, old('endpoint_id'))),
          db
            .delete(engineCallbacks)
            .where(inArray(engineCallbacks.tokenHash, old('token_hash')))
            .returning({ id: engineCallbacks.endpointId }),
        ]),
      )
      return forgotten.length
    },
  }
}

/** Rows that one call removes. */
const MAX_FORGOTTEN = 1000

function toCallback({ endpointId, userId, jobId }: typeof engineCallbacks.$inferSelect): Callback {
  const id = parseEngineId(jobId)
  if (id === undefined) throw new TypeError('a stored job id is not a valid id')
  return { id: endpointId, userId: toUserId(userId), jobId: id }
}
