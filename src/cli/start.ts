// npm start: the whole service on this machine, with no account and no network, and a film to watch.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { CommandProblem, defineCommand, runCommand, usageProblem, type Values } from './command.ts'
import { seedDemo } from './demo.ts'
import { DEMO_JOB_ID, openLocalState, STATE_FLAG } from './local-state.ts'
import { startStandInEngine } from './stand-in-engine.ts'
import { runWrangler, startWrangler } from './wrangler.ts'

const COMMAND = defineCommand({
  call: 'npm start',
  summary: 'Runs lynxgate locally with a demo film in a private local bucket.',
  flags: {
    port: { type: 'string', value: 'N', help: 'the port to listen on; default 8787, or the variable PORT' },
    state: STATE_FLAG,
    delivery: {
      type: 'string',
      value: 's3|edge',
      default: 's3',
      help: "who serves media: s3, the local S3 endpoint; edge, the Worker's own /media",
    },
  },
})

const HEALTH_TIMEOUT_MS = 60_000

async function main(values: Values<typeof COMMAND.flags>): Promise<void> {
  const port = parsePort(values.port ?? (process.env['PORT'] || '8787'))
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
  const ended = new Promise<number | null>((resolve) => wrangler.once('close', resolve))

  const url = `http://localhost:${port}`
  try {
    if (await becomesHealthy(url, () => isStopping || wrangler.exitCode !== null)) console.log(banner(url))
    const code = await ended
    if (!isStopping) throw new CommandProblem(`lynxgate stopped: the local runtime ended with code ${code}.`)
  } finally {
    stop()
    await engine.close()
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
  throw usageProblem(`Invalid delivery ${JSON.stringify(kind)}: use s3 or edge.`)
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw usageProblem(`Invalid port ${JSON.stringify(text)}: use 1 to 65535.`)
  return port
}

/** Asks before anything is made: a busy port is the most common reason a local service does not start. */
async function claimPort(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  }).catch(() => {
    throw new CommandProblem(`Port ${port} is in use. Choose another: PORT=${port + 1} npm start`)
  })
}

async function migrate(dataFolder: string): Promise<void> {
  const apply = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', dataFolder]
  const { code, output } = await runWrangler(apply)
  if (code === 0) return
  const reason = /\[ERROR\]\s*(.+)/.exec(output.replace(ANSI, ''))?.[1] ?? 'wrangler gave no reason'
  throw new CommandProblem(`The local database could not be migrated: ${reason.trim()}`)
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
      throw new CommandProblem(`The service did not become healthy: see ${url}/api/health`)
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

await runCommand(COMMAND, main)
