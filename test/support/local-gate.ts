// The bare service as CI starts it, in front of an engine of the test's own, with sessions of any user. Node only.
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importPKCS8 } from 'jose'
import { runWrangler, startWrangler } from '../../src/cli/wrangler.ts'
import { signSession } from './clerk.ts'
import { freePort } from './local-service.ts'
import { openRaw, type RawConnection } from './raw-connection.ts'

const ISSUER = 'http://localhost/local-issuer'

export interface LocalGate {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** The runtime's process and its children's parent. */
  readonly pid: number
  /** `Authorization` of this Clerk user, for the next minute. */
  authorization(clerkUserId: string): Promise<string>
  /** Opens a connection and writes the text as it is. */
  raw(text: string): RawConnection
  stop(): Promise<void>
}

export async function startLocalGate(variables: Readonly<Record<string, string>>): Promise<LocalGate> {
  const folder = await mkdtemp(join(tmpdir(), 'lynxgate-gate-'))
  const clerk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const clerkPublic = createPublicKey(clerk).export({ type: 'spki', format: 'pem' })
  const assertion = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  const oneLine = (pem: string | Buffer): string => `"${pem.toString().trim().replaceAll('\n', '\\n')}"`
  const env = {
    CLERK_ISSUER: ISSUER,
    CLERK_JWT_KEY: oneLine(clerkPublic),
    S3_ENDPOINT: '/cdn-cgi/local/r2/s3',
    S3_BUCKET: 'lynxgate-media',
    R2_ACCESS_KEY_ID: 'lynxgate-local',
    R2_SECRET_ACCESS_KEY: 'lynxgate-local-secret',
    ASSERTION_PRIVATE_KEY: oneLine(assertion),
    ...variables,
  }
  const envFile = join(folder, 'gate.env')
  await writeFile(
    envFile,
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  const persist = ['--persist-to', join(folder, 'data')]
  const migrated = await runWrangler(['d1', 'migrations', 'apply', 'DB', '--local', ...persist])
  if (migrated.code !== 0) throw new Error(migrated.output)

  const port = await freePort()
  const child = startWrangler([
    'dev',
    `--port=${port}`,
    `--env-file=${envFile}`,
    '--log-level=error',
    '--show-interactive-dev-session=false',
    ...persist,
  ])
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = `http://127.0.0.1:${port}`
  await healthy(url, () => (child.exitCode === null ? undefined : output))
  const signingKey = await importPKCS8(clerk.toString(), 'RS256')
  return {
    url,
    pid: child.pid ?? 0,
    async authorization(clerkUserId) {
      return `Bearer ${await signSession(signingKey, ISSUER, Date.now(), { sub: clerkUserId })}`
    },
    raw: (text) => openRaw(port, text),
    async stop() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function healthy(url: string, failure: () => string | undefined): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const response = await fetch(`${url}/api/health`).catch(() => undefined)
    if (response?.ok) return
    const output = failure()
    if (output !== undefined || Date.now() > deadline) throw new Error(`no healthy gate: ${output ?? 'in time'}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
