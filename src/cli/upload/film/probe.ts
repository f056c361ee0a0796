// Finds out what a file is and what can be made of it, or says in a sentence why nothing can. Makes nothing.
import { basename } from 'node:path'
import type { TrackWishes } from './choice.ts'
import { pictureInput, pictureTrial, soundInput, soundTrial } from './encode.ts'
import { decideTracks, type Film } from './film.ts'
import { filmInput, type Input } from '../tools/input.ts'
import { createPacketReader, PACKET_ENTRIES, type TrackTimes } from '../probe/packets.ts'
import { readSeconds, type Abilities, type Probe } from '../probe/probed.ts'
import { UploadProblem } from '../problem.ts'
import { askFfmpeg, runFfmpeg, runFfprobe, ToolFailure } from '../tools/tool.ts'

export interface ProbeRun {
  readonly signal?: AbortSignal
  /** How much of the file was read, 0 to 1; called for every frame. */
  readonly onRead?: (part: number) => void
}

/** Ends in a sentence where no film can be made of it. */
export async function probeFilm(path: string, wishes: TrackWishes, { signal, onRead }: ProbeRun = {}): Promise<Film> {
  const probe = await readProbe(path, signal)
  const length = readSeconds(probe.format?.duration) ?? 0
  const onSeconds = (seconds: number): void => onRead?.(length > 0 ? Math.min(seconds / length, 1) : 0)
  const [times, abilities] = await Promise.all([readTimes(path, onSeconds, signal), askAbilities(signal)])
  const source = { probe, times, abilities }
  let failures: ReadonlyMap<number, string> = new Map()
  // What fails is left out, and what is then decided is tried again: each time there is less.
  for (;;) {
    const film = decideTracks({ ...source, failures }, wishes)
    if ('refusal' in film) throw new UploadProblem(`${basename(path)} cannot be made a video: ${film.refusal}.`)
    const failed = await tryTracks(path, film, failures, signal)
    if (failed.size === failures.size) return film
    failures = failed
  }
}

async function readProbe(path: string, signal?: AbortSignal): Promise<Probe> {
  const args = ['-show_format', '-show_streams', '-show_chapters', '-of', 'json']
  const lines: string[] = []
  try {
    await runFfprobe(filmInput(path), args, { signal, onLine: (line) => lines.push(line) })
  } catch (error) {
    if (error instanceof ToolFailure) throw unreadable(path, error.complaint)
    throw error
  }
  return JSON.parse(lines.join('\n')) as Probe
}

/** Reads all of the file, and decodes nothing. */
async function readTimes(
  path: string,
  onSeconds: (seconds: number) => void,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, TrackTimes>> {
  const packets = createPacketReader()
  const onLine = (line: string): void => onSeconds(packets.add(line))
  try {
    await runFfprobe(filmInput(path), PACKET_ENTRIES, { signal, onLine })
  } catch (error) {
    // What could be read until then says more than the failure does.
    if (!(error instanceof ToolFailure)) throw error
  }
  return packets.tracks()
}

const NO_ENCODER = 'This ffmpeg was built without the encoder libx264: install a complete one.'

async function askAbilities(signal?: AbortSignal): Promise<Abilities> {
  const names = (lines: readonly string[], pattern: RegExp): Set<string> =>
    new Set(lines.flatMap((line) => pattern.exec(line)?.[1] ?? []))
  const questions = ['-version', '-codecs', '-filters'].map((question) => askFfmpeg(question, signal))
  const [[version = ''] = [], codecs = [], filters = []] = await Promise.all(questions)
  if (!codecs.some((line) => line.includes('libx264'))) throw new UploadProblem(NO_ENCODER)
  return {
    decoders: names(codecs, /^ D\S+ (\S+)/),
    filters: names(filters, /^ [T.][S.][C.]? +(\S+) +\S+->/),
    // A version without a number is a build of the newest source.
    hasInputFilters: Number(/^ffmpeg version n?(\d+)\./.exec(version)?.[1] ?? Infinity) >= 7,
  }
}

/** Makes the very beginning of each track as it will be made; `failures` and what failed now, by index. */
async function tryTracks(
  path: string,
  film: Film,
  failures: ReadonlyMap<number, string>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const failed = new Map(failures)
  const attempt = async (index: number, input: Input, args: readonly string[]): Promise<void> => {
    try {
      const { frames, seconds, complaint } = await runFfmpeg([input], [...args, '-f', 'null', '-'], { signal })
      if (frames === 0 && seconds === 0) failed.set(index, lastLine(complaint))
    } catch (error) {
      if (!(error instanceof ToolFailure)) throw error
      failed.set(index, lastLine(error.complaint))
    }
  }
  await attempt(film.picture.index, pictureInput(path, film), pictureTrial(film))
  for (const track of film.audio) await attempt(track.index, soundInput(path), soundTrial(film, track))
  return failed
}

/** Without the part of ffmpeg that says it. */
function lastLine(complaint: string): string {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '' && !/^\s*Last message repeated/.test(line))
  return (
    lines
      .at(-1)
      ?.replace(/^(?:\[[^\]]*\] )+|\.$/g, '')
      .trim() || 'it says nothing of why'
  )
}

function unreadable(path: string, complaint = ''): UploadProblem {
  const why = whyUnreadable(complaint)
  return new UploadProblem(`ffmpeg cannot read ${basename(path)} as a video${why === undefined ? '' : `: ${why}`}.`)
}

/** Pure: a reason out of what ffprobe wrote; undefined when it gave none that helps. */
export function whyUnreadable(complaint: string): string | undefined {
  const format = /\[(\S+) @ [^\]]*\] Format not on whitelist/.exec(complaint)?.[1]
  if (format !== undefined) return `its content is of the format ${format}, which is not one of films`
  if (/moov atom not found/.test(complaint))
    return 'it has no index, so it was cut off, is damaged, or is something else'
  return undefined
}
