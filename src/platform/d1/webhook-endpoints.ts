// Endpoints and their secrets, in D1. A secret is selected only where something is signed.
import { and, desc, eq, isNotNull, isNull, sql, type SQL } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { isEventType, parseSubscription } from '../../core/events/event-type.ts'
import { parseWebhookSecret, type WebhookSecret } from '../../core/events/webhook-signature.ts'
import type { Principal } from '../../core/auth/principal.ts'
import type { EndpointStore, SecretStore, WebhookEndpoint } from '../../domain/events/store.ts'
import { toUserId } from '../stored-values.ts'
import { endpointAudit } from './audit-data.ts'
import type { Outbox } from './outbox.ts'
import { query } from './query.ts'
import { eventDeliveries, webhookEndpoints, webhookSecrets } from './schema/events.ts'
import { selectRow } from './select-row.ts'

const COLUMNS = {
  id: webhookEndpoints.id,
  userId: webhookEndpoints.userId,
  url: webhookEndpoints.url,
  description: webhookEndpoints.description,
  events: webhookEndpoints.events,
  isActive: webhookEndpoints.isActive,
  disabledReason: webhookEndpoints.disabledReason,
  failingSince: webhookEndpoints.failingSince,
  createdAt: webhookEndpoints.createdAt,
  updatedAt: webhookEndpoints.updatedAt,
}

type Row = Pick<typeof webhookEndpoints.$inferSelect, keyof typeof COLUMNS>

/** Not one that was given with a job. */
const isListed = isNull(webhookEndpoints.engineJobId)

export function d1WebhookEndpoints(db: DrizzleD1Database, outbox: Outbox): EndpointStore {
  const isOwn = (userId: string, id: string) =>
    and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.userId, userId), isListed)
  const record = (
    action: string,
    actor: Principal,
    id: string,
    nowMs: number,
    states: { readonly before?: SQL; readonly after?: SQL },
  ) => {
    const when = sql`FROM ${webhookEndpoints} WHERE ${isOwn(actor.userId, id)}`
    return outbox.record({ action, actor, target: { type: 'webhook_endpoint', id }, ...states, when, nowMs })
  }
  return {
    async create(actor, { id, userId, url, description, events, secret, createdAtMs }, maxEndpoints) {
      const count = sql`(SELECT count(*) FROM ${webhookEndpoints} WHERE user_id = ${userId} AND engine_job_id IS NULL)`
      const [[row]] = await query(() =>
        db.batch([
          db
            .insert(webhookEndpoints)
            .select(
              sql`SELECT ${selectRow(webhookEndpoints, {
                id,
                userId,
                url,
                description,
                events: events.join(' '),
                secret,
                previousSecret: null,
                previousSecretUntil: null,
                isActive: true,
                disabledReason: null,
                failingSince: null,
                engineJobId: null,
                createdAt: createdAtMs,
                updatedAt: createdAtMs,
              })} WHERE ${count} < ${maxEndpoints}`,
            )
            .returning(COLUMNS),
          record('endpoint.created', actor, id, createdAtMs, { after: endpointAudit() }),
        ]),
      )
      return row && toEndpoint(row)
    },

    async list(userId) {
      const rows = await query(() =>
        db
          .select(COLUMNS)
          .from(webhookEndpoints)
          .where(and(eq(webhookEndpoints.userId, userId), isListed))
          .orderBy(desc(webhookEndpoints.createdAt), desc(webhookEndpoints.id)),
      )
      return rows.map(toEndpoint)
    },

    async find(id) {
      const [row] = await query(() =>
        db
          .select(COLUMNS)
          .from(webhookEndpoints)
          .where(and(eq(webhookEndpoints.id, id), isListed))
          .limit(1),
      )
      return row && toEndpoint(row)
    },

    async change(actor, id, { url, description, events, isActive }, nowMs) {
      const after = endpointAudit({ url, description, events: events?.join(' '), isActive })
      const [, rows] = await query(() =>
        db.batch([
          record('endpoint.changed', actor, id, nowMs, { before: endpointAudit(), after }),
          db
            .update(webhookEndpoints)
            .set({
              ...(url === undefined ? {} : { url }),
              ...(description === undefined ? {} : { description }),
              ...(events === undefined ? {} : { events: events.join(' ') }),
              ...(isActive === undefined ? {} : { isActive, disabledReason: null, failingSince: null }),
              updatedAt: nowMs,
            })
            .where(isOwn(actor.userId, id))
            .returning(COLUMNS),
          endPending(db, id),
        ]),
      )
      return rows[0] && toEndpoint(rows[0])
    },

    async rotate(actor, id, { secret, graceEndsMs, nowMs }) {
      const [, [row]] = await query(() =>
        db.batch([
          record('endpoint.rotated', actor, id, nowMs, {}),
          db
            .update(webhookEndpoints)
            .set({
              previousSecret: sql`${webhookEndpoints.secret}`,
              previousSecretUntil: graceEndsMs,
              secret,
              updatedAt: nowMs,
            })
            .where(isOwn(actor.userId, id))
            .returning(COLUMNS),
        ]),
      )
      return row && toEndpoint(row)
    },

    async remove(actor, id, nowMs) {
      const [, rows] = await query(() =>
        db.batch([
          record('endpoint.deleted', actor, id, nowMs, { before: endpointAudit() }),
          db.delete(webhookEndpoints).where(isOwn(actor.userId, id)).returning({ id: webhookEndpoints.id }),
          endPending(db, id),
        ]),
      )
      return rows.length > 0
    },
  }
}

