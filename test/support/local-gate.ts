// The service as npm start runs it, without its demo engine: in front of an engine of the test's own, with sessions of any
// user. Node only.
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { importPKCS8 } from 'jose'
import { startRuntime } from '../../src/cli/start/local-runtime.ts'
import { localFolders } from '../../src/cli/local-state.ts'
import { prepareLocalWorker } from '../../src/cli/start/local-worker.ts'
import { signSession } from './clerk.ts'
import { copyTemplate } from './local-service.ts'
import { openRaw, type RawConnection } from './raw-connection.ts'

const ISSUER = 'http://localhost/local-issuer'

export interface LocalGate {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** The parent of the runtime's process. */
  readonly pid: number
  /** `Authorization` of this Clerk user, for the next minute. */
  authorization(clerkUserId: string): Promise<string>
  /** Opens a connection and writes the text as it is. */
  raw(text: string): RawConnection
  stop(): Promise<void>
}

export async function startLocalGate(variables: Readonly<Record<string, string>>): Promise<LocalGate> {
  const clerk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const clerkPublic = createPublicKey(clerk).export({ type: 'spki', format: 'pem' })
  const assertion = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  const env = {
    CLERK_ISSUER: ISSUER,
    CLERK_JWT_KEY: clerkPublic.toString(),
    S3_ENDPOINT: '/cdn-cgi/local/r2/s3',
    S3_BUCKET: 'lynxgate-media',
    R2_ACCESS_KEY_ID: 'lynxgate-local',
    R2_SECRET_ACCESS_KEY: 'lynxgate-local-secret',
    ASSERTION_PRIVATE_KEY: assertion.toString(),
    ...variables,
  }
  const state = localFolders(await copyTemplate())
  const worker = await prepareLocalWorker(state, () => undefined)
  const runtime = await startRuntime({ state, worker, port: 0, variables: env, onLine: () => undefined })
  const port = Number((await runtime.ready).port)
  const url = `http://127.0.0.1:${port}`
  const signingKey = await importPKCS8(clerk.toString(), 'RS256')
  return {
    url,
    pid: process.pid,
    async authorization(clerkUserId) {
      return `Bearer ${await signSession(signingKey, ISSUER, Date.now(), { sub: clerkUserId })}`
    },
    raw: (text) => openRaw(port, text),
    async stop() {
      await runtime.dispose()
      await rm(dirname(state.envFile), { recursive: true, force: true })
    },
  }
}
