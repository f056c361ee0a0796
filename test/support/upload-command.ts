// Runs `npm run upload`'s command as a person does, and films to run it on.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { promisify } from 'node:util'

const runFile = promisify(execFile)

export interface CommandRun {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandTerms {
  readonly env: Readonly<Record<string, string>>
  /** Gets the means to end it. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void
  /** Goes away without reading any of these. */
  readonly closed?: readonly ('stdin' | 'stdout' | 'stderr')[]
  /** Sees all of stderr so far, whenever there is more. */
  readonly onStderr?: (text: string) => void
}

export async function runUpload(args: readonly string[], terms: CommandTerms): Promise<CommandRun> {
  const child = spawn(process.execPath, ['src/cli/run.mjs', 'upload', ...args], {
    env: { ...process.env, INIT_CWD: '', ...terms.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  for (const name of ['stdin', ...(terms.closed ?? [])] as const) child[name].destroy()
  terms.onStart?.((signal) => void child.kill(signal))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    terms.onStderr?.(stderr)
  })
  return await new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  )
}

/** A moving test picture with so many sounds, the first English and the others of no language. */
export function makeFilm(
  file: string,
  film: { size: string; seconds: number; sounds: number; subtitles?: string },
): void {
  const { size, seconds, sounds, subtitles } = film
  const tones = Array.from({ length: sounds }, (_, i) => `sine=${440 * (i + 1)}:d=${seconds}`)
  const inputs = [`testsrc2=s=${size}:r=25:d=${seconds}`, ...tones].flatMap((source) => ['-f', 'lavfi', '-i', source])
  const words = subtitles === undefined ? [] : ['-i', subtitles]
  const count = 1 + sounds + (subtitles === undefined ? 0 : 1)
  const maps = Array.from({ length: count }, (_, i) => ['-map', String(i)]).flat()
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac']
  const languages = ['-metadata:s:a:0', 'language=eng', '-metadata:s:s:0', 'language=ger']
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...inputs, ...words, ...maps, ...encode, ...languages, file])
}

export interface ProbedPlayback {
  readonly format: { readonly duration?: string }
  readonly streams: readonly { readonly codec_type: string; readonly height?: number }[]
}

/** What ffprobe makes of an address. Not synchronous: what it asks may be served by this very process. */
export async function probePlayback(url: string): Promise<ProbedPlayback> {
  return JSON.parse(await probe(['-show_format', '-show_streams', '-of', 'json', url])) as ProbedPlayback
}

/** How many frames of the best rendition can be decoded. */
export async function countFrames(url: string): Promise<number> {
  const frames = ['-select_streams', 'v:0', '-count_frames', '-show_entries', 'stream=nb_read_frames']
  return Number(/\d+/.exec(await probe([...frames, '-of', 'csv=p=0', url]))?.[0] ?? 0)
}

async function probe(args: readonly string[]): Promise<string> {
  return (await runFile('ffprobe', ['-v', 'error', ...args], { timeout: 300_000 })).stdout
}
