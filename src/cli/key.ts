// npm run key: an API key for a user, put straight into the database. For the first key, where there is no Clerk,
// and for keys that were issued elsewhere in this format. Prints the raw key once and keeps it nowhere.
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  API_KEY_RANDOM_BYTES,
  API_KEY_PREFIX,
  formatApiKey,
  hashApiKey,
  isKeyHash,
  keyPrefix,
} from '../core/api-key.ts'
import { parseUserId } from '../core/principal.ts'
import { readClerkUserId } from '../core/session-token.ts'
import { MAX_LIVE_KEYS } from '../domain/keys.ts'
import { keyStatements, type KeyOrder } from './key-sql.ts'
import { openLocalState } from './local-state.ts'
import { PROJECT_FOLDER, runWrangler } from './wrangler.ts'

const HELP = `npm run --silent key -- --user ID [--name NAME] [--import-hash SHA256] [--remote [--env NAME]] [--state .lynxgate]

Makes an API key with every scope and prints it, this once. The user is made too if there is none.
  --user          a Clerk user id (user_…) or a user's UUID
  --name          what the key is for, 1 to 100 characters
  --import-hash   takes a key that exists: the SHA-256 of its whole text, 64 lower-case hexadecimal digits
  --remote        in the deployed database, not in that of npm start
  --env           with --remote: an [env.NAME] of wrangler.toml
  --state         without --remote: the folder npm start keeps its data in`

/** What the last statement answers. */
interface Outcome {
  readonly user_id: string | null
  readonly is_deleted: number | null
  readonly is_made: number
  readonly is_known: number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      user: { type: 'string', default: '' },
      name: { type: 'string', default: 'Made in the terminal' },
      'import-hash': { type: 'string' },
      remote: { type: 'boolean', default: false },
      env: { type: 'string' },
      state: { type: 'string', default: join(PROJECT_FOLDER, '.lynxgate') },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const clerkUserId = readClerkUserId(values.user)
  const userId = parseUserId(values.user)
  const hash = values['import-hash']
  if (clerkUserId === undefined && userId === undefined) return fail('--user takes a Clerk user id or a UUID.', HELP)
  if (hash !== undefined && !isKeyHash(hash)) return fail('--import-hash takes 64 lower-case hexadecimal digits.', HELP)
  if (values.name.length < 1 || values.name.length > 100) return fail('--name takes 1 to 100 characters.', HELP)

  const rawKey = formatApiKey(randomBytes(API_KEY_RANDOM_BYTES))
  const order: KeyOrder = {
    keyId: randomUUID(),
    user: clerkUserId === undefined ? { userId: values.user.toLowerCase() } : { clerkUserId, newUserId: randomUUID() },
    name: values.name,
    hash: hash ?? hashApiKey(rawKey),
    keyPrefix: hash === undefined ? keyPrefix(rawKey) : `${API_KEY_PREFIX}...`,
    action: hash === undefined ? 'created' : 'imported',
    nowMs: Date.now(),
    maxLive: MAX_LIVE_KEYS,
  }
  const place = values.remote
    ? ['--remote', ...(values.env === undefined ? [] : ['--env', values.env])]
    : ['--local', '--persist-to', openLocalState(values.state).dataFolder]
  const execute = ['d1', 'execute', 'DB', '--yes', '--json', ...place, '--command', keyStatements(order)]
  const { code, output, stdout } = await runWrangler(execute)
  const outcome = code === 0 ? readOutcome(stdout) : undefined
  if (outcome === undefined) return fail(explain(output, values.remote))
  if (outcome.is_made === 1) {
    console.error(`Key ${order.keyId} of user ${outcome.user_id ?? ''} is ${order.action}.`)
    if (hash === undefined) console.log(rawKey)
  } else if (outcome.is_known === 1) fail('A key with this hash is already there.')
  else if (outcome.is_deleted === 1) fail('This user was deleted.')
  else fail(`This user has ${MAX_LIVE_KEYS} live keys, which is the most there can be.`)
}

/** The rows of the last statement: wrangler prints a list with one entry a statement. */
function readOutcome(stdout: string): Outcome | undefined {
  try {
    const statements = JSON.parse(stdout) as { results: Outcome[] }[]
    return statements.at(-1)?.results[0]
  } catch {
    return undefined
  }
}

function explain(output: string, isRemote: boolean): string {
  if (!/no such table/i.test(output)) return `${output}\nNo key was made: wrangler's reason stands above.`
  return isRemote
    ? 'The deployed database has no tables yet: npm run deploy makes them.'
    : 'There is no local database yet: npm start makes it.'
}

function fail(sentence: string, help?: string): void {
  console.error(help === undefined ? sentence : `${sentence}\n\n${help}`)
  process.exitCode = 1
}

await main()
