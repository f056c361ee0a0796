// Runs wrangler as its own process. Nothing here knows what lynxgate does.
import { spawn, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder: where wrangler.toml lies. */
export const PROJECT_FOLDER = fileURLToPath(new URL('../..', import.meta.url))

const wranglerBin = join(dirname(createRequire(import.meta.url).resolve('wrangler/package.json')), 'bin/wrangler.js')

/** Starts wrangler on this very Node, with its questions and statistics off. */
export function startWrangler(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [wranglerBin, ...args], {
    cwd: PROJECT_FOLDER,
    env: {
      ...process.env,
      // The build command in wrangler.toml says `node`: it must find this one, not an older one of the machine.
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      CI: '1',
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs wrangler to its end: the exit code, everything it said, and what of that is its answer. */
export async function runWrangler(args: readonly string[]): Promise<{ code: number; output: string; stdout: string }> {
  const child = startWrangler(args)
  let output = ''
  let stdout = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)))
  return { code, output, stdout }
}
