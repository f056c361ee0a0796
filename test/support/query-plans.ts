// Asks SQLite how it would run a statement. No statement of the service may read a table to its end, or sort: what is
// quick with ten rows would be the end of a day with a million.
import { env } from './env.ts'

/** Asks for any one row: it reads no further than the first. */
const PROBES: ReadonlySet<string> = new Set(['SELECT 1 FROM users LIMIT 1'])

/** Fails for a statement that reads a table to the end, or sorts. Placeholders are bound to NULL: nothing is run. */
export async function expectIndexed(statements: Iterable<string>): Promise<void> {
  const bad: string[] = []
  for (const sql of statements) {
    if (PROBES.has(sql)) continue
    const values = (sql.match(/\?/g) ?? []).map(() => null)
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...values)
      .all<{ detail: string }>()
    const steps = plan.results.map(({ detail }) => detail)
    // json_each is the list the statement itself brought, a list of constants is no table, nor is what it makes itself.
    const made = [...sql.matchAll(/\bWITH RECURSIVE (\w+)/g)].map(([, name = '']) => name)
    const costly = new RegExp(`SCAN (?!(?:${['json_each', 'CONSTANT', ...made].join('|')})\\b)|TEMP B-TREE|AUTOMATIC`)
    if (steps.some((step) => costly.test(step))) {
      bad.push([sql, ...steps].join('\n'))
    }
  }
  if (bad.length > 0) throw new Error(`These statements read a table to its end, or sort:\n${bad.join('\n\n')}`)
}

const prepared = new Set<string>()
const asked = new Set<string>()

/** Keeps a statement of the service under test until `expectPreparedIndexed` asks for its plan, once. */
export function recordPrepared(sql: string): void {
  if (!asked.has(sql)) prepared.add(sql)
}

/** Holds every statement that the service has prepared since it was called before against `expectIndexed`. */
export async function expectPreparedIndexed(): Promise<void> {
  const statements = [...prepared]
  prepared.clear()
  for (const sql of statements) asked.add(sql)
  await expectIndexed(statements)
}
