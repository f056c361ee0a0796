// One track of subtitles, of the film or of a file beside it, as one WebVTT file; what cannot be carried is said.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { isStoryboard } from '../../../core/hls/storyboard.ts'
import { parseAss } from './ass.ts'
import { shownTime, type Clock } from '../probe/clock.ts'
import { writeCues } from '../../../core/packaging/cues.ts'
import { filmInput } from '../tools/input.ts'
import { parseSubRip } from '../../../core/packaging/subrip.ts'
import { decodeText } from './text-encoding.ts'
import type { SubtitleTrack } from '../film/subtitle-track.ts'
import { runFfmpeg, type ToolRun } from '../tools/tool.ts'
import { repairWebVtt } from '../../../core/packaging/webvtt-repair.ts'
import { anchorSubtitles } from '../../../core/packaging/webvtt.ts'

export interface SubtitleOrder {
  readonly source: string
  readonly track: SubtitleTrack
  /** As players show it. */
  readonly name: string
  /** Of the film: subtitles are shown when what they belong to is. */
  readonly clock: Pick<Clock, 'startSeconds' | 'jumps'>
  /** When the film begins on the clock of its stream. */
  readonly startSeconds: number
  /** What those are that are not Unicode; otherwise the language tells. */
  readonly encoding?: string | undefined
  /** Says in a sentence what is left out or guessed. */
  readonly onNotice?: ((sentence: string) => void) | undefined
}

type Format = 'srt' | 'ass' | 'webvtt'

/** Copied as they are, so that their bytes are decoded here: ffmpeg drops what is not UTF-8. */
const COPIED: Readonly<Record<string, Format>> = { subrip: 'srt', srt: 'srt', ass: 'ass', webvtt: 'webvtt' }

export async function writeSubtitles(order: SubtitleOrder, file: string, run: ToolRun): Promise<void> {
  const { source, track, name } = order
  const taken =
    track.file === undefined
      ? await extract(source, track, `${file}.track`, run)
      : { format: undefined, bytes: await readFile(track.file.path) }
  const { text, encoding, isGuess } = decodeText(taken.bytes, { language: track.language, encoding: order.encoding })
  if (isGuess) order.onNotice?.(`Subtitles ${name}: not UTF-8, read as ${encoding}.`)
  // A file beside the film counts from the film's beginning, a track of it by the film's own clock.
  const zero = track.file === undefined ? 0 : order.clock.startSeconds
  const shown = (seconds: number): number => shownTime(seconds + zero, order.clock)
  const { webVtt, leftOut } = convertSubtitles(text, taken.format ?? formatOf(text), shown)
  for (const what of leftOut) order.onNotice?.(`Subtitles ${name}: left out ${what}.`)
  if (!hasCues(webVtt)) order.onNotice?.(`Subtitles ${name}: left out, for there is no text in them.`)
  await writeFile(file, anchorSubtitles(webVtt, order.startSeconds))
}

/** Whether there is anything to show: a track without is in no menu. */
export function hasCues(webVtt: string): boolean {
  return webVtt.includes(' --> ')
}

/** Pure: what a file of subtitles is, whatever it is called. */
export function formatOf(text: string): Format {
  if (/^\uFEFF?WEBVTT(?:\s|$)/.test(text)) return 'webvtt'
  return /^\uFEFF?\s*\[Script Info\]|^Dialogue:/im.test(text) ? 'ass' : 'srt'
}

async function extract(
  source: string,
  { index, codec: from }: SubtitleTrack,
  scratch: string,
  run: ToolRun,
): Promise<{ format: Format; bytes: Buffer }> {
  const copied = COPIED[from]
  const format = copied ?? 'ass'
  // Every other kind comes as ASS, unchecked: its bytes too are decoded here.
  const read = copied === undefined ? ['-sub_charenc_mode', 'ignore'] : []
  const codec = copied === undefined ? 'ass' : 'copy'
  const write = ['-copyts', '-map', `0:${index}`, '-c:s', codec, '-f', format, basename(scratch)]
  try {
    await runFfmpeg([filmInput(source, ...read)], write, { ...run, folder: dirname(scratch) })
    return { format, bytes: await readFile(scratch) }
  } finally {
    await rm(scratch, { force: true })
  }
}

/** Pure: `shown` is when a second of theirs is shown; `leftOut` holds words such as `2 drawings`. */
export function convertSubtitles(
  text: string,
  format: Format,
  shown: (seconds: number) => number = (seconds) => seconds,
): { webVtt: string; leftOut: readonly string[] } {
  if (format === 'webvtt' && isStoryboard(text)) return { webVtt: 'WEBVTT\n', leftOut: ['its pictures'] }
  if (format === 'webvtt') return { webVtt: repairWebVtt(text, shown), leftOut: [] }
  const { cues, unusable, drawings } = { drawings: 0, ...(format === 'ass' ? parseAss(text) : parseSubRip(text)) }
  const onClock = cues
    .map((cue) => ({
      ...cue,
      startMs: Math.max(0, shown(cue.startMs / 1000) * 1000),
      endMs: shown(cue.endMs / 1000) * 1000,
    }))
    .filter(({ startMs, endMs }) => endMs > startMs)
  const outside = cues.length - onClock.length
  return {
    webVtt: writeCues(onClock),
    leftOut: [
      ...(drawings > 0 ? [`${counted(drawings, 'drawing')}, which no text can show`] : []),
      ...(unusable > 0 ? [`${counted(unusable, 'cue')} that ${unusable === 1 ? 'ends' : 'end'} before beginning`] : []),
      ...(outside > 0 ? [`${counted(outside, 'cue')} of a time that the film does not have`] : []),
    ],
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
