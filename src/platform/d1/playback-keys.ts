// Keys that sign playback tokens, in D1, and films with the key that a token names.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { MAX_LIVE_VIEWING_SECONDS } from '../../core/playback/policy.ts'
import type { AdmittingKey } from '../../domain/playback/admission.ts'
import type { EndingDeps } from '../../domain/playback/ending.ts'
import type { FilmStore } from '../../domain/playback/films.ts'
import type {
  NewTokenKey,
  PublicJwk,
  TokenAlgorithm,
  TokenKey,
  TokenKeyStore,
} from '../../domain/playback/token-keys.ts'
import { signingKeyAudit } from './audit-data.ts'
import type { Outbox } from './outbox.ts'
import { PLAYABLE, toPlayable } from './playable-videos.ts'
import { query } from './query.ts'
import { playbackKeys, playbackRevocations } from './schema/playback.ts'
import { videos } from './schema/videos.ts'
import { selectRow } from './select-row.ts'
import { notOwn } from './video-rows.ts'

type Row = Pick<typeof playbackKeys.$inferSelect, 'id' | 'name' | 'kid' | 'publicJwk' | 'createdAt'>

export function d1TokenKeys(db: DrizzleD1Database, outbox: Outbox): TokenKeyStore & EndingDeps['tokenKeyReferences'] {
  const target = { type: 'signing_key', id: sql`${playbackKeys.id}` }
  const isLive = (userId: string) => and(eq(playbackKeys.userId, userId), isNull(playbackKeys.deletedAt))
  const live = (userId: string) => sql`(SELECT count(*) FROM ${playbackKeys} WHERE ${isLive(userId)})`
  return {
    async create(actor, key, maxLive) {
      const { userId } = actor
      const [made, , [state]] = await query(() =>
        db.batch([
          db
            .insert(playbackKeys)
            .select(sql`SELECT ${selectRow(playbackKeys, toRow(userId, key))} WHERE ${live(userId)} < ${maxLive}`)
            .onConflictDoNothing()
            .returning({ id: playbackKeys.id }),
          outbox.record({
            action: 'signing_key.created',
            actor,
            target,
            after: signingKeyAudit(),
            when: sql`FROM ${playbackKeys} WHERE ${eq(playbackKeys.id, key.id)}`,
            nowMs: key.createdAtMs,
          }),
          db
            .select({
              live: sql<number>`count(*) FILTER (WHERE ${playbackKeys.deletedAt} IS NULL)`,
              kids: sql<number>`count(*) FILTER (WHERE ${playbackKeys.kid} = ${key.kid})`,
            })
            .from(playbackKeys)
            .where(eq(playbackKeys.userId, userId)),
        ]),
      )
      if (made.length > 0) return 'created'
      if ((state?.live ?? 0) >= maxLive) return 'full'
      return (state?.kids ?? 0) > 0 ? 'kid_taken' : 'reference_taken'
    },

    async list(userId) {
      const rows = await query(() => db.select().from(playbackKeys).where(isLive(userId)))
      // They are few, and sorted here without an index of their own.
      return rows.map(toTokenKey).sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1))
    },

    async referenceOf(userId, keyId) {
      const [row] = await query(() =>
        db
          .select({ reference: playbackKeys.reference })
          .from(playbackKeys)
          .where(and(eq(playbackKeys.id, keyId), eq(playbackKeys.userId, userId)))
          .limit(1),
      )
      return row?.reference
    },

    async remove(actor, id, revocation) {
      const { userId } = actor
      const isOwn = and(eq(playbackKeys.id, id), isLive(userId))
      const begunBefore = Math.floor(revocation.nowMs / 1000)
      const [, , removed, owners] = await query(() =>
        db.batch([
          outbox.record({
            action: 'signing_key.deleted',
            actor,
            target,
            before: signingKeyAudit(),
            when: sql`FROM ${playbackKeys} WHERE ${isOwn}`,
            nowMs: revocation.nowMs,
          }),
          db.insert(playbackRevocations).select(
            sql`SELECT ${selectRow(playbackRevocations, {
              id: revocation.id,
              userId,
              kind: 'key',
              value: sql`${playbackKeys.reference}`,
              begunBefore,
              createdAt: revocation.nowMs,
              expiresAt: revocation.nowMs + MAX_LIVE_VIEWING_SECONDS * 1000,
            })} FROM ${playbackKeys} WHERE ${isOwn}`,
          ),
          db
            .update(playbackKeys)
            .set({ deletedAt: revocation.nowMs })
            .where(isOwn)
            .returning({ reference: playbackKeys.reference }),
          db
            .select({ userId: playbackKeys.userId })
            .from(playbackKeys)
            .where(
              and(
                eq(playbackKeys.id, id),
                sql`(${playbackKeys.deletedAt} IS NULL OR ${playbackKeys.userId} <> ${userId})`,
              ),
            ),
        ]),
      )
      return removed[0] ?? notOwn(userId, owners) ?? 'missing'
    },
  }
}

/** A film and the owner's key of this id, in one read. */
export function d1Films(db: DrizzleD1Database): FilmStore {
  return {
    async findFilm(jobId, kid) {
      const isNamed = and(
        eq(playbackKeys.userId, videos.userId),
        eq(playbackKeys.kid, kid ?? ''),
        isNull(playbackKeys.deletedAt),
      )
      const [row] = await query(() =>
        db
          .select({ video: PLAYABLE, key: playbackKeys })
          .from(videos)
          .leftJoin(playbackKeys, isNamed)
          .where(eq(videos.jobId, jobId))
          .limit(1),
      )
      return row && { video: toPlayable(row.video), key: row.key === null ? undefined : toAdmittingKey(row.key) }
    },
  }
}

function toRow(userId: string, key: NewTokenKey) {
  return {
    id: key.id,
    userId,
    name: key.name,
    kid: key.kid,
    publicJwk: JSON.stringify(key.publicJwk),
    reference: key.reference,
    createdAt: key.createdAtMs,
    deletedAt: null,
  }
}

function toTokenKey({ id, name, kid, publicJwk, createdAt }: Row): TokenKey {
  const jwk = readJwk(publicJwk)
  return { id, name, kid, publicJwk: jwk, algorithm: algorithmOf(jwk), createdAtMs: createdAt }
}

function toAdmittingKey(row: typeof playbackKeys.$inferSelect): AdmittingKey {
  const publicJwk = readJwk(row.publicJwk)
  return { id: row.id, publicJwk, algorithm: algorithmOf(publicJwk), reference: row.reference }
}

/** Written by this service only, when the key was registered. */
function readJwk(text: string): PublicJwk {
  return JSON.parse(text) as PublicJwk
}

function algorithmOf({ kty }: PublicJwk): TokenAlgorithm {
  return kty === 'OKP' ? 'EdDSA' : kty === 'EC' ? 'ES256' : 'RS256'
}
