// What the local service keeps between starts: its secrets, made once, and the folder of its data. Git never sees it.
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LocalState {
  /** `wrangler --persist-to`. */
  readonly dataFolder: string
  /** `wrangler dev --env-file`. */
  readonly envFile: string
  /** Signs local session tokens: the private half of `CLERK_JWT_KEY`. PKCS#8 PEM. */
  readonly issuerKeyFile: string
}

/** The demo film's id: fixed, so that its link stays the same across starts. */
export const DEMO_JOB_ID = '00000000-0000-4000-8000-0000000f1173'

/** The issuer of local session tokens; nothing is ever fetched from it. */
export const LOCAL_ISSUER = 'http://localhost/local-issuer'

/** Opens the folder, making what is missing and never changing what is there. */
export function openLocalState(folder: string): LocalState {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const state = {
    dataFolder: join(folder, 'data'),
    envFile: join(folder, 'local.env'),
    issuerKeyFile: join(folder, 'issuer-key.pem'),
  }
  if (!existsSync(state.issuerKeyFile)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(state.issuerKeyFile, pem, { mode: 0o600 })
  }
  if (!existsSync(state.envFile)) {
    writeFileSync(state.envFile, localEnvironment(readFileSync(state.issuerKeyFile, 'utf8')), { mode: 0o600 })
  }
  return state
}

function localEnvironment(issuerKeyPem: string): string {
  const publicPem = createPublicKey(issuerKeyPem).export({ type: 'spki', format: 'pem' }).toString()
  const variables = {
    CLERK_ISSUER: LOCAL_ISSUER,
    CLERK_JWT_KEY: `"${publicPem.trim().replaceAll('\n', '\\n')}"`,
    S3_ENDPOINT: '/cdn-cgi/local/r2/s3',
    S3_BUCKET: 'lynxgate-media',
    R2_ACCESS_KEY_ID: 'lynxgate-local',
    R2_SECRET_ACCESS_KEY: 'lynxgate-local-secret',
    DEMO_JOB_ID,
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
