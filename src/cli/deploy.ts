// npm run deploy: the database first, then the code that needs it. Creates what the account does not have yet.
import { parseArgs } from 'node:util'
import { runWrangler } from './wrangler.ts'

const HELP = `npm run deploy [-- --secrets-file FILE] [--env NAME]

Creates the database if the account has none, applies the migrations, and deploys; the bucket and the KV
namespace are created by the first deployment. Log in first: npx wrangler login, or set CLOUDFLARE_API_TOKEN.
  --secrets-file   variables to deploy with the code, one NAME=value a line (see README, Configuration)
  --env            an [env.NAME] of wrangler.toml`

/** What wrangler says when the account has no such database. */
const NO_DATABASE = /couldn't find|could not find|not found/i

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'secrets-file': { type: 'string' },
      env: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const environment = values.env === undefined ? [] : ['--env', values.env]
  const migrate = ['d1', 'migrations', 'apply', 'DB', '--remote', ...environment]

  let migrated = await runWrangler(migrate)
  if (migrated.code !== 0 && NO_DATABASE.test(migrated.output)) {
    console.log('The account has no database yet: creating it …')
    const created = await runWrangler(['d1', 'create', 'lynxgate', '--update-config=false', ...environment])
    if (created.code !== 0) return failed('The database could not be created', created)
    migrated = await runWrangler(migrate)
  }
  if (migrated.code !== 0) return failed('The migrations were not applied and nothing was deployed', migrated)
  console.log('Migrations applied.')

  const secrets = values['secrets-file'] === undefined ? [] : ['--secrets-file', values['secrets-file']]
  const deployed = await runWrangler(['deploy', ...secrets, ...environment])
  if (deployed.code !== 0) return failed('The deployment failed; the database is already migrated', deployed)
  console.log(deployed.output)
  return 0
}

function failed(sentence: string, run: { code: number; output: string }): number {
  console.error(`${run.output}\n${sentence}: wrangler's reason stands above.`)
  return run.code
}

process.exitCode = await main()
