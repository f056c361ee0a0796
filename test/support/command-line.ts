// Runs one of the commands to its end, as a person does.
import { spawn } from 'node:child_process'

export interface CommandLineRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export async function runCommandLine(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandLineRun> {
  const child = spawn(process.execPath, ['src/cli/run.mjs', command, ...args], { env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}
