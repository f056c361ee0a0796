// Runs ffmpeg and ffprobe as their own processes. Nothing here knows what a packaging is.
import { spawn } from 'node:child_process'

/** Runs `ffmpeg` to its end, without questions; what it complains about becomes the error. */
export async function runFfmpeg(args: readonly string[]): Promise<void> {
  const complaints = (await run('ffmpeg', ['-v', 'error', '-y', '-nostdin', ...args])).errors
  if (complaints !== '') throw new Error(`ffmpeg: ${complaints}`)
}

/** Decodes every track of a file or URL to its end: how many seconds came out. A single complaint is an error. */
export async function decode(url: string): Promise<number> {
  const { output, errors } = await run('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-progress',
    'pipe:1',
    '-i',
    url,
    '-map',
    '0',
    '-f',
    'null',
    '-',
  ])
  if (errors !== '') throw new Error(`ffmpeg: ${errors}`)
  return Number([...output.matchAll(/^out_time_us=(\d+)$/gm)].at(-1)?.[1]) / 1_000_000
}

/** The playing time that `ffprobe` reads from a file or URL, seconds. */
export async function probeSeconds(url: string): Promise<number> {
  const { output, errors } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'format=duration',
    '-of',
    'csv=p=0',
    url,
  ])
  if (errors !== '') throw new Error(`ffprobe: ${errors}`)
  return Number(output)
}

async function run(program: string, args: readonly string[]): Promise<{ output: string; errors: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${errors}`)
  return { output, errors: errors.trim() }
}
