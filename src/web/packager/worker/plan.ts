// What becomes of a film: which of its tracks are carried as they are, and which sizes are made beside.
import { ladderFor, type Rung } from '../../../core/packaging/ladder.ts'
import { placeTracks, type Placed } from '../../../core/packaging/track-places.ts'
import type { Notice } from '../film-upload.ts'
import type { PackageOrder } from '../messages.ts'
import { canEncodeRung } from './encode-pictures.ts'
import { Refused } from './refused.ts'
import type { SourceFilm, SourceSound } from './source-film.ts'
import { readSubtitleFile, type WordsTrack } from './words.ts'

export interface Plan {
  /** Undefined: the packets are copied. */
  readonly top: Rung | undefined
  /** `1080p` of what is largest. */
  readonly topName: string
  /** Largest first. */
  readonly smaller: readonly Rung[]
  readonly sounds: readonly Placed<CopiedSound>[]
  readonly words: readonly Placed<WordsTrack>[]
  /** Of the whole stream, before anything is made. */
  readonly streamBytes: number
}

/** A sound that is carried as it is. */
export interface CopiedSound extends SourceSound {
  readonly hlsCodec: string
}

type Tell = (notice: Notice) => void

/** Codecs that HLS carries as they are (RFC 8216bis §3.1.1, and Apple's authoring specification). */
const CARRIED: ReadonlySet<string> = new Set(['avc', 'hevc', 'av1'])
/** As the ladder steps: a size that is not really smaller helps nobody. */
const STEP = 0.85
/** Codecs of sound that some devices play, and browsers mostly do not. */
const RARE: ReadonlySet<string> = new Set(['ac3', 'eac3'])

export async function planFilm(film: SourceFilm, order: PackageOrder, tell: Tell): Promise<Plan> {
  const { picture, durationSeconds } = film
  const short = Math.min(picture.width, picture.height)
  const rungs = await encodableRungs(film, tell)
  const isCopied = CARRIED.has(picture.codec) && (picture.isUpright || rungs.length === 0)
  const [top, ...rest] = rungs
  if (!isCopied && top === undefined) throw new Refused('unknown_codec')
  const smaller = isCopied ? rungs.filter(({ width, height }) => Math.min(width, height) <= short * STEP) : rest
  const bits = (isCopied ? smaller : rungs).reduce((sum, { maxKilobits }) => sum + maxKilobits * 750, 0)
  return {
    top: isCopied ? undefined : top,
    topName: isCopied || top === undefined ? `${short}p` : top.name,
    smaller,
    sounds: placeTracks(
      'audio',
      film.sounds.filter((sound) => isCarried(sound, tell)),
    ),
    words: placeWords(order, tell),
    streamBytes: Math.round((isCopied ? order.file.size : 0) + (bits * durationSeconds) / 8),
  }
}

/** Of the ladder, all or nothing: what this browser can decode and encode. */
async function encodableRungs({ picture }: SourceFilm, tell: Tell): Promise<readonly Rung[]> {
  const rungs = ladderFor({ ...picture, framesPerSecond: picture.framesPerSecond ?? 30 })
  if (picture.range !== 'SDR') return none('hdr')
  if (!picture.canDecode) return none('no_decoder')
  const [largest] = rungs
  return largest !== undefined && (await canEncodeRung(largest)) ? rungs : none('no_encoder')

  function none(reason: 'hdr' | 'no_decoder' | 'no_encoder'): readonly Rung[] {
    tell({ code: 'one_quality', reason })
    return []
  }
}

function isCarried(sound: SourceSound, tell: Tell): sound is CopiedSound {
  const { codec = '', codecName, language, title } = sound
  const track = title ?? language ?? ''
  if (sound.hlsCodec === undefined || sound.decoderConfig === undefined) {
    tell({ code: 'audio_left_out', track, codec: codecName })
    return false
  }
  if (RARE.has(codec)) tell({ code: 'rare_audio', track, codec: codecName })
  return true
}

function placeWords({ subtitles, file }: PackageOrder, tell: Tell): readonly Placed<WordsTrack>[] {
  const tracks = subtitles.flatMap((subtitle) => {
    const track = readSubtitleFile(subtitle, file.name)
    if (track === undefined) tell({ code: 'subtitles_left_out', name: subtitle.fileName })
    return track ?? []
  })
  return placeTracks('subtitles', tracks)
}