/** Nothing more goes to an endpoint that is switched off or gone: for the batch that did it. */
export function endPending(db: DrizzleD1Database, endpointId: string) {
  return db
    .update(eventDeliveries)
    .set({ status: 'failed', nextAttemptAt: null })
    .where(
      and(
        eq(eventDeliveries.endpointId, endpointId),
        eq(eventDeliveries.status, 'pending'),
        sql`NOT EXISTS (SELECT 1 FROM ${webhookEndpoints} WHERE id = ${endpointId} AND is_active = 1)`,
      ),
    )
}

export function d1WebhookSecrets(db: DrizzleD1Database): SecretStore {
  return {
    async ofEndpoint(id, nowMs) {
      const { secret, previousSecret, previousSecretUntil } = webhookEndpoints
      const [row] = await query(() =>
        db
          .select({ secret, previousSecret, previousSecretUntil })
          .from(webhookEndpoints)
          .where(eq(webhookEndpoints.id, id))
          .limit(1),
      )
      return row === undefined ? [] : secretsOf(row, nowMs)
    },
    async defaultOf(userId, fresh) {
      const [row] = await query(() =>
        db
          .insert(webhookSecrets)
          .values({ userId, secret: fresh })
          // Changes nothing: only so that the row, old or new, comes back from the one statement.
          .onConflictDoUpdate({ target: webhookSecrets.userId, set: { userId } })
          .returning({ secret: webhookSecrets.secret }),
      )
      return toSecret(row?.secret ?? '')
    },
    async rotateDefault(userId, { secret, graceEndsMs }) {
      const previous = { previousSecret: sql`${webhookSecrets.secret}`, previousSecretUntil: graceEndsMs }
      // Addresses that were given with jobs are signed to with it too.
      const given = { previousSecret: sql`${webhookEndpoints.secret}`, previousSecretUntil: graceEndsMs }
      await query(() =>
        db.batch([
          db
            .insert(webhookSecrets)
            .values({ userId, secret })
            .onConflictDoUpdate({ target: webhookSecrets.userId, set: { secret, ...previous } }),
          db
            .update(webhookEndpoints)
            .set({ secret, ...given })
            .where(and(eq(webhookEndpoints.userId, userId), isNotNull(webhookEndpoints.engineJobId))),
        ]),
      )
    },
  }
}

/** Those that sign now, the newest first. */
export function secretsOf(
  row: {
    readonly secret: string
    readonly previousSecret: string | null
    readonly previousSecretUntil: number | null
  },
  nowMs: number,
): readonly WebhookSecret[] {
  const isInGrace = row.previousSecret !== null && nowMs < (row.previousSecretUntil ?? 0)
  return [row.secret, ...(isInGrace ? [row.previousSecret ?? ''] : [])].map(toSecret)
}

function toSecret(text: string): WebhookSecret {
  const secret = parseWebhookSecret(text)
  if (secret === undefined) throw new TypeError('a stored webhook secret is none')
  return secret
}

function toEndpoint(row: Row): WebhookEndpoint {
  const { userId, events, disabledReason, failingSince, createdAt, updatedAt, ...rest } = row
  return {
    ...rest,
    userId: toUserId(userId),
    // Unknown words, of a newer version perhaps, are left out; the known ones stay.
    events: parseSubscription(events.split(' ').filter((word) => word === '*' || isEventType(word))) ?? [],
    disabledReason: disabledReason ?? undefined,
    failingSinceMs: failingSince ?? undefined,
    createdAtMs: createdAt,
    updatedAtMs: updatedAt,
  }
}
