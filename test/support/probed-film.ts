// Probe results of films that exist only as ffprobe would tell them.
import type { TrackWishes } from '../../src/cli/upload/film/choice.ts'
import { decideTracks, type Film } from '../../src/cli/upload/film/film.ts'
import type { TrackTimes } from '../../src/cli/upload/probe/packets.ts'
import type { SourceInfo, Probe, ProbedStream } from '../../src/cli/upload/probe/probed.ts'
import type { SubtitleTrack } from '../../src/cli/upload/film/subtitle-track.ts'

const CODECS = ['h264', 'hevc', 'aac', 'pcm_s16le', 'mjpeg', 'subrip', 'ass', 'mov_text', 'hdmv_pgs_subtitle']
const FILTERS = ['zscale', 'tonemap', 'scale']

/** Frames that follow one another evenly. */
export function evenly(seconds: number, gap: number, from = 0): TrackTimes {
  const count = Math.max(1, Math.round(seconds / gap))
  const starts = Array.from({ length: count }, (_, i) => from + i * gap)
  const end = from + count * gap
  return { starts, durations: starts.map(() => gap), end, keyFrames: 1, setBackAt: undefined, isEncrypted: false }
}

export const picture = (more: Partial<ProbedStream> = {}): ProbedStream => ({
  index: 0,
  codec_type: 'video',
  codec_name: 'h264',
  width: 1920,
  height: 1080,
  pix_fmt: 'yuv420p',
  color_space: 'bt709',
  avg_frame_rate: '25/1',
  ...more,
})

export const sound = (index: number, more: Partial<ProbedStream> = {}): ProbedStream => ({
  index,
  codec_type: 'audio',
  codec_name: 'aac',
  channels: 2,
  channel_layout: 'stereo',
  sample_rate: '48000',
  ...more,
})

export const words = (index: number, codec: string, tags = {}): ProbedStream => ({
  index,
  codec_type: 'subtitle',
  codec_name: codec,
  tags,
})

/** Pictures of 25 frames a second and sounds, ten seconds each, unless told otherwise. */
export function sourceInfo(
  streams: readonly ProbedStream[],
  more: Partial<Omit<SourceInfo, 'probe'>> & { probe?: Partial<Probe> } = {},
): SourceInfo {
  const usual = streams.map(
    ({ index, codec_type: type }) => [index, evenly(10, type === 'audio' ? 0.02 : 0.04)] as const,
  )
  return {
    abilities: { decoders: new Set(CODECS), filters: new Set(FILTERS), hasInputFilters: true },
    failures: new Map(),
    ...more,
    probe: { streams, format: { format_name: 'matroska,webm', duration: '10' }, ...more.probe },
    times: more.times ?? new Map(usual),
  }
}

export function filmOf(source: SourceInfo, wishes: TrackWishes = {}): Film {
  const film = decideTracks(source, wishes)
  if ('refusal' in film) throw new Error(film.refusal)
  return film
}

export function subtitleTrack(more: Partial<SubtitleTrack> = {}): SubtitleTrack {
  return {
    index: 1,
    file: undefined,
    codec: 'subrip',
    language: undefined,
    title: undefined,
    isForced: false,
    isForHearingImpaired: false,
    ...more,
  }
}
