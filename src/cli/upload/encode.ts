// One rendition of a film as fMP4 segments and their playlist, by ffmpeg. All renditions begin at zero and have their
// key frames at the same times, so that a player may change between them at any segment.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fraction, type AudioTrack, type Film } from './film.ts'
import { filmInput } from './input.ts'
import type { Rung } from './ladder.ts'
import { runFfmpeg, type ToolRun } from './tool.ts'

export const SEGMENT_SECONDS = 4
export const KEY_FRAME_SECONDS = 2

export interface EncodeSettings {
  /** x264's word for how much time it takes to save how many bytes. */
  readonly preset: string
  /** One thread and no trace of the encoder's version: the same bytes each time. */
  readonly isReproducible: boolean
  readonly audioKilobits: (channels: number) => number
}

/** Stereo at most, which every player has. */
export function defaultAudioKilobits(channels: number): number {
  return channels === 1 ? 64 : 128
}

export async function encodeVideo(
  source: string,
  film: Film,
  rung: Rung,
  settings: EncodeSettings,
  folder: string,
  run: ToolRun,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await runFfmpeg([filmInput(source)], [...videoArguments(film, rung, settings), ...segmentArguments(folder)], run)
}

export async function encodeAudio(
  source: string,
  track: AudioTrack,
  settings: EncodeSettings,
  folder: string,
  run: ToolRun,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await runFfmpeg([filmInput(source)], [...audioArguments(track, settings), ...segmentArguments(folder)], run)
}

/** Pure: what ffmpeg is told about the picture. */
export function videoArguments(film: Film, rung: Rung, settings: EncodeSettings): string[] {
  const filters = [
    ...(film.isInterlaced ? ['yadif'] : []),
    // A constant rate from zero on: what is missing at the beginning is shown as the first frame.
    `fps=${film.frameRate}:start_time=0`,
    `scale=${rung.width}:${rung.height}:flags=lanczos`,
    'setsar=1',
    'format=yuv420p',
  ]
  const keyFrameEvery = String(Math.ceil(KEY_FRAME_SECONDS * fraction(film.frameRate)))
  return [
    '-map',
    `0:${film.videoIndex}`,
    '-map_metadata',
    '-1',
    '-map_chapters',
    '-1',
    '-vf',
    filters.join(','),
    '-c:v',
    'libx264',
    '-preset',
    settings.preset,
    '-profile:v',
    rung.profile,
    '-crf',
    String(rung.quality),
    '-maxrate',
    `${rung.maxKilobits}k`,
    '-bufsize',
    `${rung.maxKilobits * 2}k`,
    '-force_key_frames',
    `expr:gte(t,n_forced*${KEY_FRAME_SECONDS})`,
    '-g',
    keyFrameEvery,
    '-sc_threshold',
    '0',
    '-bf',
    '2',
    ...(settings.isReproducible ? REPRODUCIBLE : []),
  ]
}

/** Pure: what ffmpeg is told about the sound. */
export function audioArguments(track: AudioTrack, settings: EncodeSettings): string[] {
  return [
    '-map',
    `0:${track.index}`,
    '-map_metadata',
    '-1',
    '-map_chapters',
    '-1',
    // Silence where a track begins late or pauses: its clock must stay the picture's.
    '-af',
    'aresample=async=1:first_pts=0',
    '-c:a',
    'aac',
    '-b:a',
    `${settings.audioKilobits(track.channels)}k`,
    '-ac',
    String(Math.min(track.channels, 2)),
    '-ar',
    String(Math.min(track.sampleRate, 48_000)),
    ...(settings.isReproducible ? REPRODUCIBLE : []),
  ]
}

const REPRODUCIBLE = ['-threads', '1', '-flags', '+bitexact', '-fflags', '+bitexact']

function segmentArguments(folder: string): string[] {
  return [
    '-f',
    'hls',
    '-hls_time',
    String(SEGMENT_SECONDS),
    '-hls_playlist_type',
    'vod',
    '-hls_flags',
    'independent_segments',
    '-hls_segment_type',
    'fmp4',
    '-hls_segment_options',
    'movflags=+negative_cts_offsets',
    '-hls_fmp4_init_filename',
    'init.mp4',
    '-hls_segment_filename',
    join(folder, 'segment-%d.m4s'),
    join(folder, 'index.m3u8'),
  ]
}
