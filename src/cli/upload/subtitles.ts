// One track of subtitles, of the film or of a file beside it, as one WebVTT file; what cannot be carried is said.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { parseAss } from './ass.ts'
import { writeCues } from './cues.ts'
import { filmInput } from './input.ts'
import { parseSubRip } from './subrip.ts'
import { decodeText } from './text-encoding.ts'
import type { SubtitleTrack } from './subtitle-track.ts'
import { runFfmpeg, type ToolRun } from './tool.ts'
import { repairWebVtt } from './webvtt-repair.ts'
import { anchorSubtitles } from './webvtt.ts'

export interface SubtitleOrder {
  readonly source: string
  readonly track: SubtitleTrack
  /** As players show it. */
  readonly name: string
  /** When the film begins on the clock of its stream. */
  readonly startSeconds: number
  /** Says in a sentence what is left out or guessed. */
  readonly onNotice?: ((sentence: string) => void) | undefined
}

type Format = 'srt' | 'ass' | 'webvtt'

/** Copied as they are, so that their bytes are decoded here: ffmpeg drops what is not UTF-8. */
const COPIED: Readonly<Record<string, Format>> = { subrip: 'srt', srt: 'srt', ass: 'ass', webvtt: 'webvtt' }

export async function writeSubtitles(order: SubtitleOrder, file: string, run: ToolRun): Promise<void> {
  const { source, track, name } = order
  const { format, bytes } = await extract(source, track.index, COPIED[track.codec], `${file}.track`, run)
  const { text, encoding, isGuess } = decodeText(bytes, { language: track.language })
  if (isGuess) order.onNotice?.(`Subtitles ${name}: not UTF-8, read as ${encoding}.`)
  const { webVtt, leftOut } = convertSubtitles(text, format)
  for (const what of leftOut) order.onNotice?.(`Subtitles ${name}: left out ${what}.`)
  if (!hasCues(webVtt)) order.onNotice?.(`Subtitles ${name}: left out, for there is no text in them.`)
  await writeFile(file, anchorSubtitles(webVtt, order.startSeconds))
}

/** Whether there is anything to show: a track without is in no menu. */
export function hasCues(webVtt: string): boolean {
  return webVtt.includes(' --> ')
}

async function extract(
  source: string,
  index: number,
  copied: Format | undefined,
  scratch: string,
  run: ToolRun,
): Promise<{ format: Format; bytes: Buffer }> {
  const format = copied ?? 'ass'
  // Every other kind comes as ASS, unchecked: its bytes too are decoded here.
  const read = copied === undefined ? ['-sub_charenc_mode', 'ignore'] : []
  const codec = copied === undefined ? 'ass' : 'copy'
  const write = ['-map', `0:${index}`, '-c:s', codec, '-f', format, basename(scratch)]
  try {
    await runFfmpeg([filmInput(source, ...read)], write, { ...run, folder: dirname(scratch) })
    return { format, bytes: await readFile(scratch) }
  } finally {
    await rm(scratch, { force: true })
  }
}

/** Pure: `leftOut` holds words such as `2 drawings`. */
export function convertSubtitles(text: string, format: Format): { webVtt: string; leftOut: readonly string[] } {
  if (format === 'webvtt') return { webVtt: repairWebVtt(text), leftOut: [] }
  const { cues, unusable, drawings } = { drawings: 0, ...(format === 'ass' ? parseAss(text) : parseSubRip(text)) }
  return {
    webVtt: writeCues(cues),
    leftOut: [
      ...(drawings > 0 ? [`${counted(drawings, 'drawing')}, which no text can show`] : []),
      ...(unusable > 0 ? [`${counted(unusable, 'cue')} that ${unusable === 1 ? 'ends' : 'end'} before beginning`] : []),
    ],
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
