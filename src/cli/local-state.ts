// What the local service keeps between starts: its secrets, made once, and the folder of its data. Git never sees it.
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CommandProblem } from './command.ts'
import { PROJECT_FOLDER } from './wrangler.ts'

export interface LocalState {
  /** `wrangler --persist-to`. */
  readonly dataFolder: string
  /** `wrangler dev --env-file`. */
  readonly envFile: string
  /** Signs local session tokens: the private half of `CLERK_JWT_KEY`. PKCS#8 PEM. */
  readonly issuerKeyFile: string
  /** Says where the service runs, while it does. */
  readonly serviceFile: string
  /** What the service runs, made of the sources. */
  readonly workerFolder: string
  /** Where wrangler writes what it would put into the home folder. */
  readonly wranglerFolder: string
}

/** The demo film's id: fixed, so that its link stays the same across starts. */
export const DEMO_JOB_ID = '00000000-0000-4000-8000-0000000f1173'

/** The issuer of local session tokens; nothing is ever fetched from it. */
export const LOCAL_ISSUER = 'http://localhost/local-issuer'

/** The name of its key. */
export const LOCAL_KEY_ID = 'ins_local'

export const STATE_FLAG = {
  type: 'string',
  value: 'FOLDER',
  help: 'what npm start keeps between starts: secrets and data; default .lynxgate',
} as const

/** Where everything of a state folder lies; makes nothing. */
export function localFolders(folder: string | undefined): LocalState {
  const state = folder === undefined ? join(PROJECT_FOLDER, '.lynxgate') : resolve(folder)
  return {
    dataFolder: join(state, 'data'),
    envFile: join(state, 'local.env'),
    issuerKeyFile: join(state, 'issuer-key.pem'),
    serviceFile: join(state, 'service.json'),
    workerFolder: join(state, 'worker'),
    wranglerFolder: join(state, 'wrangler'),
  }
}

/** For commands that only read: a folder that npm start never made, a mistyped one for example, is a problem. */
export function existingLocalState(folder: string | undefined): LocalState {
  const state = localFolders(folder)
  if (existsSync(state.issuerKeyFile)) return state
  throw new CommandProblem(
    `${dirname(state.envFile)} is not a state folder: npm start makes it, or give another --state.`,
  )
}

/** Puts what wrangler keeps for itself below the state folder: so a read-only home folder does not matter. */
export function localWranglerEnvironment({ wranglerFolder }: LocalState): Record<string, string> {
  return {
    XDG_CONFIG_HOME: wranglerFolder,
    XDG_CACHE_HOME: wranglerFolder,
    WRANGLER_LOG_PATH: join(wranglerFolder, 'logs'),
    WRANGLER_REGISTRY_PATH: join(wranglerFolder, 'registry'),
  }
}

/** Opens the folder, making what is missing and never changing what is there. */
export function openLocalState(folder: string | undefined): LocalState {
  const state = localFolders(folder)
  makeFolder(dirname(state.envFile))
  if (!existsSync(state.issuerKeyFile)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(state.issuerKeyFile, pem, { mode: 0o600 })
  }
  const present = existsSync(state.envFile) ? readFileSync(state.envFile, 'utf8') : ''
  const missing = localEnvironment(readFileSync(state.issuerKeyFile, 'utf8')).filter(
    ([name]) => !present.split('\n').some((line) => line.startsWith(`${name}=`)),
  )
  if (missing.length > 0) {
    // A folder of an earlier version lacks what this one needs.
    const start = present === '' || present.endsWith('\n') ? present : `${present}\n`
    writeFileSync(state.envFile, start + missing.map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600 })
  }
  return state
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK)
  } catch {
    throw new CommandProblem(`${path} cannot be made or written to: give another --state.`)
  }
}

/** Names and values; a secret in it is new every time. */
function localEnvironment(issuerKeyPem: string): [name: string, value: string][] {
  const publicPem = createPublicKey(issuerKeyPem).export({ type: 'spki', format: 'pem' }).toString()
  const variables = {
    CLERK_ISSUER: LOCAL_ISSUER,
    CLERK_JWT_KEY: oneLine(publicPem),
    S3_ENDPOINT: '/cdn-cgi/local/r2/s3',
    S3_BUCKET: 'lynxgate-media',
    R2_ACCESS_KEY_ID: 'lynxgate-local',
    R2_SECRET_ACCESS_KEY: 'lynxgate-local-secret',
    ASSERTION_PRIVATE_KEY: oneLine(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
    EDGE_SIGNING_SECRET: randomBytes(32).toString('hex'),
    DEMO_JOB_ID,
  }
  return Object.entries(variables)
}

/** A PEM as an env file can hold it. */
function oneLine(pem: string | Buffer): string {
  return `"${pem.toString().trim().replaceAll('\n', '\\n')}"`
}
