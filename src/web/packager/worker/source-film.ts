// What is in a film's file, read in slices: its picture, its sounds, when it begins and how long it is.
import {
  BlobSource,
  EncodedPacketSink,
  Input,
  MATROSKA,
  MP4,
  MPEG_TS,
  QTFF,
  WEBM,
  type AudioCodec,
  type InputAudioTrack,
  type InputVideoTrack,
  type VideoCodec,
} from 'mediabunny'
import { languageTag } from '../../../core/packaging/language.ts'
import { Refused } from './refused.ts'

export interface SourcePicture {
  readonly track: InputVideoTrack
  readonly packets: EncodedPacketSink
  readonly codec: VideoCodec
  /** RFC 6381. */
  readonly codecText: string
  readonly decoderConfig: VideoDecoderConfig
  /** As it is shown. */
  readonly width: number
  readonly height: number
  readonly isUpright: boolean
  readonly framesPerSecond: number | undefined
  readonly range: 'SDR' | 'HLG' | 'PQ'
  readonly canDecode: boolean
}

export interface SourceSound {
  readonly track: InputAudioTrack
  readonly packets: EncodedPacketSink
  readonly codec: AudioCodec | undefined
  /** What a playlist calls it; undefined when HLS does not carry it. */
  readonly hlsCodec: string | undefined
  readonly decoderConfig: AudioDecoderConfig | undefined
  readonly codecName: string
  readonly channels: number
  readonly sampleRate: number
  readonly language: string | undefined
  readonly title: string | undefined
  readonly isDefault: boolean
  readonly canDecode: boolean
}

export interface SourceFilm {
  readonly picture: SourcePicture
  /** The film's own default first. */
  readonly sounds: readonly SourceSound[]
  /** What the film's clock shows at the stream's beginning. */
  readonly zeroSeconds: number
  readonly durationSeconds: number
  close(): void
}

/** Frames that are looked at for the frame rate. */
const SAMPLE_PACKETS = 200
/** A sound that begins so much before its picture holds what a decoder needs before it, and nothing to be heard. */
const PRIMING_SECONDS = 0.2

export async function openFilm(file: File): Promise<SourceFilm> {
  if (typeof VideoDecoder === 'undefined') throw new Refused('no_webcodecs')
  const input = new Input({ formats: [MP4, QTFF, MATROSKA, WEBM, MPEG_TS], source: new BlobSource(file) })
  if (!(await input.canRead())) throw new Refused('not_a_film')
  const track = await input.getPrimaryVideoTrack()
  if (track === null) throw new Refused('no_picture')
  const picture = await readPicture(track)
  const sounds = await Promise.all((await input.getAudioTracks()).map(readSound))
  const pictureStart = await track.getFirstTimestamp()
  const soundStarts = await Promise.all(sounds.map((sound) => sound.track.getFirstTimestamp()))
  const earliest = Math.min(pictureStart, ...soundStarts)
  const end = (await input.getDurationFromMetadata()) ?? (await input.computeDuration())
  const zeroSeconds = pictureStart - earliest < PRIMING_SECONDS ? pictureStart : earliest
  return {
    picture,
    sounds: [...sounds.filter((one) => one.isDefault), ...sounds.filter((one) => !one.isDefault)],
    zeroSeconds,
    durationSeconds: Math.max(0, end - zeroSeconds),
    close: () => input.dispose(),
  }
}

async function readPicture(track: InputVideoTrack): Promise<SourcePicture> {
  const codec = await track.getCodec()
  const decoderConfig = await track.getDecoderConfig()
  const codecText = await track.getCodecParameterString()
  if (codec === null || decoderConfig === null || codecText === null) throw new Refused('unknown_codec')
  const { averagePacketRate } = await track.computePacketStats(SAMPLE_PACKETS)
  // The browsers' types know no HDR yet.
  const transfer: string | null | undefined = (await track.getColorSpace()).transfer
  return {
    track,
    packets: new EncodedPacketSink(track),
    codec,
    codecText,
    decoderConfig,
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    isUpright: (await track.getRotation()) === 0 && !(await track.getFlip()),
    framesPerSecond: averagePacketRate > 0 ? averagePacketRate : undefined,
    range: transfer === 'pq' ? 'PQ' : transfer === 'hlg' ? 'HLG' : 'SDR',
    canDecode: await track.canDecode(),
  }
}

async function readSound(track: InputAudioTrack): Promise<SourceSound> {
  const codec = (await track.getCodec()) ?? undefined
  const decoderConfig = (await track.getDecoderConfig()) ?? undefined
  const name = (await track.getName())?.trim()
  return {
    track,
    packets: new EncodedPacketSink(track),
    codec,
    hlsCodec: hlsCodecOf(codec, decoderConfig?.codec),
    decoderConfig,
    codecName: codec ?? String(await track.getInternalCodecId()),
    channels: await track.getNumberOfChannels(),
    sampleRate: await track.getSampleRate(),
    language: languageTag(await track.getLanguageCode()),
    title: name === undefined || name === '' ? undefined : name,
    isDefault: (await track.getDisposition()).default,
    canDecode: await track.canDecode(),
  }
}

/** Of codecs that HLS carries in fragmented MP4 (RFC 6381, and the registry of sample entries). */
function hlsCodecOf(codec: AudioCodec | undefined, text: string | undefined): string | undefined {
  switch (codec) {
    case 'aac':
      return text?.startsWith('mp4a.40.') === true ? text : 'mp4a.40.2'
    case 'mp3':
      return 'mp4a.40.34'
    case 'opus':
      return 'Opus'
    case 'ac3':
      return 'ac-3'
    case 'eac3':
      return 'ec-3'
    case 'flac':
      return 'fLaC'
    default:
      return undefined
  }
}
