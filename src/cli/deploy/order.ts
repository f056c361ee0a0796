// What the person at the terminal asked for: flags, checked against each other, and the variables of the file.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineCommand, usageProblem, type Values } from '../command.ts'
import { protectFile, readVariablesFile, type VariablesFile } from '../variables-file.ts'

export const DEPLOY = defineCommand({
  call: 'npm run deploy',
  summary:
    'Deploys to Cloudflare: finds or makes what is stored in, applies the migrations, uploads, and asks whether it works.',
  flags: {
    'secrets-file': {
      type: 'string',
      value: 'FILE',
      help: 'the variables, one NAME=value a line; without it those deployed stay',
    },
    'keep-secrets': { type: 'boolean', help: 'leave deployed secrets that the file no longer has' },
    env: {
      type: 'string',
      value: 'NAME',
      help: 'an [env.NAME] of the configuration; default: the variable CLOUDFLARE_ENV',
    },
    config: { type: 'string', value: 'FILE', help: 'instead of wrangler.toml' },
    plan: { type: 'boolean', help: 'say what would be made or changed, and touch nothing' },
    url: {
      type: 'string',
      value: 'URL',
      help: 'where the service answers; default: its first route, else workers.dev',
    },
    location: {
      type: 'string',
      value: 'HINT',
      help: 'where a new database and bucket lie: wnam, enam, weur, eeur, apac, oc',
    },
    'shared-data': { type: 'boolean', help: 'let two environments store in the same place' },
    gradual: { type: 'string', value: 'PERCENT', help: 'send so much of the traffic to the new version, and watch it' },
    watch: { type: 'string', value: 'SECONDS', default: '120', help: 'how long --gradual watches' },
    promote: { type: 'boolean', help: 'of two versions that share the traffic, give the newer one all of it' },
    abort: { type: 'boolean', help: 'give the older one all of it' },
    rollback: { type: 'boolean', help: 'make the version before live again, or the one of --to' },
    to: { type: 'string', value: 'VERSION', help: 'with --rollback: which version' },
    'old-secrets': { type: 'boolean', help: 'with --rollback: also when that brings earlier secrets back' },
    live: { type: 'boolean', help: 'print the id of the version that is live, and do nothing' },
  },
  notes:
    'Log in first: npx wrangler login, or set CLOUDFLARE_API_TOKEN (README says what it needs).\n' +
    'Whatever failed: the same command again goes on from there.',
})

export interface Order {
  readonly action:
    | { readonly kind: 'deploy' | 'plan' | 'promote' | 'abort' | 'live' }
    | { readonly kind: 'gradual'; readonly percentage: number; readonly watchSeconds: number }
    | { readonly kind: 'rollback'; readonly to: string | undefined; readonly acceptsOldSecrets: boolean }
  readonly config: string | undefined
  readonly environment: string | undefined
  readonly variables: VariablesFile | undefined
  readonly keepSecrets: boolean
  readonly sharedData: boolean
  readonly url: string | undefined
  readonly location: string | undefined
  /** Flags that a command to go on or back needs too. */
  readonly sameTarget: string
}

const LOCATIONS = ['wnam', 'enam', 'weur', 'eeur', 'apac', 'oc']

export function readOrder(values: Values<(typeof DEPLOY)['flags']>): Order {
  const environment = values.env ?? (process.env['CLOUDFLARE_ENV'] || undefined)
  if (values.location !== undefined && !LOCATIONS.includes(values.location)) {
    throw usageProblem(`--location must be one of ${LOCATIONS.join(', ')}.`)
  }
  return {
    action: readAction(values),
    config: values.config === undefined ? undefined : fromHere(values.config),
    environment,
    variables: readVariables(values['secrets-file']),
    keepSecrets: values['keep-secrets'],
    sharedData: values['shared-data'],
    url: values.url === undefined ? undefined : readUrl(values.url),
    location: values.location,
    sameTarget: [
      ...(values.config === undefined ? [] : ['--config', values.config]),
      ...(environment === undefined ? [] : ['--env', environment]),
    ].join(' '),
  }
}

function readAction(values: Values<(typeof DEPLOY)['flags']>): Order['action'] {
  const chosen = (['plan', 'promote', 'abort', 'rollback', 'live'] as const).filter((name) => values[name])
  const all = [...chosen, ...(values.gradual === undefined ? [] : ['gradual'])]
  if (all.length > 1) throw usageProblem(`--${all.join(' and --')} cannot be given together.`)
  const [kind = 'deploy'] = chosen
  if (kind !== 'rollback' && values.to !== undefined) throw usageProblem('--to is for --rollback.')
  if (kind !== 'rollback' && values['old-secrets']) throw usageProblem('--old-secrets is for --rollback.')
  if (kind === 'rollback') return { kind, to: values.to, acceptsOldSecrets: values['old-secrets'] }
  if (values.gradual === undefined) return { kind }
  const percentage = /^\d{1,2}$/.test(values.gradual) ? Number(values.gradual) : 0
  if (percentage < 1) throw usageProblem('--gradual must be a whole number from 1 to 99.')
  const watchSeconds = /^\d{1,5}$/.test(values.watch) ? Number(values.watch) : undefined
  if (watchSeconds === undefined) throw usageProblem('--watch must be a whole number of seconds.')
  return { kind: 'gradual', percentage, watchSeconds }
}

function readVariables(file: string | undefined): VariablesFile | undefined {
  if (file === undefined) return undefined
  const path = fromHere(file)
  if (!existsSync(path)) throw usageProblem(`There is no file ${file}: cp docs/production.env.example ${file}`)
  if (protectFile(path)) console.log(`${file} was readable by other users of this machine; now only by you.`)
  return readVariablesFile(path)
}

/** A path as the person at the terminal means it: npm runs this in the project's folder. */
function fromHere(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '', path)
}

function readUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageProblem(`--url must be a URL such as https://api.example.com, not "${text}".`)
  }
  return url.origin
}

/** The same command with other flags, as it can be pasted. */
export function commandFor({ sameTarget }: Pick<Order, 'sameTarget'>, flags: string): string {
  const all = [flags, sameTarget].filter((part) => part !== '').join(' ')
  return all === '' ? 'npm run deploy' : `npm run deploy -- ${all}`
}
