// Which of a file's subtitles can become text. Pure.
import { languageTag } from './language.ts'
import { codecOf, type FilmFacts, type ProbedStream } from './probed.ts'

export interface SubtitleTrack {
  readonly index: number
  /** ffmpeg's name of it. */
  readonly codec: string
  readonly language: string | undefined
  readonly title: string | undefined
  readonly isForced: boolean
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
export function findSubtitles({ probe, abilities }: FilmFacts): SubtitleTrack[] {
  return (probe.streams ?? [])
    .filter(({ codec_type: type }) => type === 'subtitle')
    .filter(({ codec_name: codec = '' }) => TEXTUAL.has(codec) && abilities.decoders.has(codec))
    .map(readTrack)
}

function readTrack(stream: ProbedStream): SubtitleTrack {
  const title = stream.tags?.['title']?.trim()
  return {
    index: stream.index,
    codec: codecOf(stream),
    language: languageTag(stream.tags?.['language']),
    title: title === '' ? undefined : title,
    isForced: stream.disposition?.['forced'] === 1,
  }
}
