// A film as ffprobe describes it → what encoding needs to know of it. Pure.
import { readChapters, type Chapter, type ProbedChapter } from './chapters.ts'
import { languageTag } from './language.ts'

export interface AudioTrack {
  /** Of the stream in the file. */
  readonly index: number
  readonly channels: number
  readonly sampleRate: number
  /** BCP 47. */
  readonly language: string | undefined
  readonly title: string | undefined
  readonly isDefault: boolean
}

export interface SubtitleTrack {
  readonly index: number
  /** ffmpeg's name of it. */
  readonly codec: string
  readonly language: string | undefined
  readonly title: string | undefined
  readonly isForced: boolean
}

export interface Film {
  readonly videoIndex: number
  /** As shown: turned upright, with square pixels. */
  readonly width: number
  readonly height: number
  /** Frames per second as a fraction, as in `30000/1001`. */
  readonly frameRate: string
  readonly isInterlaced: boolean
  /** 0 when the file does not say. */
  readonly durationSeconds: number
  readonly audio: readonly AudioTrack[]
  readonly subtitles: readonly SubtitleTrack[]
  /** Subtitles that are pictures: no text can be made of them. */
  readonly pictureSubtitles: number
  readonly chapters: readonly Chapter[]
}

/** What of ffprobe's JSON is read; every field may be missing. */
export interface ProbedStream {
  readonly index: number
  readonly codec_type?: string
  readonly codec_name?: string
  readonly width?: number
  readonly height?: number
  readonly sample_aspect_ratio?: string
  readonly avg_frame_rate?: string
  readonly r_frame_rate?: string
  readonly field_order?: string
  readonly channels?: number
  readonly sample_rate?: string
  readonly duration?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly disposition?: Readonly<Record<string, number>>
  readonly side_data_list?: readonly { readonly rotation?: number }[]
}
export interface Probe {
  readonly format?: { readonly format_name?: string; readonly duration?: string; readonly start_time?: string }
  readonly streams?: readonly ProbedStream[]
  readonly chapters?: readonly ProbedChapter[]
}

const TEXT_SUBTITLES = new Set([
  'subrip',
  'srt',
  'ass',
  'ssa',
  'mov_text',
  'webvtt',
  'text',
  'ttml',
  'microdvd',
  'subviewer',
])

/** ffprobe takes a picture for a film of one frame, and a text file for a terminal's screen. */
const STILL_FORMATS = /(?:^|,)(?:image2|tty|bin|xbin|adf|idf|ico|\w+_pipe)(?:,|$)/

const MAX_FRAME_RATE = 60

/** Undefined when there is no moving picture in it. `languages` name the audio tracks that have no language, in order. */
export function readFilm(probe: Probe, languages: readonly string[] = []): Film | undefined {
  const streams = probe.streams ?? []
  const isStill = STILL_FORMATS.test(probe.format?.format_name ?? '')
  const video = streams.find((stream) => stream.codec_type === 'video' && stream.disposition?.['attached_pic'] !== 1)
  if (video === undefined || isStill || !video.width || !video.height) return undefined
  const subtitles = streams.filter((stream) => stream.codec_type === 'subtitle')
  const texts = subtitles.filter((stream) => TEXT_SUBTITLES.has(stream.codec_name ?? ''))
  const durationSeconds = seconds(probe.format?.duration) || seconds(video.duration)
  const startSeconds = Number(probe.format?.start_time ?? 0) || 0
  return {
    videoIndex: video.index,
    ...shownSize(video),
    frameRate: readFrameRate(video),
    isInterlaced: /^(?:tt|bb|tb|bt)$/.test(video.field_order ?? ''),
    durationSeconds,
    audio: readAudio(streams, languages),
    subtitles: texts.map(readSubtitles),
    pictureSubtitles: subtitles.length - texts.length,
    chapters: readChapters(probe.chapters ?? [], { startSeconds, durationSeconds }),
  }
}

function readAudio(streams: readonly ProbedStream[], languages: readonly string[]): AudioTrack[] {
  const unnamed = [...languages]
  return streams
    .filter((stream) => stream.codec_type === 'audio' && (stream.channels ?? 0) > 0)
    .map((stream) => {
      const track = named(stream)
      return {
        ...track,
        language: track.language ?? languageTag(unnamed.shift()),
        channels: stream.channels ?? 2,
        sampleRate: Number(stream.sample_rate ?? 48_000),
        isDefault: stream.disposition?.['default'] === 1,
      }
    })
}

function readSubtitles(stream: ProbedStream): SubtitleTrack {
  return { ...named(stream), codec: stream.codec_name ?? '', isForced: stream.disposition?.['forced'] === 1 }
}

function named(stream: ProbedStream) {
  const title = stream.tags?.['title']?.trim()
  return {
    index: stream.index,
    language: languageTag(stream.tags?.['language']),
    title: title === '' ? undefined : title,
  }
}

function shownSize(video: ProbedStream): { width: number; height: number } {
  const [across = 1, down = 1] = (video.sample_aspect_ratio ?? '1:1').split(':').map(Number)
  const pixel = across > 0 && down > 0 ? across / down : 1
  const width = Math.round((video.width ?? 0) * pixel)
  const height = video.height ?? 0
  const turn = video.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? video.tags?.['rotate']
  return Math.abs(Number(turn ?? 0)) % 180 === 90 ? { width: height, height: width } : { width, height }
}

/** The average: what is cut out of a film of changing rates is a film of a constant one. */
function readFrameRate(video: ProbedStream): string {
  for (const rate of [video.avg_frame_rate, video.r_frame_rate]) {
    const value = fraction(rate ?? '')
    if (rate !== undefined && value >= 1) return value > MAX_FRAME_RATE ? String(MAX_FRAME_RATE) : rate
  }
  return '25'
}

/** The value of `30000/1001` or `25`; 0 when it has none. */
export function fraction(text: string): number {
  const [top = 0, bottom = 1] = text.split('/').map(Number)
  const value = top / bottom
  return Number.isFinite(value) ? value : 0
}

function seconds(text: string | undefined): number {
  const value = Number(text ?? 0)
  return Number.isFinite(value) && value > 0 ? value : 0
}
