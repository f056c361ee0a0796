// Which of a file's subtitles can become text. Pure.
import { languageTag } from '../../../core/packaging/language.ts'
import { codecOf, type SourceInfo, type ProbedStream } from '../probe/probed.ts'

export interface SubtitleTrack {
  /** Of the stream in the film; undefined of a file beside it. */
  readonly index: number | undefined
  readonly file: SubtitleFile | undefined
  /** ffmpeg's name of it; `text` of a file, whose content says what it is. */
  readonly codec: string
  readonly language: string | undefined
  readonly title: string | undefined
  readonly isForced: boolean
  /** Sounds are described too. */
  readonly isForHearingImpaired: boolean
}

export interface SubtitleFile {
  readonly name: string
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedMs: number
}

const TEXTUAL = new Set([
  'subrip',
  'srt',
  'ass',
  'ssa',
  'mov_text',
  'webvtt',
  'text',
  'eia_608',
  'microdvd',
  'subviewer',
])

/** Those that are pictures (Blu-ray, DVD) or that this ffmpeg cannot decode are not among them. */
export function findSubtitles({ probe, abilities }: SourceInfo): SubtitleTrack[] {
  return (probe.streams ?? [])
    .filter(({ codec_type: type }) => type === 'subtitle')
    .filter(({ codec_name: codec = '' }) => TEXTUAL.has(codec) && abilities.decoders.has(codec))
    .map(readTrack)
}

function readTrack(stream: ProbedStream): SubtitleTrack {
  const title = stream.tags?.['title']?.trim()
  return {
    index: stream.index,
    file: undefined,
    codec: codecOf(stream),
    language: languageTag(stream.tags?.['language']),
    title: title === '' ? undefined : title,
    isForced: stream.disposition?.['forced'] === 1,
    isForHearingImpaired: stream.disposition?.['hearing_impaired'] === 1,
  }
}
