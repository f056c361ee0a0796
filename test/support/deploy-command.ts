// `npm run deploy` and its siblings as an operator runs them, against the stand-in of Cloudflare's API; and projects to
// deploy: the configuration of this one over a Worker of one line, so that wrangler has little to build.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Cloudflare } from './cloudflare/server.ts'

export interface CommandRun {
  readonly code: number | null
  readonly output: string
  readonly stdout: string
}

export interface CommandTerms {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Instead of this project: a copy of it. */
  readonly cwd?: string
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void
}

export interface DeployProject {
  readonly folder: string
  readonly config: string
  /** Writes a file of variables and gives its path. */
  variables(lines: readonly string[], name?: string): string
  /** Changes wrangler.toml. */
  change(edit: (toml: string) => string): void
  addMigration(name: string, sql: string): void
  remove(): void
}

/** Everything the Worker needs with delivery by itself. */
export const VARIABLES = ['CLERK_ISSUER=https://clerk.example.com', `EDGE_SIGNING_SECRET=${'e'.repeat(32)}`]

/** wrangler.toml as it is in this project, but for what has to be built. */
export function makeDeployProject(): DeployProject {
  const folder = mkdtempSync(join(tmpdir(), 'lynxgate-deploy-test-'))
  const config = join(folder, 'wrangler.toml')
  const toml = readFileSync('wrangler.toml', 'utf8')
    .replace('main = "src/index.ts"', 'main = "worker.js"\nno_bundle = true')
    .replace(/\[build\]\n(?:.+\n)+/, '')
  writeFileSync(config, toml)
  writeFileSync(join(folder, 'worker.js'), 'export default { fetch: () => new Response("hello") }\n')
  mkdirSync(join(folder, 'public'))
  writeFileSync(join(folder, 'public/robots.txt'), 'User-agent: *\n')
  cpSync('migrations', join(folder, 'migrations'), { recursive: true })
  return {
    folder,
    config,
    variables(lines, name = 'production.env') {
      writeFileSync(join(folder, name), `${lines.join('\n')}\n`, { mode: 0o600 })
      return join(folder, name)
    },
    change: (edit) => writeFileSync(config, edit(readFileSync(config, 'utf8'))),
    addMigration: (name, sql) => writeFileSync(join(folder, 'migrations', name), sql),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A command of src/cli, logged in at the stand-in with a token of its own. */
export async function runCommandAt(
  cloudflare: Cloudflare,
  command: readonly string[],
  terms: CommandTerms = {},
): Promise<CommandRun> {
  return await run(process.execPath, ['src/cli/run.mjs', ...command], cloudflare, terms)
}

/** As a shell runs the line. */
export async function runShellAt(cloudflare: Cloudflare, line: string, terms: CommandTerms = {}): Promise<CommandRun> {
  return await run('bash', ['-eo', 'pipefail', '-c', line], cloudflare, terms)
}

const home = mkdtempSync(join(tmpdir(), 'lynxgate-home-'))
process.once('exit', () => rmSync(home, { recursive: true, force: true }))

async function run(
  program: string,
  args: readonly string[],
  cloudflare: Cloudflare,
  { env = {}, cwd, onStart }: CommandTerms,
): Promise<CommandRun> {
  const child = spawn(program, args, {
    ...(cwd !== undefined && { cwd }),
    env: {
      // Nothing of a login, an account or an environment that this machine has.
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:CLOUDFLARE|CF|WRANGLER)_/.test(name))),
      HOME: home,
      XDG_CONFIG_HOME: home,
      INIT_CWD: '',
      // It remembers the account it saw last, in the project's node_modules if it is let.
      WRANGLER_CACHE_DIR: mkdtempSync(join(home, 'cache-')),
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/node'),
      // wrangler asks for its newest version when it fails.
      npm_config_registry: 'http://127.0.0.1:1',
      CLOUDFLARE_API_BASE_URL: cloudflare.url,
      CLOUDFLARE_API_TOKEN: 'token-of-the-stand-in',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onStart?.((signal) => void child.kill(signal))
  let output = ''
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output, stdout }
}

/** Everything after a successful deployment that may exist once only. */
export function contentsOf({ account }: Cloudflare): object {
  return {
    databases: account.databases.map(({ name }) => name),
    namespaces: account.namespaces.map(({ title }) => title),
    buckets: account.buckets.map(({ name }) => name),
    queues: account.queues.map(({ queue_name }) => queue_name),
    workers: [...account.workers.keys()],
  }
}
