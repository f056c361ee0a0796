// Runs wrangler as its own process. Nothing here knows what lynxgate does.
import { spawn, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandProblem, EXIT } from './command.ts'

/** The project's folder: where wrangler.toml lies. */
export const PROJECT_FOLDER = fileURLToPath(new URL('../..', import.meta.url))

/** wrangler's own process. Its `bin` is another one around it, which takes time and hides a death by a signal. */
const wranglerMain = createRequire(import.meta.url).resolve('wrangler')

/** Starts wrangler on this very Node, with its questions and statistics off. `env`: undefined takes a variable away. */
export function startWrangler(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', wranglerMain, ...args], {
    cwd: PROJECT_FOLDER,
    env: {
      ...process.env,
      // The build command in wrangler.toml says `node`: it must find this one, not an older one of the machine.
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(PROJECT_FOLDER, 'node_modules/.cache/node'),
      CI: '1',
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      // With it goes the question whether there is a newer wrangler.
      WRANGLER_HIDE_BANNER: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export interface WranglerRun {
  readonly code: number
  /** Everything it said. */
  readonly output: string
  /** What of that is its answer. */
  readonly stdout: string
}

export interface WranglerTerms {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Gets what wrangler says while it says it. */
  readonly onOutput?: (text: string) => void
}

/** Runs wrangler to its end. A signal that ends this process ends wrangler first, and is a CommandProblem then. */
export async function runWrangler(args: readonly string[], terms: WranglerTerms = {}): Promise<WranglerRun> {
  const child = startWrangler(args, terms.env)
  let output = ''
  let stdout = ''
  let signal: NodeJS.Signals | undefined
  const end = (received: NodeJS.Signals): void => {
    signal = received
    child.kill('SIGTERM')
  }
  const endQuietly = (): void => void child.kill()
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  process.once('exit', endQuietly)
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    stdout += chunk.toString()
    terms.onOutput?.(chunk.toString())
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    terms.onOutput?.(chunk.toString())
  })
  try {
    const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)))
    if (signal !== undefined) throw new CommandProblem(`Interrupted (${signal}).`, EXIT.interrupted)
    return { code, output, stdout }
  } finally {
    process.off('SIGINT', end)
    process.off('SIGTERM', end)
    process.off('exit', endQuietly)
  }
}
