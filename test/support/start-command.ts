// Runs `npm start`'s command as a person does, and looks at what it leaves behind.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import { vi } from 'vitest'

export interface StartRun {
  readonly child: ChildProcess
  /** Both streams so far. */
  output(): string
  /** Resolves when this text was printed; rejects when the command ended without it. */
  printed(text: string): Promise<void>
  /** The exit code. */
  readonly ended: Promise<number | null>
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
  /** By npm itself, with the shell that it puts between. */
  readonly byNpm?: boolean
}

export function runStart(args: readonly string[], options: StartOptions = {}): StartRun {
  const command = options.byNpm
    ? ['npm', 'start', '--', ...args]
    : [process.execPath, ...(options.nodeArgs ?? []), 'src/cli/run.mjs', 'start', ...args]
  const child = spawn(command[0] ?? '', command.slice(1), {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let hasEnded = false
  const waiting = new Set<() => void>()
  const listen = (chunk: Buffer): void => {
    output += chunk.toString()
    for (const look of waiting) look()
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      hasEnded = true
      for (const look of waiting) look()
      resolve(code)
    }),
  )
  return {
    child,
    output: () => output,
    printed: async (text) =>
      await new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve()
          else if (hasEnded) reject(new Error(`ended without "${text}":\n${output}`))
        }
        waiting.add(look)
        look()
      }),
    ended,
  }
}

/** What it printed, once it ended by itself. */
export async function startToEnd(
  args: readonly string[],
  options: StartOptions = {},
): Promise<{ code: number | null; output: string }> {
  const run = runStart(args, options)
  const code = await run.ended
  return { code, output: run.output() }
}

/** Every process below this one, itself included. */
export function familyOf(pid: number): number[] {
  const parents = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const family = [pid]
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member && child !== undefined) family.push(child)
  }
  return family
}

export function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

export async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Fails unless all of them end and the port is free again, sooner or later. */
export async function allGone(pids: readonly number[], port: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const left = pids.filter(isProcess)
      if (left.length > 0 || (await isListening(port))) throw new Error(`left behind: ${left.join(', ')}, port ${port}`)
    },
    { timeout: 30_000, interval: 50 },
  )
}
