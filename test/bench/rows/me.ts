// GET /api/me: what authentication costs. Whole requests inside workerd, in alternating blocks of one run, so that
// a busy machine slows both sides alike; only ratios are worth reading, and nothing below the A/A noise.
import { randomBytes, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { formatApiKey, hashApiKey } from '../../../src/core/api-key.ts'
import { openTarget, type Target } from '../load.ts'
import { bundle, workerModules } from '../runtime.ts'
import type { Bench, RowGroup } from '../table.ts'

const ROUNDS = 400
const BLOCK_REQUESTS = 100
const WARM_UP_ROUNDS = 50
const ISSUER = 'https://clerk.example.com'
const USER_ID = '0b0e7a3c-5d1f-4c8a-9a43-5a4de0f0aa11'
const CLERK_USER_ID = 'user_2abcdefghijklmnopqrstuvwxyz'
const COMPATIBILITY_DATE = '2026-10-20'

const root = fileURLToPath(new URL('../../..', import.meta.url))

async function startRuntime(jwtKey: string): Promise<Miniflare> {
  const worker = async (name: string, source: string) => ({
    name,
    modules: await workerModules(await bundle(source)),
    compatibilityDate: COMPATIBILITY_DATE,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  })
  return new Miniflare(
    convertV4MiniflareOptions({
      handleStructuredLogs: () => undefined,
      workers: [
        await worker('bare', `export { default } from './bare.ts'`),
        {
          ...(await worker('lynxgate', `export { default } from '../../src/index.ts'`)),
          d1Databases: { DB: 'bench' },
          kvNamespaces: { CACHE: 'bench' },
          r2Buckets: { MEDIA: 'bench' },
          bindings: {
            CLERK_ISSUER: ISSUER,
            CLERK_JWT_KEY: jwtKey,
            S3_ENDPOINT: 'https://storage.example.com',
            S3_BUCKET: 'media',
            R2_ACCESS_KEY_ID: 'bench',
            R2_SECRET_ACCESS_KEY: 'bench',
          },
        },
      ],
    }),
  )
}

async function seed(runtime: Miniflare, rawKey: string): Promise<void> {
  const db = await runtime.getD1Database('DB', 'lynxgate')
  const folder = `${root}/migrations`
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()) {
    for (const statement of (await readFile(`${folder}/${file}`, 'utf8')).split('--> statement-breakpoint')) {
      await db.prepare(statement).run()
    }
  }
  await db.batch([
    db.prepare('INSERT INTO users (id, clerk_user_id, created_at) VALUES (?, ?, 0)').bind(USER_ID, CLERK_USER_ID),
    db
      .prepare(
        'INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, scopes, created_at)' +
          " VALUES (?, ?, 'bench', ?, 'bench', '*', 0)",
      )
      .bind(randomUUID(), USER_ID, hashApiKey(rawKey)),
  ])
}

/** As long as Clerk's own: about 900 characters. */
async function signToken(privateKey: CryptoKey): Promise<string> {
  const claims = { azp: 'https://app.example.com', fva: [7, -1], sid: `sess_${'2'.repeat(27)}`, sts: 'active', v: 2 }
  return await new SignJWT({ ...claims, o: { id: `org_${'3'.repeat(27)}`, rol: 'admin', slg: 'example' } })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: `ins_${'1'.repeat(27)}`, cat: 'cl_B7d4PD111AAA' })
    .setIssuer(ISSUER)
    .setSubject(CLERK_USER_ID)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime('1h')
    .setJti('4'.repeat(20))
    .sign(privateKey)
}

/**
 * What a block takes when nothing else wants the machine: the time that a tenth of the blocks stay under. The
 * rest is other people's work, which is never on one side alone but seldom the same on both.
 */
function undisturbed(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 10)] ?? 0
}

/** Each round runs every target once, in an order that turns, and yields one time a target. */
async function measure(targets: readonly Target[]): Promise<Map<string, number>[]> {
  const rounds: Map<string, number>[] = []
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const times = new Map<string, number>()
    for (let step = 0; step < targets.length; step++) {
      const target = targets[(step + round) % targets.length]
      if (target !== undefined) times.set(target.name, await target.runBlock())
    }
    if (round >= WARM_UP_ROUNDS) rounds.push(times)
  }
  return rounds
}

async function run(): Promise<readonly RowGroup[]> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const rawKey = formatApiKey(randomBytes(32))
  const token = await signToken(privateKey)
  const runtime = await startRuntime(await exportSPKI(publicKey))
  try {
    await runtime.ready
    await seed(runtime, rawKey)
    const address = async (name: string) => new URL('/api/me', await runtime.unsafeGetDirectURL(name))
    const [bare, gate] = [await address('bare'), await address('lynxgate')]
    const session = { Authorization: `Bearer ${token}` }
    // The bare route is sent the same bytes: reading them is not what authentication adds.
    const targets = [
      await openTarget('bare', bare, session, BLOCK_REQUESTS),
      await openTarget('hot session', gate, session, BLOCK_REQUESTS),
      await openTarget('bare again', bare, session, BLOCK_REQUESTS),
      await openTarget('hot key', gate, { Authorization: rawKey }, BLOCK_REQUESTS),
    ]
    const rounds = await measure(targets)
    for (const target of targets) target.close()
    return [report(rounds)]
  } finally {
    await runtime.dispose()
  }
}

function report(rounds: readonly Map<string, number>[]): RowGroup {
  const timeOf = (...names: string[]): number =>
    undisturbed(rounds.flatMap((times) => names.map((name) => times.get(name) ?? 0)))
  const base = timeOf('bare', 'bare again')
  const row = (name: string): [string, number, number] => {
    const time = timeOf(name)
    return [name, (time / BLOCK_REQUESTS) * 1000, time / base]
  }
  return {
    title: 'GET /api/me',
    note: `${ROUNDS} rounds of ${BLOCK_REQUESTS} requests by the clock, against a bare Hono route behind the same log; "bare" against "bare again" is the noise.`,
    columns: ['request', 'µs', 'ratio'],
    rows: ['bare', 'bare again', 'hot session', 'hot key'].map(row),
  }
}

export const meBench: Bench = { name: 'me', run }
