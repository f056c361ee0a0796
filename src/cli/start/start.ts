// npm start: the whole service on this machine, with no account and no network, and a film to watch.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { watchAssets } from './asset-watch.ts'
import { CommandProblem, defineCommand, EXIT, runCommand, usageProblem, type Values } from '../command.ts'
import { DEMO_JOB_ID, LOCAL_ISSUER, openLocalState, STATE_FLAG, type LocalState } from '../local-state.ts'
import { fireCron } from './cron.ts'
import { prepareLocalWorker } from './local-worker.ts'
import { readableLine } from './log-line.ts'
import { claimService, type ServiceClaim } from '../service-file.ts'
import { startStandInEngine } from './stand-in-engine.ts'
import { startStandInIssuer, type StandInIssuer } from './stand-in-issuer.ts'
import { onStop, type Stop } from './stop.ts'
import { readVariablesFile } from '../variables-file.ts'

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
    log: { type: 'boolean', help: 'shows a line for every request: method, route, status, milliseconds' },
  },
})

type Flags = Values<typeof COMMAND.flags>

async function main(flags: Flags): Promise<void> {
  const port = parsePort(flags.port ?? (process.env['PORT'] || '8787'))
  const delivery = deliveryVariables(flags.delivery)
  const state = openLocalState(flags.state)
  const claim = await claimService(flags.state, port)
  const stop = onStop(() => {
    claim.release()
    process.exit(EXIT.interrupted)
  })
  try {
    await checkPort(port)
    await run(flags, { port, state, claim, delivery, stop })
  } finally {
    claim.release()
  }
}

interface Terms {
  readonly port: number
  readonly state: LocalState
  readonly claim: ServiceClaim
  readonly delivery: Readonly<Record<string, string>>
  readonly stop: Stop
}

async function run(flags: Flags, { port, state, claim, delivery, stop }: Terms): Promise<void> {
  const worker = await prepareLocalWorker(state, () => console.log('Preparing the local service, once …'))
  if (!claim.isHeld()) throw new CommandProblem('Another npm start took this state folder at the same time.')
  // Loaded only now: they take half a second, and a busy port is worth saying at once.
  const { startRuntime } = await import('./local-runtime.ts')
  const { seedDemo } = await import('./demo.ts')
  const engine = await startStandInEngine()
  const url = `http://localhost:${port}`
  const origins = [url, `http://127.0.0.1:${port}`]
  const issuer = await startStandInIssuer(await readFile(state.issuerKeyFile, 'utf8'), origins)
  const own = Object.fromEntries(readVariablesFile(state.envFile))
  const runtime = await startRuntime({
    state,
    worker,
    port,
    // An engine of one's own in the file takes the place of the stand-in, and so does an issuer. Country and network have to be tried somehow.
    variables: {
      CLIPZY_ORIGIN: engine.url,
      LOCAL_CLIENT_FACTS: 'on',
      LOCAL_WEBHOOKS: 'on',
      ...own,
      ...issuerVariables(own, issuer),
      ...delivery,
    },
    onLine: (text) => {
      const line = readableLine(text, flags.log)
      if (line !== undefined) console.log(line)
    },
  }).catch(async (error: unknown) => {
    await Promise.all([engine.close(), issuer.close()])
    throw error
  })
  let stopCron = (): void => undefined
  let stopWatching = (): void => undefined
  try {
    const stopRequested = stop.requested()
    await seedDemo(await runtime.getBindings())
    await checkHealth(url)
    console.log(banner(url))
    stopCron = fireCron(url)
    stopWatching = watchAssets(() => console.log('The pages were built anew. Restart npm start to serve them.'))
    await stopRequested
  } finally {
    stopCron()
    stopWatching()
    await runtime.dispose()
    await Promise.all([engine.close(), issuer.close()])
  }
}

/** The gate asks the stand-in for its keys, as it asks Clerk; the pinned key is for those who run without it. */
function issuerVariables(
  own: Readonly<Record<string, string>>,
  { url }: StandInIssuer,
): Readonly<Record<string, string>> {
  if (own['CLERK_ISSUER'] !== LOCAL_ISSUER) return {}
  return { CLERK_JWT_KEY: '', CLERK_JWKS_URL: `${url}/.well-known/jwks.json`, STAND_IN_ISSUER: url }
}

/** With `edge` S3 is taken away altogether, so that uploads go through the Worker too. */
function deliveryVariables(kind: string): Readonly<Record<string, string>> {
  if (kind === 's3') return {}
  if (kind === 'edge') return { DELIVERY: 'edge', R2_ACCESS_KEY_ID: '' }
  throw usageProblem(`Invalid delivery ${JSON.stringify(kind)}: use s3 or edge.`)
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw usageProblem(`Invalid port ${JSON.stringify(text)}: use 1 to 65535.`)
  return port
}

/** Asks before anything is made: a busy port is the most common reason a local service does not start. */
async function checkPort(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  }).catch(() => {
    throw new CommandProblem(`Port ${port} is in use. Choose another: PORT=${port + 1} npm start`)
  })
}

/** The service listens already, so one answer tells. */
async function checkHealth(url: string): Promise<void> {
  const response = await fetch(`${url}/api/health`)
  if (response.ok) return
  const { problems = [] } = (await response.json()) as { problems?: readonly { name: string; reason: string }[] }
  const reasons = problems.map(({ name, reason }) => `${name} ${reason}`).join('; ') || 'the database does not answer'
  throw new CommandProblem(`The service is not healthy: ${reasons}.`)
}

function banner(url: string): string {
  return `
lynxgate is running.

  The console           ${url}/console
  Watch the demo film   ${url}/watch/${DEMO_JOB_ID}
  Its HLS stream        ${url}/api/playback/stream/${DEMO_JOB_ID}/index.m3u8
  The API, described    ${url}/docs
  A stand-in engine     ${url}/api/v1/health
  Health                ${url}/api/health

Stop with Ctrl-C.
`
}

await runCommand(COMMAND, main)
