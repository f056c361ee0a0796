// npm run key: an API key for a user, put straight into the database. For the first key, where there is no Clerk,
// and for keys that were issued elsewhere in this format. Prints the raw key once and keeps it nowhere.
import { randomBytes, randomUUID } from 'node:crypto'
import {
  API_KEY_RANDOM_BYTES,
  API_KEY_PREFIX,
  formatApiKey,
  hashApiKey,
  parseKeyHash,
  keyPrefix,
} from '../../core/auth/api-key.ts'
import { parseUserId } from '../../core/auth/principal.ts'
import { readClerkUserId } from '../../core/auth/session-token.ts'
import { MAX_LIVE_KEYS } from '../../domain/keys/keys.ts'
import { CommandProblem, defineCommand, runCommand, usageProblem, type Values } from '../command.ts'
import { DATABASE_FLAGS, queryDatabase } from '../database.ts'
import { keyStatements, type KeyOrder } from './key-sql.ts'
import { runningService } from '../service-file.ts'

const COMMAND = defineCommand({
  call: 'npm run --silent key',
  summary:
    'Makes an API key with every scope, keys:write too, and prints it, this once. A user who does not exist yet is made too.',
  flags: {
    user: { type: 'string', value: 'ID', required: true, help: "a Clerk user id (user_…) or a user's UUID" },
    name: {
      type: 'string',
      value: 'TEXT',
      default: 'Made in the terminal',
      help: 'what the key is for, 1 to 100 characters',
    },
    'import-hash': {
      type: 'string',
      value: 'SHA256',
      help: 'takes a key that exists: the SHA-256 of its whole text, 64 lower-case hexadecimal digits',
    },
    ...DATABASE_FLAGS,
  },
})

/** What the last statement answers. */
interface Outcome {
  readonly user_id: string | null
  readonly is_deleted: number | null
  readonly is_made: number
  readonly is_known: number
}

async function main(values: Values<typeof COMMAND.flags>): Promise<void> {
  const clerkUserId = readClerkUserId(values.user)
  const userId = parseUserId(values.user)
  const importHash = values['import-hash']
  const hash = parseKeyHash(importHash ?? '')
  if (clerkUserId === undefined && userId === undefined) throw usageProblem('--user must be a Clerk user id or a UUID.')
  if (importHash !== undefined && hash === undefined)
    throw usageProblem('--import-hash must be 64 lower-case hexadecimal digits.')
  if (values.name.length < 1 || values.name.length > 100) throw usageProblem('--name must be 1 to 100 characters.')

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
  const [outcome] = await queryDatabase<Outcome>(values, keyStatements(order))
  if (outcome?.is_made === 1) {
    console.error(`Key ${order.keyId} of user ${outcome.user_id ?? ''} is ${order.action}.`)
    const service = values.remote ? undefined : runningService(values.state)
    if (service !== undefined) console.error(`The service runs at ${service.url}.`)
    if (hash === undefined) console.log(rawKey)
  } else if (outcome?.is_known === 1) throw new CommandProblem('A key with this hash is already there.')
  else if (outcome?.is_deleted === 1) throw new CommandProblem('This user was deleted.')
  else throw new CommandProblem(`This user has ${MAX_LIVE_KEYS} live keys, which is the most there can be.`)
}

await runCommand(COMMAND, main)
