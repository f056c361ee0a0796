// Runs ffmpeg and ffprobe, and says in a sentence what went wrong with them. Knows nothing of what is made.
import { NOT_FOUND, startGuarded } from './guard.ts'
import { inputArguments, type Input } from './input.ts'
import { DISK_FULL, interruption, UploadProblem } from './problem.ts'

export interface ToolRun {
  readonly signal?: AbortSignal | undefined
  /** Seconds of the result that are made. */
  readonly onSeconds?: ((seconds: number) => void) | undefined
}

/** Runs ffmpeg to its end, overwriting what it is told to write. */
export async function runFfmpeg(inputs: readonly Input[], args: readonly string[], run: ToolRun = {}): Promise<void> {
  const progress = ['-v', 'error', '-nostdin', '-y', '-progress', 'pipe:1', '-stats_period', '0.5']
  await runTool('ffmpeg', [...progress, ...inputs.flatMap(inputArguments), ...args], run.signal, (text) => {
    for (const [, microseconds] of text.matchAll(/^out_time_us=(\d+)$/gm)) run.onSeconds?.(Number(microseconds) / 1e6)
  })
}

/** What ffprobe prints. */
export async function runFfprobe(input: Input, args: readonly string[], signal?: AbortSignal): Promise<string> {
  return await runTool('ffprobe', ['-v', 'error', ...args, ...inputArguments(input)], signal)
}

async function runTool(
  tool: 'ffmpeg' | 'ffprobe',
  args: readonly string[],
  signal: AbortSignal | undefined,
  onOutput?: (text: string) => void,
): Promise<string> {
  if (signal?.aborted) throw interruption()
  const { child, kill } = startGuarded(tool, args)
  signal?.addEventListener('abort', kill)
  process.once('exit', kill)
  let output = ''
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => {
    if (onOutput === undefined) output += chunk.toString()
    else onOutput(chunk.toString())
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
    return output
  } finally {
    signal?.removeEventListener('abort', kill)
    process.off('exit', kill)
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
