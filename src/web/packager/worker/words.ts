// Subtitles that lie beside a film → WebVTT on the stream's clock. Pure.
import { languageTag } from '../../../core/packaging/language.ts'
import { parseSubRip } from '../../../core/packaging/subrip.ts'
import { writeCues } from '../../../core/packaging/cues.ts'
import { anchorSubtitles } from '../../../core/packaging/webvtt.ts'
import { repairWebVtt } from '../../../core/packaging/webvtt-repair.ts'
import { betweenStemAndType } from '../dropped-files.ts'
import type { SubtitleFile } from '../messages.ts'

export interface WordsTrack {
  readonly language: string | undefined
  readonly title: string | undefined
  readonly mark: string
  readonly isForced: boolean
  readonly isForHearingImpaired: boolean
  readonly webVtt: string
}

/** `film.de.srt` is German, `film.en.forced.vtt` what is shown to everyone. Undefined when no cue is in it. */
export function readSubtitleFile({ fileName, text }: SubtitleFile, filmName: string): WordsTrack | undefined {
  const words = betweenStemAndType(fileName, filmName).split('.')
  const isForced = words.some((word) => /^forced$/i.test(word))
  const isForHearingImpaired = words.some((word) => /^(?:sdh|hi|cc)$/i.test(word))
  const language = words.map((word) => languageTag(word)).find((tag) => tag !== undefined)
  const webVtt = /\.vtt$/i.test(fileName) ? repairWebVtt(text, (seconds) => seconds) : writeCues(parseSubRip(text).cues)
  if (!webVtt.includes('-->')) return undefined
  return {
    language,
    title: undefined,
    mark: isForced ? ' (forced)' : isForHearingImpaired ? ' (SDH)' : '',
    isForced,
    isForHearingImpaired,
    webVtt: anchorSubtitles(webVtt, 0),
  }
}
