// What the gate costs a small GET: the stand-in engine asked directly and through the gate, in turns in one run.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare, convertV4MiniflareOptions, type V4MiniflareOptions } from 'miniflare'
import { COMPATIBILITY_DATE } from '../runtime.ts'
import { startStandInEngine } from '../../../src/cli/stand-in-engine.ts'
import { formatApiKey, hashApiKey, keyPrefix } from '../../../src/core/api-key.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const USER_ID = '00000000-0000-4000-8000-0000000be4c4'
const ROUNDS = 15
const CALLS_A_ROUND = 100

/** Asks one server over one kept-alive connection. */
type Ask = (path: string, init?: { method?: string; headers?: Record<string, string>; body?: string }) => Promise<string>

export const gateBench = {
  name: 'gate',
  async run() {
    const engine = await startStandInEngine()
    const rawKey = formatApiKey(randomBytes(32))
    const gate = await startGate(engine.url, rawKey)
    const direct = asker(engine.url)
    const through = asker(gate.url)
    const headers = { Authorization: rawKey }
    const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\nfilm\r\n--b--\r\n'
    const formHeaders = { ...headers, 'Content-Type': 'multipart/form-data; boundary=b' }
    const videoId = readId(
      await through('/api/v1/videos/upload', { method: 'POST', headers: formHeaders, body: form }),
      'video_id',
    )
    const body = JSON.stringify({ video_id: videoId })
    const jsonHeaders = { ...headers, 'Content-Type': 'application/json' }
    const jobId = readId(await through('/api/v1/jobs', { method: 'POST', headers: jsonHeaders, body }), 'job_id')
    // A job that is over does not move: what is measured is a look at it and not a change.
    await through(`/api/v1/jobs/${jobId}`, { method: 'DELETE', headers })

    const job = `/api/v1/jobs/${jobId}`
    const timings = await takeTurns({
      'the engine directly': async () => void (await direct(job)),
      'through the gate: health (public)': async () => void (await through('/api/v1/health')),
      'through the gate: one’s own job': async () => void (await through(job, { headers })),
      'the gate’s own list': async () => void (await through('/api/v1/jobs', { headers })),
      'the engine directly, again': async () => void (await direct(job)),
    })
    await gate.stop()
    await engine.close()
    return [
      {
        title: 'A small GET through the gate',
        note: 'One connection, one call at a time; each ratio is the median of rounds against the first row of the same round. A job costs its key (cached), one database read, an Ed25519 signature and the call.',
        columns: ['way', 'µs a call', '× directly'],
        rows: timings,
      },
    ]
  },
}

function asker(url: string): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return async (path, { method = 'GET', headers = {}, body = '' } = {}) =>
    await new Promise((resolve, reject) => {
      const outgoing = request(url + path, { agent, method, headers }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => {
          if (response.statusCode === 200) resolve(text)
          else reject(new Error(`${path}: ${response.statusCode} ${text}`))
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}

function readId(text: string, name: 'video_id' | 'job_id'): string {
  const { data } = JSON.parse(text) as { data: Record<string, string> }
  return data[name] ?? ''
}

/** [way, median microseconds, median ratio to the first way of the same round]. */
async function takeTurns(ways: Readonly<Record<string, () => Promise<void>>>): Promise<[string, number, number][]> {
  const entries = Object.entries(ways)
  const samples: number[][] = entries.map(() => [])
  for (let round = -1; round < ROUNDS; round++) {
    const order = entries.map((_, index) => (round % 2 === 0 ? index : entries.length - 1 - index))
    for (const index of order) {
      const startMs = performance.now()
      for (let call = 0; call < CALLS_A_ROUND; call++) await entries[index]?.[1]()
      // The first round only warms everything.
      if (round >= 0) samples[index]?.push(((performance.now() - startMs) * 1000) / CALLS_A_ROUND)
    }
  }
  const first = samples[0] ?? []
  return entries.map(([name], index) => {
    const own = samples[index] ?? []
    return [name, median(own), median(own.map((sample, round) => sample / (first[round] ?? Number.NaN)))]
  })
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** The whole service in workerd, without the local development server in front of it. */
async function startGate(engineUrl: string, rawKey: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const wasm: string[] = []
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/index.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    plugins: [
      {
        name: 'wasm',
        setup(plugin) {
          plugin.onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
            wasm.push(join(resolveDir, path))
            return { path: `./${basename(path)}`, external: true }
          })
        },
      },
    ],
    write: false,
    logLevel: 'error',
  })
  const { privateKey } = generateKeyPairSync('ed25519')
  const modules = await Promise.all(
    [...new Set(wasm)].map(async (path) => ({
      type: 'CompiledWasm' as const,
      path: basename(path),
      contents: await readFile(path),
    })),
  )
  const options: V4MiniflareOptions = {
    modules: [{ type: 'ESModule', path: 'worker.js', contents: result.outputFiles[0]?.text ?? '' }, ...modules],
    compatibilityDate: COMPATIBILITY_DATE,
    d1Databases: ['DB'],
    kvNamespaces: ['CACHE'],
    r2Buckets: ['MEDIA'],
    bindings: {
      CLERK_ISSUER: 'https://clerk.example.com',
      S3_ENDPOINT: 'https://storage.example.com',
      S3_BUCKET: 'media',
      R2_ACCESS_KEY_ID: 'bench',
      R2_SECRET_ACCESS_KEY: 'bench',
      CLIPZY_ORIGIN: engineUrl,
      ASSERTION_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
    // A log line a request is part of the service, but not of this table.
    handleStructuredLogs: () => undefined,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }
  const miniflare = new Miniflare(convertV4MiniflareOptions(options))
  await miniflare.ready
  const database = await miniflare.getD1Database('DB')
  for (const file of (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.sql')).sort()) {
    const sql = await readFile(join(ROOT, 'migrations', file), 'utf8')
    for (const statement of sql.split('--> statement-breakpoint')) await database.prepare(statement).run()
  }
  await database.prepare('INSERT INTO users (id, created_at) VALUES (?, 0)').bind(USER_ID).run()
  await database
    .prepare(
      'INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, scopes, created_at) VALUES (?, ?, ?, ?, ?, ?, 0)',
    )
    .bind(crypto.randomUUID(), USER_ID, 'bench', hashApiKey(rawKey), keyPrefix(rawKey), '*')
    .run()
  const { hostname, port } = await miniflare.unsafeGetDirectURL()
  return { url: `http://${hostname}:${port}`, stop: () => miniflare.dispose() }
}
