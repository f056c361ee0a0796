// What becomes of each track of a file, in words: shown by --dry-run, and said before the work where something is left
// out. Pure.
import { fraction } from '../picture/frame-rate.ts'
import { ladderFor } from '../../../core/packaging/ladder.ts'
import type { Picture } from '../picture/picture.ts'
import { codecOf, type ProbedStream } from '../probe/probed.ts'
import type { AudioTrack } from './sound.ts'
import type { SubtitleTrack } from './subtitle-track.ts'

export interface Decision {
  /** Of the stream in the film; undefined of a file beside it. */
  readonly index: number | undefined
  /** `Sound 2 (aac, de)` */
  readonly track: string
  /** `AAC, 44100 Hz, stereo`; undefined when it is left out. */
  readonly becomes: string | undefined
  /** Why it is left out, or made otherwise than it is. */
  readonly why: string | undefined
}

interface Decided {
  readonly picture: Picture
  readonly frameRate: string
  readonly frames: number
  readonly pictureFrames: number
  readonly durationSeconds: number
  readonly audio: readonly AudioTrack[]
  readonly subtitles: readonly SubtitleTrack[]
}

const KINDS: Readonly<Record<string, string>> = { video: 'Picture', audio: 'Sound', subtitle: 'Subtitles' }

interface Against {
  /** Reasons against sounds, by index. */
  readonly refused: ReadonlyMap<number, string>
  /** Of what could be made, were it wished for. */
  readonly unwished: readonly (number | undefined)[]
}

/** One for each stream of the film, and one for each file of subtitles beside it. */
export function describeTracks(streams: readonly ProbedStream[], film: Decided, against: Against): Decision[] {
  const beside = film.subtitles.flatMap(({ file, language }): Decision[] => {
    if (file === undefined) return []
    const track = `Subtitles ${file.name}${language === undefined ? '' : ` (${language})`}`
    return [{ index: undefined, track, becomes: 'WebVTT', why: undefined }]
  })
  const own = streams.map((stream) => {
    const kind = KINDS[stream.codec_type ?? ''] ?? 'Data'
    const language = stream.tags?.['language']
    const words = [codecOf(stream), ...(language === undefined || language === 'und' ? [] : [language])]
    const track = `${kind} ${stream.index} (${words.join(', ')})`
    return { index: stream.index, track, ...becomeOf(stream, film, against) }
  })
  return [...own, ...beside]
}

/** What people miss when it is left out; data they do not know of. */
export function isMissed({ track, becomes }: Decision): boolean {
  return becomes === undefined && !track.startsWith('Data')
}

/** `Sound 2 (apac) is left out: this ffmpeg cannot decode it`, or `Sound 1 (flac) becomes AAC, 48000 Hz, stereo`. */
export function sayDecision({ track, becomes, why }: Decision): string {
  if (becomes === undefined) return `${track} is left out${why === undefined ? '' : `: ${why}`}`
  return `${track} becomes ${becomes}${why === undefined ? '' : ` (${why})`}`
}

function becomeOf(
  stream: ProbedStream,
  film: Decided,
  { refused, unwished }: Against,
): Pick<Decision, 'becomes' | 'why'> {
  const sound = film.audio.find(({ index }) => index === stream.index)
  if (stream.index === film.picture.index) {
    const rate = Number(fraction(film.frameRate).toFixed(3))
    const [largest = film.picture] = ladderFor({ ...film.picture, framesPerSecond: rate })
    return {
      becomes: `H.264, ${largest.width}x${largest.height} and smaller, ${rate} frames/s`,
      why: changesOf(stream, film),
    }
  }
  if (sound !== undefined) {
    const channels = sound.channels === 1 ? 'mono' : 'stereo'
    return { becomes: `AAC, ${sound.sampleRate} Hz, ${channels}`, why: soundChanges(stream, sound, film) }
  }
  if (film.subtitles.some(({ index }) => index === stream.index)) return { becomes: 'WebVTT', why: undefined }
  if (unwished.includes(stream.index)) return { becomes: undefined, why: 'other tracks were asked for' }
  return { becomes: undefined, why: refused.get(stream.index) ?? reasonAgainst(stream) }
}

function changesOf(stream: ProbedStream, film: Decided): string | undefined {
  const { picture, frames, pictureFrames, frameRate } = film
  const away = Math.abs(fraction(stream.avg_frame_rate ?? '') / fraction(frameRate) - 1)
  const longer = (frames - pictureFrames) / fraction(frameRate)
  return join([
    picture.turn.length > 0 ? 'turned upright' : undefined,
    (stream.sample_aspect_ratio ?? '1:1') === '1:1' || stream.sample_aspect_ratio === '0:1'
      ? undefined
      : 'pixels made square',
    picture.isInterlaced ? 'deinterlaced' : undefined,
    picture.colour.note,
    !picture.isStill && away > 0.01 ? 'the rate that most frames have' : undefined,
    longer > 0.1 ? `the last frame stays for ${longer.toFixed(1)} s, until the sound ends` : undefined,
  ])
}

function soundChanges(
  { sample_rate: rate, channel_layout: layout }: ProbedStream,
  sound: AudioTrack,
  film: Decided,
): string | undefined {
  const silence = film.durationSeconds - sound.endSeconds
  return join([
    Number(rate) === sound.sampleRate ? undefined : `resampled from ${rate} Hz`,
    sound.channels <= 2
      ? undefined
      : `${sound.channels} channels${layout === undefined || sound.mixing.length > 0 ? ' without a known place, left and right in turn' : ` (${layout})`} mixed down`,
    silence > 0.1 ? `silent for the last ${silence.toFixed(1)} s` : undefined,
  ])
}

function reasonAgainst(stream: ProbedStream): string {
  switch (stream.codec_type) {
    case 'video':
      return stream.disposition?.['attached_pic'] === 1 ? 'it is a cover' : 'the film has another picture'
    case 'subtitle':
      return 'no text can be made of it'
    default:
      return 'it is neither picture, sound nor subtitles'
  }
}

function join(words: readonly (string | undefined)[]): string | undefined {
  const said = words.filter((word) => word !== undefined)
  return said.length === 0 ? undefined : said.join(', ')
}
