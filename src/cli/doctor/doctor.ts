// npm run doctor: looks at a service as it is set up, and says for each finding what to do.
import { resolve } from 'node:path'
import { defineCommand, runCommand, usageProblem, type Values } from '../command.ts'
import { readProject, type Settings } from '../project.ts'
import { checkAudit } from './audit-check.ts'
import { checkBucketCors, setBucketCors } from './bucket-cors-check.ts'
import { checkMigrations } from './database-check.ts'
import { printFinding, type Finding } from './finding.ts'
import { checkPlaybackBindings, checkSessions } from './playback-check.ts'
import { readVariables, variableOf, type Patient } from './patient.ts'
import { checkEdge, checkS3, s3ProbeUrl } from './round-trip.ts'
import { checkSecrets } from './secrets-check.ts'
import { checkService } from './service-check.ts'
import { localFolders, STATE_FLAG } from '../local-state.ts'
import { runningService, serviceUrl } from '../service-file.ts'

const DOCTOR = defineCommand({
  call: 'npm run doctor',
  summary: 'Looks at the local service of npm start, or with --remote at a deployed one, and says what to do.',
  flags: {
    url: {
      type: 'string',
      value: 'URL',
      help: 'where the service answers; default: LYNXGATE_URL, else the npm start that runs on the state folder',
    },
    remote: { type: 'boolean', help: "the account's database, secrets and bucket instead of the local ones" },
    'env-file': {
      type: 'string',
      value: 'FILE',
      help: "the variables the service has, whose secrets sign the round trips; default: the state folder's own",
    },
    fix: { type: 'boolean', help: "with --remote: sets the CORS policy of the account's bucket" },
    env: {
      type: 'string',
      value: 'NAME',
      help: 'an [env.NAME] of wrangler.toml; default: the variable CLOUDFLARE_ENV',
    },
    state: STATE_FLAG,
  },
})

async function main(values: Values<(typeof DOCTOR)['flags']>): Promise<number> {
  const told = values.url === undefined ? undefined : parseUrl(values.url)
  if (values.fix && !values.remote)
    throw usageProblem('--fix sets the policy of an account’s bucket: give --remote too.')
  const folders = localFolders(values.state)
  const given = values['env-file']
  if (values.remote && given === undefined) {
    throw usageProblem('--remote needs --env-file: the file that was deployed with --secrets-file.')
  }
  const variables = readVariables(given === undefined ? folders.envFile : resolve(process.env['INIT_CWD'] ?? '', given))
  const url = urlOf(told, values.remote, values.state)
  const environment = values.env ?? (process.env['CLOUDFLARE_ENV'] || undefined)
  const { settings } = await readProject(undefined, environment)
  const bucket = settings.r2_buckets.find(({ binding }) => binding === 'MEDIA')?.bucket_name ?? ''
  const patient = { url, isRemote: values.remote, dataFolder: folders.dataFolder, environment, bucket, variables }
  return await examine(patient, settings, values.fix)
}

function parseUrl(text: string): string {
  const url = URL.parse(text)?.origin
  if (url !== undefined && url !== 'null') return url
  throw usageProblem(`"${text}" is not a URL: give --url https://api.example.com`)
}

/** Which service to examine. Its round trips write, so a local one must not be another than that of the state folder. */
function urlOf(told: string | undefined, isRemote: boolean, state: string | undefined): string {
  if (told === undefined) {
    if (isRemote && !process.env['LYNXGATE_URL']) throw usageProblem('--remote needs --url, or LYNXGATE_URL.')
    return serviceUrl(state)
  }
  const own = isRemote ? undefined : runningService(state)
  if (own === undefined || own.port === Number(URL.parse(told)?.port)) return told
  throw usageProblem(`${told} is not the service of this state folder, which runs at ${own.url}: give its own --state.`)
}

/** Prints each finding as it is made; 1 when something is to be done. */
async function examine(patient: Patient, settings: Settings, isFixing: boolean): Promise<number> {
  const all: Finding[] = []
  const report = (findings: readonly Finding[]): void => {
    for (const finding of findings) console.log(printFinding(finding))
    all.push(...findings)
  }
  const [service, account] = await Promise.all([checkService(patient), checkAccount(patient, settings)])
  report([...service, ...checkPlaybackBindings(settings), ...account])
  const isThere = service.some(({ subject, state }) => subject === 'service' && state === 'ok')
  if (isFixing) report([await setBucketCors(bucketOf(patient), patient.environment)])
  if (isThere) {
    report([await checkBucketCors(patient, s3ProbeUrl(patient))])
    report(await checkS3(patient))
    report(await checkEdge(patient))
    report([await checkSessions(patient)])
  }
  const problems = all.filter(({ state }) => state === 'problem').length
  console.log(problems === 0 ? '\nAll well.' : `\n${problems} to look at.`)
  return problems === 0 ? 0 : 1
}

/** What wrangler knows, one after the other: two at once would both renew an old login. */
async function checkAccount(patient: Patient, settings: Settings): Promise<Finding[]> {
  return [await checkSecrets(patient, settings), await checkMigrations(patient), await checkAudit(patient)]
}

/** In s3 delivery players fetch from the bucket that is named there, which need not be the bound one. */
function bucketOf(patient: Patient): string {
  return variableOf(patient, 'S3_BUCKET') ?? patient.bucket
}

await runCommand(DOCTOR, main)
