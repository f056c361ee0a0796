// npm start: the whole service on this machine, with no account and no network, and a film to watch.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seedDemo } from './demo.ts'
import { DEMO_JOB_ID, openLocalState } from './local-state.ts'
import { startStandInEngine } from './stand-in-engine.ts'
import { PROJECT_FOLDER, runWrangler, startWrangler } from './wrangler.ts'

const HELP = `npm start [-- --port 8787] [--state .lynxgate] [--delivery s3|edge]

Runs lynxgate locally with a demo film in a private local bucket.
  --port     the port to listen on (or the variable PORT); default 8787
  --state    the folder for secrets and data, kept between starts; default .lynxgate
  --delivery who serves media: s3 (default), the local S3 endpoint; edge, the Worker's own /media`

const HEALTH_TIMEOUT_MS = 60_000

/** Something the person at the terminal can act on: one sentence, exit code 1. */
class StartProblem extends Error {}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: process.env['PORT'] || '8787' },
      state: { type: 'string', default: join(PROJECT_FOLDER, '.lynxgate') },
      delivery: { type: 'string', default: 's3' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const port = parsePort(values.port)
  const delivery = deliveryVariables(values.delivery)
  await claimPort(port)

  const state = openLocalState(values.state)
  console.log('Preparing the local database and the demo film …')
  await migrate(state.dataFolder)
  await seedDemo(state.dataFolder)

  const engine = await startStandInEngine()
  const wrangler = startWrangler([
    'dev',
    `--port=${port}`,
    `--persist-to=${state.dataFolder}`,
    `--env-file=${state.envFile}`,
    ...(isSet(state.envFile, 'CLIPZY_ORIGIN') ? [] : [`--var=CLIPZY_ORIGIN:${engine.url}`]),
    ...delivery.map((variable) => `--var=${variable}`),
    '--log-level=error',
    '--show-interactive-dev-session=false',
  ])
  wrangler.stdout?.pipe(process.stdout)
  wrangler.stderr?.pipe(process.stderr)
  let isStopping = false
  const stop = (): void => {
    isStopping = true
    wrangler.kill('SIGTERM')
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  wrangler.once('close', (code) => {
    void engine.close()
    if (!isStopping) console.error(`lynxgate stopped: the local runtime ended with code ${code ?? 'unknown'}.`)
    process.exitCode = isStopping ? 0 : 1
  })

  const url = `http://localhost:${port}`
  try {
    if (await becomesHealthy(url, () => isStopping || wrangler.exitCode !== null)) console.log(banner(url))
  } catch (error) {
    stop()
    throw error
  }
}

/** Whoever has an engine of his own names it in the env file, and the stand-in is left aside. */
function isSet(envFile: string, name: string): boolean {
  return new RegExp(`^${name}=.`, 'm').test(readFileSync(envFile, 'utf8'))
}

/** With `edge` S3 is taken away altogether, so that uploads go through the Worker too. */
function deliveryVariables(kind: string): readonly string[] {
  if (kind === 's3') return []
  if (kind === 'edge') return ['DELIVERY:edge', 'R2_ACCESS_KEY_ID:']
  throw new StartProblem(`"${kind}" is no delivery: choose s3 or edge.`)
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new StartProblem(`"${text}" is no port: choose one from 1 to 65535.`)
  return port
}

/** Asks before anything is made: a busy port is the most common reason a local service does not start. */
async function claimPort(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  }).catch(() => {
    throw new StartProblem(`Port ${port} is in use. Choose another: PORT=${port + 1} npm start`)
  })
}

async function migrate(dataFolder: string): Promise<void> {
  const apply = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', dataFolder]
  const { code, output } = await runWrangler(apply)
  if (code === 0) return
  const reason = /\[ERROR\]\s*(.+)/.exec(output.replace(ANSI, ''))?.[1] ?? 'wrangler gave no reason'
  throw new StartProblem(`The local database could not be migrated: ${reason.trim()}`)
}

// eslint-disable-next-line no-control-regex -- terminal colours are control characters
const ANSI = /\u001b\[[0-9;]*m/g

/** False when the runtime ended first: it has said why. */
async function becomesHealthy(url: string, hasEnded: () => boolean): Promise<boolean> {
  const deadline = Date.now() + HEALTH_TIMEOUT_MS
  while (!hasEnded()) {
    const response = await fetch(`${url}/api/health`).catch(() => undefined)
    if (response?.ok) return true
    if (Date.now() > deadline) {
      throw new StartProblem(`The service did not become healthy: see ${url}/api/health`)
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}

function banner(url: string): string {
  return `
lynxgate is running.

  Watch the demo film   ${url}/watch/${DEMO_JOB_ID}
  Its HLS stream        ${url}/api/playback/stream/${DEMO_JOB_ID}/index.m3u8
  The API, described    ${url}/api/openapi.json
  A stand-in engine     ${url}/api/v1/health
  Health                ${url}/api/health

Stop with Ctrl-C.
`
}

try {
  await main()
} catch (error) {
  if (!(error instanceof StartProblem || (error instanceof Error && 'code' in error))) throw error
  console.error(error.message)
  process.exitCode = 1
}
