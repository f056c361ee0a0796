// Viewings that were ended, and how often tokens were used, in D1.
import { and, eq, gt, gte, inArray, lt, lte, notInArray, sql, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { TokenUses } from '../../domain/playback/admission.ts'
import type { PlaybackRevocation, PlaybackRevocationReader } from '../../domain/playback/revocations.ts'
import type { RevocationStore } from '../../domain/playback/ending.ts'
import type { Outbox } from './outbox.ts'
import { revocationData } from './event-data.ts'
import { query } from './query.ts'
import { selectRow } from './select-row.ts'
import { playbackRevocations, playbackUses } from './schema/playback.ts'

/** So many rows at a time; D1 holds a whole answer in memory. */
const PAGE_ROWS = 5000

interface Page {
  readonly rows: readonly PlaybackRevocation[]
  /** Where the next one begins; undefined: this was the last. */
  readonly next: SQL | undefined
}

export function d1PlaybackRevocations(
  db: DrizzleD1Database,
  outbox: Outbox,
): PlaybackRevocationReader & RevocationStore {
  const { userId, kind, value, begunBefore, createdAt, expiresAt } = playbackRevocations

  /** `order`: the columns of an index, whose order the rows of a page have; rows of one place are told apart by rowid. */
  async function readPage(where: SQL | undefined, order: readonly SQLiteColumn[]): Promise<Page> {
    const rows = await query(() =>
      db
        .select({ row: playbackRevocations, rowid: sql<number>`${playbackRevocations}.rowid` })
        .from(playbackRevocations)
        .where(where)
        .orderBy(...order, sql`${playbackRevocations}.rowid`)
        .limit(PAGE_ROWS),
    )
    const last = rows.length < PAGE_ROWS ? undefined : rows.at(-1)
    return { rows: rows.map(({ row }) => toRevocation(row)), next: last && after(order, last) }
  }

  async function* pages(
    where: (next: SQL | undefined) => SQL | undefined,
    order: readonly SQLiteColumn[],
  ): AsyncGenerator<Page['rows']> {
    for (let page = await readPage(where(undefined), order); ; page = await readPage(where(page.next), order)) {
      yield page.rows
      if (page.next === undefined) return
    }
  }

  return {
    since: (createdAtMs) => pages((next) => next ?? gte(createdAt, createdAtMs), [createdAt]),
    of: (ownerId, nowMs) => pages((next) => and(eq(userId, ownerId), gt(expiresAt, nowMs), next), [kind, value]),

    async add({ values, maxLive, ...ended }) {
      const isOwn = eq(userId, ended.ownerId)
      const [first] = values
      const isOlder = and(
        isOwn,
        eq(kind, ended.kind),
        inArray(
          value,
          values.map((one) => one.value),
        ),
        lte(begunBefore, ended.begunBefore),
      )
      const others = sql`(SELECT count(*) FROM ${playbackRevocations} WHERE ${and(isOwn, sql`NOT ${isOlder}`)})`
      const told = outbox.write({
        type: 'playback.revoked',
        userId: ended.ownerId,
        resource: first.id,
        data: revocationData(),
        when: sql`FROM ${playbackRevocations} WHERE ${eq(playbackRevocations.id, first.id)}`,
        nowMs: ended.createdAtMs,
      })
      const [, made, , , deliveries] = await query(() =>
        db.batch([
          db.delete(playbackRevocations).where(lt(expiresAt, ended.createdAtMs)),
          db
            .insert(playbackRevocations)
            .select(
              sql.join(
                values.map(
                  (one) =>
                    sql`SELECT ${selectRow(playbackRevocations, {
                      id: one.id,
                      userId: ended.ownerId,
                      kind: ended.kind,
                      value: one.value,
                      begunBefore: ended.begunBefore,
                      createdAt: ended.createdAtMs,
                      expiresAt: ended.expiresAtMs,
                    })} WHERE ${others} + ${values.length} <= ${maxLive}`,
                ),
                sql` UNION ALL `,
              ),
            )
            .returning({ id: playbackRevocations.id }),
          // What the new row ends as well needs no row of its own.
          db.delete(playbackRevocations).where(
            and(
              isOlder,
              notInArray(
                playbackRevocations.id,
                values.map((one) => one.id),
              ),
              sql`EXISTS (SELECT 1 FROM ${playbackRevocations} AS made WHERE made.id = ${first.id})`,
            ),
          ),
          told.event,
          told.deliveries,
        ]),
      )
      await outbox.wake(deliveries)
      return made.length > 0
    },
  }
}

function toRevocation(row: typeof playbackRevocations.$inferSelect): PlaybackRevocation {
  const { userId, kind, value, begunBefore, createdAt } = row
  return { ownerId: userId, kind, value, begunBefore, createdAtMs: createdAt }
}

/** Rows beyond this one: keyset, so that rows that come or go meanwhile shift nothing. */
function after(
  order: readonly SQLiteColumn[],
  last: { readonly row: typeof playbackRevocations.$inferSelect; readonly rowid: number },
): SQL {
  const { createdAt, kind, value } = last.row
  const values = order.length === 1 ? [createdAt] : [kind, value]
  const columns = sql.join([...order.map((column) => sql`${column}`), sql`${playbackRevocations}.rowid`], sql`, `)
  return sql`(${columns}) > (${sql.join([...values.map((one) => sql`${one}`), sql`${last.rowid}`], sql`, `)})`
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
