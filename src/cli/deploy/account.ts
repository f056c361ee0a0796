// Whose account: with which credentials, which one of several, and at which workers.dev address.
import { parseJson } from '../../core/json.ts'
import { CommandProblem } from '../command.ts'
import { runWrangler } from '../wrangler.ts'
import { cloudflareApi, type CloudflareApi, type Credentials } from './cloudflare-api.ts'

export interface Account {
  readonly id: string
  readonly api: CloudflareApi
}

const LOGIN = 'Log in first: npx wrangler login, or set CLOUDFLARE_API_TOKEN.'

/** `accountId`: as wrangler.toml has it. The variable CLOUDFLARE_ACCOUNT_ID comes first, as for wrangler. */
export async function openAccount(accountId: string | undefined): Promise<Account> {
  const api = cloudflareApi(await findCredentials())
  return { id: process.env['CLOUDFLARE_ACCOUNT_ID'] || accountId || (await onlyAccount(api)), api }
}

async function findCredentials(): Promise<Credentials> {
  const token = process.env['CLOUDFLARE_API_TOKEN']
  if (token) return bearer(token)
  // A login lies in wrangler's own files, or in the system's keyring, and is renewed by wrangler.
  const { code, stdout } = await runWrangler(['auth', 'token', '--json'])
  const found = code === 0 ? parseCredentials(stdout) : undefined
  if (found?.token !== undefined) return bearer(found.token)
  if (found?.key !== undefined && found.email !== undefined) {
    return { headers: { 'X-Auth-Key': found.key, 'X-Auth-Email': found.email } }
  }
  throw new CommandProblem(LOGIN)
}

function bearer(token: string): Credentials {
  return { headers: { Authorization: `Bearer ${token}` } }
}

function parseCredentials(stdout: string): { token?: string; key?: string; email?: string } | undefined {
  return parseJson(stdout) as { token?: string; key?: string; email?: string } | undefined
}

async function onlyAccount(api: CloudflareApi): Promise<string> {
  const purpose = { verb: 'list the accounts', permission: 'Account Settings: Read' }
  const accounts = (await api.list('/accounts', purpose)) as { id: string; name: string }[]
  const [first] = accounts
  if (first === undefined) throw new CommandProblem('These credentials reach no account. Set CLOUDFLARE_ACCOUNT_ID.')
  if (accounts.length === 1) return first.id
  const list = accounts.map(({ id, name }) => `${id} (${name})`).join(', ')
  throw new CommandProblem(
    `These credentials reach ${accounts.length} accounts. Set CLOUDFLARE_ACCOUNT_ID to one of: ${list}.`,
  )
}

/** `<subdomain>.workers.dev`: registered once an account, by hand, and needed for a Worker without a domain of its own. */
export async function workersDevDomain({ id, api }: Account): Promise<string> {
  const purpose = { verb: 'read the workers.dev subdomain', permission: 'Workers Scripts: Edit' }
  const found = (await api.find(`/accounts/${id}/workers/subdomain`, purpose)) as { subdomain?: string } | undefined
  if (found?.subdomain) return `${found.subdomain}.workers.dev`
  throw new CommandProblem(
    'This account has no workers.dev subdomain yet: choose one at ' +
      `https://dash.cloudflare.com/${id}/workers/onboarding, or give the environment routes of its own.`,
  )
}
