// Viewings that were ended, and how often tokens were used, in D1.
import { and, gt, gte, lt, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { TokenUses } from '../../domain/playback/admission.ts'
import type { PlaybackRevocationReader } from '../../domain/playback/revocations.ts'
import type { RevocationStore } from '../../domain/playback/ending.ts'
import { query } from './query.ts'
import { playbackRevocations, playbackUses } from './schema/playback.ts'

/** More than this at once is read at the next time. */
const MAX_ROWS = 10_000

export function d1PlaybackRevocations(db: DrizzleD1Database): PlaybackRevocationReader & RevocationStore {
  return {
    async since(createdAtMs, nowMs) {
      const rows = await query(() =>
        db
          .select()
          .from(playbackRevocations)
          .where(and(gte(playbackRevocations.createdAt, createdAtMs), gt(playbackRevocations.expiresAt, nowMs)))
          .orderBy(playbackRevocations.createdAt)
          .limit(MAX_ROWS),
      )
      return rows.map(({ userId, kind, value, begunBefore, createdAt }) => ({
        ownerId: userId,
        kind,
        value,
        begunBefore,
        createdAtMs: createdAt,
      }))
    },
    async add({ id, ownerId, kind, value, begunBefore, createdAtMs, expiresAtMs }) {
      await query(() =>
        db.batch([
          db.insert(playbackRevocations).values({
            id,
            userId: ownerId,
            kind,
            value,
            begunBefore,
            createdAt: createdAtMs,
            expiresAt: expiresAtMs,
          }),
          db.delete(playbackRevocations).where(lt(playbackRevocations.expiresAt, createdAtMs)),
        ]),
      )
    },
  }
}

export function d1TokenUses(db: DrizzleD1Database, nowMs: () => number): TokenUses {
  return {
    async take({ keyId, jti, count, expiresAtMs }) {
      const [, taken] = await query(() =>
        db.batch([
          db.delete(playbackUses).where(lt(playbackUses.expiresAt, nowMs())),
          db
            .insert(playbackUses)
            .values({ keyId, jti, count: 1, expiresAt: expiresAtMs })
            .onConflictDoUpdate({
              target: [playbackUses.keyId, playbackUses.jti],
              set: { count: sql`${playbackUses.count} + 1` },
              setWhere: lt(playbackUses.count, count),
            })
            .returning({ count: playbackUses.count }),
        ]),
      )
      return taken.length > 0
    },
  }
}
