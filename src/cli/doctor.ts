// npm run doctor: looks at a service as it is set up, and says for each finding what to do.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkBucketCors, setBucketCors } from './doctor/bucket-cors-check.ts'
import { checkMigrations } from './doctor/database-check.ts'
import { printFinding, problem, type Finding } from './doctor/finding.ts'
import { readVariables, type Patient } from './doctor/patient.ts'
import { checkEdge, checkS3, s3ProbeUrl } from './doctor/round-trip.ts'
import { checkSecrets } from './doctor/secrets-check.ts'
import { checkService } from './doctor/service-check.ts'
import { PROJECT_FOLDER } from './wrangler.ts'

const HELP = `npm run doctor [-- --url URL] [--remote] [--env-file FILE] [--fix] [--state DIR] [--env NAME]

Looks at the local service of npm start, or with --remote at a deployed one.
  --url        where the service answers; default http://localhost:8787
  --remote     the account's database, secrets and bucket instead of the local ones
  --env-file   the variables the service was deployed with: its secrets sign the round trips;
               default, locally: the state folder's own; variables of this terminal come first
  --fix        sets the CORS policy of the account's bucket
  --state      the state folder of npm start; default .lynxgate
  --env        an [env.NAME] of wrangler.toml`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://localhost:8787' },
      remote: { type: 'boolean', default: false },
      'env-file': { type: 'string' },
      fix: { type: 'boolean', default: false },
      state: { type: 'string', default: join(PROJECT_FOLDER, '.lynxgate') },
      env: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(HELP)
  const url = URL.parse(values.url)?.origin
  if (url === undefined || url === 'null')
    return fail(`"${values.url}" is no address: give --url https://api.example.com`)
  if (values.fix && !values.remote) return fail('--fix sets the policy of an account’s bucket: give --remote too.')
  const envFile = values['env-file'] ?? (values.remote ? undefined : join(values.state, 'local.env'))
  const variable = readVariables(envFile)
  if (variable === undefined) return fail(`${envFile} cannot be read: start the service once, or give --env-file.`)

  const dataFolder = join(values.state, 'data')
  return await examine({ url, isRemote: values.remote, dataFolder, environment: values.env, variable }, values.fix)
}

/** Prints each finding as it is made; 1 when something is to be done. */
async function examine(patient: Patient, isFixing: boolean): Promise<number> {
  const all: Finding[] = []
  const report = (findings: readonly Finding[]): void => {
    for (const finding of findings) console.log(printFinding(finding))
    all.push(...findings)
  }
  const service = await checkService(patient)
  report(service)
  const isThere = service.some(({ subject, state }) => subject === 'service' && state === 'ok')
  report([await checkSecrets(patient), await checkMigrations(patient)])
  if (isFixing) report([await fixBucketCors(patient)])
  if (isThere) {
    report([await checkBucketCors(patient, s3ProbeUrl(patient))])
    report(await checkS3(patient))
    report(await checkEdge(patient))
  }
  const problems = all.filter(({ state }) => state === 'problem').length
  console.log(problems === 0 ? '\nAll well.' : `\n${problems} to look at.`)
  return problems === 0 ? 0 : 1
}

async function fixBucketCors({ variable, environment }: Patient): Promise<Finding> {
  const bucket = variable('S3_BUCKET')
  return bucket === undefined
    ? problem('bucket CORS', 'no S3_BUCKET to set it for', 'give --env-file, or S3_BUCKET=… in this terminal')
    : await setBucketCors(bucket, environment)
}

function say(text: string): number {
  console.log(text)
  return 0
}

function fail(sentence: string): number {
  console.error(sentence)
  return 1
}

try {
  process.exitCode = await main()
} catch (error) {
  // Of an option that does not exist: the parser's own sentence.
  if (!(error instanceof Error && 'code' in error)) throw error
  process.exitCode = fail(error.message)
}
