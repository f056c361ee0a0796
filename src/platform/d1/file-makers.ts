// Who made which file of an organisation, in D1: the first one to say so, until it is deleted.
import { sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { FileMakers } from '../../domain/storage/makers.ts'
import { query } from './query.ts'
import { selectRow } from './select-row.ts'
import { fileMakers } from './schema/workspaces.ts'

export function d1FileMakers(db: DrizzleD1Database): FileMakers {
  // As JSON: a statement of D1 binds at most 100 values.
  const isOneOf = (things: readonly string[]) =>
    sql`${fileMakers.thing} IN (SELECT value FROM json_each(${JSON.stringify(things)}))`
  const ofWorkspace = (workspaceId: string, things: readonly string[]) =>
    sql`${fileMakers.workspaceId} = ${workspaceId} AND ${isOneOf(things)}`
  const find = (workspaceId: string, things: readonly string[]) =>
    db
      .select({ thing: fileMakers.thing, memberId: fileMakers.memberId })
      .from(fileMakers)
      .where(ofWorkspace(workspaceId, things))
  const toMap = (rows: readonly { thing: string; memberId: string }[]) =>
    new Map(rows.map(({ thing, memberId }) => [thing, memberId]))
  return {
    async find(workspaceId, things) {
      return toMap(await query(() => find(workspaceId, things)))
    },
    async claim(workspaceId, memberId, { claimed, all }) {
      const [, rows] = await query(() =>
        db.batch([
          db
            .insert(fileMakers)
            .select(
              // `WHERE` keeps SQLite from reading `ON CONFLICT` as the condition of a join.
              sql`SELECT ${selectRow(fileMakers, { workspaceId, thing: sql`value`, memberId })} FROM json_each(${JSON.stringify(claimed)}) WHERE true`,
            )
            .onConflictDoNothing(),
          find(workspaceId, all),
        ]),
      )
      return toMap(rows)
    },
    async release(workspaceId, things) {
      await query(() => db.delete(fileMakers).where(ofWorkspace(workspaceId, things)))
    },
  }
}
