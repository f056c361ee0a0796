// npm run soak -- --minutes N: a mixed load on the service in workerd while one thing after another goes wrong; then it is
// checked that nothing was lost, doubled, leaked or left behind. On this machine alone, and it ends by itself.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buildSigner } from '../../src/cli/build/signer-build.ts'
import { freePort } from './free-port.ts'
import { analyse, callEngine } from './actors/analysts.ts'
import { lookAround, share, turnKeys, upload } from './actors/owners.ts'
import { makeFilm, watch } from './actors/viewers.ts'
import { checkAll } from './checks.ts'
import { disturb, fireCron } from './disturb.ts'
import { memoryTable, printReport } from './report.ts'
import { makeWorld } from './world.ts'

const SAMPLE_MS = 5000
const MOST_MINUTES = 24 * 60

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
const minutes = Number(values.minutes)
if (!(minutes >= 1 && minutes <= MOST_MINUTES)) {
  console.error(`--minutes must be from 1 to ${MOST_MINUTES}.`)
  process.exit(2)
}

await buildSigner()
const stores = await mkdtemp(join(tmpdir(), 'lynxgate-soak-'))
const world = await makeWorld({ port: await freePort(), stores, minutes })
const beganMs = Date.now()
const say = (sentence: string): void =>
  console.log(`${((Date.now() - beganMs) / 1000).toFixed(0).padStart(5)} s  ${sentence}`)
const memory: { readonly seconds: number; readonly bytes: number }[] = []
const finished = new AbortController()
try {
  const films = [await makeFilm(world, false), await makeFilm(world, true)]
  const [film] = films
  say(`${minutes} min of load`)
  const cron = fireCron(world, finished.signal)
  const sampling = sample()
  await Promise.all([
    disturb(world, say),
    ...Array.from({ length: 3 }, () => watch(world, films)),
    upload(world),
    turnKeys(world),
    lookAround(world),
    share(world, film?.jobId ?? ''),
    callEngine(world),
    analyse(world),
    analyse(world),
  ])
  say('the load is over; waiting for what is on its way')
  const checks = await checkAll(world, film?.jobId ?? '')
  finished.abort()
  await Promise.all([cron, sampling])
  printReport(world.meter.report(), checks)
  console.log(memoryTable(memory))
  const isWell = world.meter.report().wrong.size === 0 && checks.every(({ broken }) => broken.length === 0)
  if (!isWell) process.exitCode = 1
} finally {
  finished.abort()
  await world.stop()
  await rm(stores, { recursive: true, force: true })
}

async function sample(): Promise<void> {
  while (!finished.signal.aborted) {
    const bytes = world.service.memory()
    if (bytes !== undefined) memory.push({ seconds: (Date.now() - beganMs) / 1000, bytes })
    await setTimeout(SAMPLE_MS)
  }
}
