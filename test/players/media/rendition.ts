// Cuts tracks into one HLS rendition with ffmpeg, their samples untouched.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runFfmpeg } from './ffmpeg.ts'
import { SEGMENT_SECONDS } from './film.ts'

export interface Cut {
  readonly container: 'mpegts' | 'fmp4'
  /** All segments are byte ranges of one file (RFC 8216bis §4.4.4.2). */
  readonly isOneFile?: boolean
  /** Without its extension; ffmpeg writes it into the playlist as it is, unencoded. */
  readonly segmentName?: string
}

/** Writes `folder/index.m3u8` and its segments; the tracks are one file each. */
export async function cutRendition(tracks: readonly string[], folder: string, cut: Cut): Promise<void> {
  await mkdir(folder, { recursive: true })
  const name = cut.segmentName ?? 'segment'
  const extension = { mpegts: 'ts', fmp4: 'm4s' }[cut.container]
  const file = cut.isOneFile ? `${name}.${extension}` : `${name}-%d.${extension}`
  const inputs = tracks.flatMap((track) => ['-i', track])
  const maps = tracks.flatMap((_, index) => ['-map', String(index)])
  const flags = cut.isOneFile ? 'independent_segments+single_file' : 'independent_segments'
  await runFfmpeg([
    ...inputs,
    ...maps,
    '-c',
    'copy',
    '-f',
    'hls',
    '-hls_playlist_type',
    'vod',
    '-hls_time',
    String(SEGMENT_SECONDS),
    '-hls_flags',
    flags,
    '-hls_segment_type',
    cut.container,
    '-hls_fmp4_init_filename',
    'init.mp4',
    '-hls_segment_filename',
    join(folder, file),
    join(folder, 'index.m3u8'),
  ])
}
