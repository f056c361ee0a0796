// What is known of a file and of the tools before anything is decided: ffprobe's JSON, of which any field may be
// missing, the times of all frames, and what this ffmpeg is able to do. Pure.
import type { ProbedChapter } from './chapters.ts'
import type { TrackTimes } from './packets.ts'

export interface ProbedStream {
  readonly index: number
  readonly codec_type?: string
  readonly codec_name?: string
  readonly codec_tag_string?: string
  readonly width?: number
  readonly height?: number
  readonly sample_aspect_ratio?: string
  readonly avg_frame_rate?: string
  readonly r_frame_rate?: string
  readonly field_order?: string
  readonly pix_fmt?: string
  readonly color_range?: string
  readonly color_space?: string
  readonly color_transfer?: string
  readonly color_primaries?: string
  readonly channels?: number
  readonly channel_layout?: string
  readonly sample_rate?: string
  readonly start_time?: string
  readonly duration?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly disposition?: Readonly<Record<string, number>>
  readonly side_data_list?: readonly SideData[]
}

export interface SideData {
  readonly rotation?: number
  /** ffprobe's dump of nine numbers in three lines. */
  readonly displaymatrix?: string
  readonly dv_profile?: number
}

export interface Probe {
  readonly format?: { readonly format_name?: string; readonly start_time?: string; readonly duration?: string }
  readonly streams?: readonly ProbedStream[]
  readonly chapters?: readonly ProbedChapter[]
}

export interface Abilities {
  /** Names of the codecs that can be decoded. */
  readonly decoders: ReadonlySet<string>
  readonly filters: ReadonlySet<string>
  /** Bitstream filters may stand before an input, from ffmpeg 7 on. */
  readonly hasInputFilters: boolean
}

export interface SourceInfo {
  readonly probe: Probe
  /** By the stream's index; nothing of a stream without a frame. */
  readonly times: ReadonlyMap<number, TrackTimes>
  readonly abilities: Abilities
  /** What ffmpeg said of streams that it failed to decode, by index. */
  readonly failures: ReadonlyMap<number, string>
}

/** Why nothing can be made: the end of a sentence that begins with the file's name. */
export interface Refusal {
  readonly refusal: string
}

export function refuse(refusal: string): Refusal {
  return { refusal }
}

/** Seconds of a field that may be missing or negative; undefined when it says nothing. */
export function readSeconds(text: string | undefined): number | undefined {
  const value = Number(text ?? NaN)
  return Number.isFinite(value) ? value : undefined
}

/** `h264`, or the container's name of it where ffmpeg has none. */
export function codecOf(stream: ProbedStream): string {
  const { codec_name: name, codec_tag_string: tag } = stream
  if (name !== undefined && name !== 'unknown' && name !== 'none') return name
  return tag === undefined || tag.startsWith('[0]') ? 'of an unknown kind' : tag
}
