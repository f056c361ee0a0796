// What becomes of each sound of a file: made to AAC that every player has, or left out with a reason. Pure.
import { languageTag } from '../../../core/packaging/language.ts'
import { codecOf, refuse, type SourceInfo, type ProbedStream, type Refusal } from '../probe/probed.ts'

export interface AudioTrack {
  /** Of the stream in the file. */
  readonly index: number
  readonly channels: number
  /** Of what is made. */
  readonly sampleRate: number
  /** What ffmpeg does with its channels before they are resampled. */
  readonly mixing: readonly string[]
  /** BCP 47. */
  readonly language: string | undefined
  readonly title: string | undefined
  readonly isDefault: boolean
  /** Seconds from the film's beginning. */
  readonly endSeconds: number
}

/** That AAC has and players take (ISO/IEC 14496-3 §1.6.3.4). */
const SAMPLE_RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const

/** Up to eight channels ffmpeg knows where each belongs, if the file says. */
const MOST_KNOWN_CHANNELS = 8

export function decideSound(stream: ProbedStream, source: SourceInfo): Omit<AudioTrack, 'endSeconds'> | Refusal {
  const { index, channels = 0, sample_rate: rate } = stream
  const failure = source.failures.get(index)
  const codec = stream.codec_name ?? ''
  if (stream.codec_tag_string === 'drms' || source.times.get(index)?.isEncrypted === true)
    return refuse('it is encrypted (DRM)')
  if (!source.abilities.decoders.has(codec)) return refuse(`this ffmpeg cannot decode it (${codecOf(stream)})`)
  if (!source.times.has(index)) return refuse('there is nothing in it')
  if (channels < 1 || !(Number(rate) > 0)) return refuse('it has no channels')
  if (failure !== undefined) return refuse(`ffmpeg fails to decode it: ${failure}`)
  const title = stream.tags?.['title']?.trim()
  return {
    index,
    channels,
    sampleRate: nearestRate(Number(rate)),
    mixing: mixingOf(stream),
    language: languageTag(stream.tags?.['language']),
    title: title === '' ? undefined : title,
    isDefault: stream.disposition?.['default'] === 1,
  }
}

/** The same, or the next higher one, so that nothing is lost. */
function nearestRate(rate: number): number {
  return SAMPLE_RATES.find((known) => known >= rate) ?? 48_000
}

/**
 * Channels of unknown position, as field recorders and cameras make them, go left and right in turn; two of
 * them are stereo.
 */
function mixingOf({ channels = 0, channel_layout: layout }: ProbedStream): string[] {
  const isKnown = layout !== undefined && layout !== 'unknown' && !/channels?$/.test(layout)
  if (channels <= 2 || (isKnown && channels <= MOST_KNOWN_CHANNELS)) return []
  const side = (first: number): string =>
    Array.from({ length: Math.ceil((channels - first) / 2) }, (_, i) => `c${first + 2 * i}`).join('+')
  return [`pan=stereo|c0<${side(0)}|c1<${side(1)}`]
}
