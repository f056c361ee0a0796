// Runs SQL in the local or the deployed database, for commands that reach what no API does. Knows no table.
import { parseJson } from '../core/json.ts'
import { existsSync } from 'node:fs'
import { CommandProblem, usageProblem, type Flags, type Values } from './command.ts'
import { localFolders, localWranglerEnvironment, STATE_FLAG } from './local-state.ts'
import { runWrangler } from './wrangler.ts'

export const DATABASE_FLAGS = {
  remote: { type: 'boolean', help: 'in the deployed database, not in that of npm start' },
  env: { type: 'string', value: 'NAME', help: 'with --remote: an [env.NAME] of wrangler.toml' },
  state: STATE_FLAG,
} as const satisfies Flags

type Place = Values<typeof DATABASE_FLAGS>

/** The rows of the last statement. Every value in the SQL is part of its text: a command line binds nothing. */
export async function queryDatabase<Row>(place: Place, sql: string): Promise<readonly Row[]> {
  if (place.env !== undefined && !place.remote) throw usageProblem('--env is for --remote.')
  const state = localFolders(place.state)
  const { dataFolder } = state
  if (!place.remote && !existsSync(dataFolder)) throw new CommandProblem(NO_DATABASE)
  const where = place.remote
    ? ['--remote', ...(place.env === undefined ? [] : ['--env', place.env])]
    : ['--local', '--persist-to', dataFolder]
  const execute = ['d1', 'execute', 'DB', '--yes', '--json', ...where, '--command', sql]
  // wrangler's login is in the home folder, and only the deployed database needs it.
  const { stdout } = await runWrangler(execute, place.remote ? {} : { env: localWranglerEnvironment(state) })
  const answer = readAnswer(stdout)
  if (Array.isArray(answer)) return (answer.at(-1) as { results: Row[] } | undefined)?.results ?? []
  const reason = answer?.error?.text ?? 'wrangler gave no reason'
  if (!/no such table/i.test(reason)) throw new CommandProblem(`The database refused the statement: ${reason}`)
  throw new CommandProblem(
    place.remote ? 'The deployed database has no tables yet: npm run deploy makes them.' : NO_DATABASE,
  )
}

const NO_DATABASE = 'There is no local database yet: npm start makes it.'

/** One entry a statement, or an error. */
function readAnswer(stdout: string): unknown[] | { error?: { text?: string } } | undefined {
  return parseJson(stdout) as unknown[] | { error?: { text?: string } } | undefined
}
