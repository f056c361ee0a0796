// The values of an `INSERT … SELECT`, by the names of their columns: by position, neighbours of one type could change
// places without a word.
import { getTableColumns, is, SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'

/** Every column of the table: a value of its type, or an expression. */
export type SelectedRow<T extends SQLiteTable> = {
  readonly [Column in keyof T['$inferInsert']]-?: T['$inferInsert'][Column] | SQL | SQL.Aliased | null
}

/** `a, b, c` in the order in which drizzle names the columns of the table. */
export function selectRow<T extends SQLiteTable>(table: T, row: SelectedRow<T>): SQL {
  const values = new Map<string, unknown>(Object.entries(row))
  const columns = Object.entries(getTableColumns(table))
  return sql.join(
    columns.map(([name, column]) => {
      const value = values.get(name) ?? null
      return is(value, SQL) || is(value, SQL.Aliased) || value === null ? sql`${value}` : sql.param(value, column)
    }),
    sql`, `,
  )
}
