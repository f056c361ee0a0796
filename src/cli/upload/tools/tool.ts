// Runs ffmpeg and ffprobe, and says in a sentence what went wrong with them. Knows nothing of what is made.
import { NOT_FOUND, startGuarded } from './guard.ts'
import { inputArguments, type Input } from './input.ts'
import { DISK_FULL, interruption, UploadProblem } from '../problem.ts'

export interface ToolRun {
  readonly signal?: AbortSignal | undefined
  /** Seconds of the result that are made. */
  readonly onSeconds?: ((seconds: number) => void) | undefined
  /** Where it writes to, so that no character of the path means anything to ffmpeg. */
  readonly folder?: string | undefined
}

export interface ToolReport {
  /** How many frames of the picture it encoded. */
  readonly frames: number
  readonly seconds: number
  /** The end of what it wrote to its standard error. */
  readonly complaint: string
}

/** Runs ffmpeg to its end, overwriting what it is told to write. Its report is its own word: what it made may be less. */
export async function runFfmpeg(
  inputs: readonly Input[],
  args: readonly string[],
  run: ToolRun = {},
): Promise<ToolReport> {
  let frames = 0
  let seconds = 0
  const onLine = (line: string): void => {
    const [name, value] = line.split('=')
    if (name === 'frame') frames = Number(value)
    if (name !== 'out_time_us' || !Number.isFinite(Number(value))) return
    seconds = Number(value) / 1e6
    run.onSeconds?.(seconds)
  }
  const progress = ['-v', 'error', '-nostdin', '-y', '-progress', 'pipe:1', '-stats_period', '0.5']
  const complaint = await runTool(
    'ffmpeg',
    [...progress, ...inputs.flatMap((input) => inputArguments(input, run.folder)), ...args],
    {
      ...run,
      onLine,
    },
  )
  return { frames, seconds, complaint }
}

/** What ffmpeg says about itself, line by line. */
export async function askFfmpeg(question: string, signal?: AbortSignal): Promise<string[]> {
  const lines: string[] = []
  await runTool('ffmpeg', ['-hide_banner', question], { signal, onLine: (line) => lines.push(line) })
  return lines
}

/** Hands over what ffprobe prints, line by line. */
export async function runFfprobe(
  input: Input,
  args: readonly string[],
  run: { readonly signal?: AbortSignal | undefined; readonly onLine: (line: string) => void },
): Promise<void> {
  await runTool('ffprobe', ['-v', 'error', ...args, ...inputArguments(input)], run)
}

interface Run {
  readonly signal?: AbortSignal | undefined
  readonly folder?: string | undefined
  readonly onLine: (line: string) => void
}

/** What ends the tools that run now. */
const running = new Set<() => void>()
process.once('exit', () => running.forEach((kill) => kill()))

/** The end of what it complained of. */
async function runTool(tool: 'ffmpeg' | 'ffprobe', args: readonly string[], run: Run): Promise<string> {
  const { signal, folder, onLine } = run
  if (signal?.aborted) throw interruption()
  const { child, kill } = startGuarded(tool, args, folder)
  signal?.addEventListener('abort', kill)
  running.add(kill)
  let rest = ''
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line.trimEnd())
  })
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-8192)))
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) =>
      reject('code' in error && error.code === 'ENOENT' ? new UploadProblem(missing(tool)) : error),
    )
    child.once('close', (code) => resolve(code ?? 1))
  })
  try {
    const code = await ended
    if (signal?.aborted) throw interruption()
    if (code === NOT_FOUND) throw new UploadProblem(missing(tool))
    if (code !== 0) throw new ToolFailure(tool, complaint)
    if (rest !== '') onLine(rest)
    return complaint
  } finally {
    signal?.removeEventListener('abort', kill)
    running.delete(kill)
  }
}

/** The tool ran and could not do it. */
export class ToolFailure extends UploadProblem {
  /** The end of what it wrote to its standard error. */
  readonly complaint: string

  constructor(tool: string, complaint: string) {
    super(explainComplaint(tool, complaint))
    this.name = 'ToolFailure'
    this.complaint = complaint
  }
}

/** A sentence for what ffmpeg wrote before it gave up. */
export function explainComplaint(tool: string, complaint: string): string {
  if (/No space left on device/i.test(complaint)) return DISK_FULL
  const encoder = /Unknown encoder '(\w+)'/.exec(complaint)?.[1]
  if (encoder !== undefined) return `This ffmpeg was built without the encoder ${encoder}: install a complete one.`
  const last = complaint.trim().split('\n').at(-1)?.trim()
  return `${tool} failed: ${last === undefined || last === '' ? 'it gave no reason' : last}`
}

function missing(tool: string): string {
  return `${tool} is missing: install ffmpeg (apt install ffmpeg, brew install ffmpeg, or https://ffmpeg.org) and run the same command again.`
}
