// Which migrations a deployed database lacks, and their application. The table that wrangler keeps is asked, never made
// by the question.
import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { CommandProblem } from '../command.ts'
import type { Account } from './account.ts'
import { ApiProblem } from './cloudflare-api.ts'
import type { Generated } from './configuration.ts'
import type { D1Binding, Project } from '../project.ts'
import { wranglerStep } from './wrangler-step.ts'

/** File names in the order they are applied; all of them for a database that does not exist yet. */
export async function pendingMigrations(
  account: Account,
  project: Project,
  databaseId: string | undefined,
): Promise<string[]> {
  const database = mainDatabase(project)
  const all = migrationFiles(project, database)
  if (databaseId === undefined) return all
  const applied = await appliedMigrations(account, databaseId, database.migrations_table ?? 'd1_migrations')
  return all.filter((file) => !applied.has(file))
}

export function mainDatabase({ settings }: Pick<Project, 'settings'>): D1Binding {
  const database = settings.d1_databases.find(({ binding }) => binding === 'DB')
  if (database === undefined) throw new CommandProblem('The configuration has no database DB.')
  return database
}

function migrationFiles({ folder }: Project, { migrations_dir = 'migrations' }: D1Binding): string[] {
  const path = resolve(folder, migrations_dir)
  if (!existsSync(path)) throw new CommandProblem(`There are no migrations at ${path}.`)
  return readdirSync(path)
    .filter((file) => file.endsWith('.sql'))
    .sort()
}

async function appliedMigrations({ id, api }: Account, databaseId: string, table: string): Promise<Set<string>> {
  const purpose = { verb: 'read which migrations are applied', permission: 'D1: Edit' }
  const sql = `SELECT name FROM "${table}" ORDER BY id`
  try {
    const answer = await api.post(`/accounts/${id}/d1/database/${databaseId}/query`, { sql }, purpose)
    const [statement] = answer as { results: { name: string }[] }[]
    return new Set((statement?.results ?? []).map(({ name }) => name))
  } catch (error) {
    if (error instanceof ApiProblem && /no such table/i.test(error.message)) return new Set()
    throw error
  }
}

/** Applies what is pending. When one fails, says which ones were applied before it: those stay. */
export async function applyMigrations(
  account: Account,
  project: Project,
  generated: Generated,
  pending: readonly string[],
  databaseId: string,
): Promise<void> {
  const shown = new Set<string>()
  // wrangler repeats the whole table after each one.
  const show = (line: string): void => {
    const done = pending.find((file) => !shown.has(file) && line.includes(file) && line.includes('✅'))
    if (done === undefined) return
    shown.add(done)
    console.log(`    ${done}`)
  }
  const { code, reason } = await wranglerStep(account, ['d1', 'migrations', 'apply', 'DB', '--remote'], generated, show)
  const left = code === 0 ? [] : await pendingMigrations(account, project, databaseId).catch(() => pending)
  const [failed] = left
  if (failed === undefined) return
  const done = pending.filter((file) => !left.includes(file))
  throw new CommandProblem(
    `The migration ${failed} was not applied: ${reason}\n` +
      (done.length === 0 ? 'No migration was applied' : `Applied before it: ${done.join(', ')}`) +
      ', and the Worker was not touched. The same command again goes on from here.',
  )
}
