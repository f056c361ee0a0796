// What ffmpeg is told, so that all sizes and sounds of a film have one clock: they begin together, and key frames of all
// sizes lie at the same times, so that a player may change between them at any segment. Pure.
import { clockFilter } from '../probe/clock.ts'
import type { Film } from './film.ts'
import { fraction } from '../picture/frame-rate.ts'
import { filmInput, type Input } from '../tools/input.ts'
import type { Rung } from '../../../core/packaging/ladder.ts'
import type { AudioTrack } from './sound.ts'

export const SEGMENT_SECONDS = 4
export const KEY_FRAME_SECONDS = 2

export interface EncodeSettings {
  /** x264's word for how much time it takes to save how many bytes. */
  readonly preset: string
  /** One thread and no trace of the encoder's version: the same bytes each time. */
  readonly isReproducible: boolean
  readonly audioKilobits: (channels: number) => number
}

export const SEGMENT_NAME = 'segment-%d.m4s'
export const INIT_NAME = 'init.mp4'
/** Written by ffmpeg, and not believed. */
export const TOOL_PLAYLIST = 'ffmpeg.m3u8'

/** Stereo at most, which every player has. */
export function defaultAudioKilobits(channels: number): number {
  return channels === 1 ? 64 : 128
}

/** So many frames each segment of a film has, but for its last. */
export function framesPerSegment(film: Pick<Film, 'frameRate'>): number {
  return keyFrameEvery(film) * (SEGMENT_SECONDS / KEY_FRAME_SECONDS)
}

function keyFrameEvery({ frameRate }: Pick<Film, 'frameRate'>): number {
  return Math.max(1, Math.round(KEY_FRAME_SECONDS * fraction(frameRate)))
}

/** The film with no change of ffmpeg's own: it is turned, timed and sized by the filters. */
export function pictureInput(source: string, film: Film): Input {
  const { colour, index } = film.picture
  const repair = colour.repair === undefined ? [] : [`-bsf:${index}`, colour.repair]
  return filmInput(source, '-noautorotate', '-reinit_filter', '0', ...repair)
}

export function soundInput(source: string): Input {
  return filmInput(source)
}

/** All of `rungs` by one decoder, each in a folder of its name; from a frame on that begins a segment. */
export function pictureArguments(
  film: Film,
  rungs: readonly Rung[],
  settings: EncodeSettings,
  fromFrame: number,
): string[] {
  const [largest] = rungs
  if (largest === undefined) throw new TypeError('nothing to encode')
  const chain = pictureChain(film, largest, fromFrame)
  const parts = rungs.map((_, i) => `[part${i}]`).join('')
  const sizes = rungs.map(({ width, height }, i) => {
    const size = i === 0 ? '' : `scale=${width}:${height}:flags=lanczos,`
    return `[part${i}]${size}setsar=1[v${i}]`
  })
  const graph = [`[0:${film.picture.index}]${chain.join(',')},split=${rungs.length}${parts}`, ...sizes].join(';')
  const outputs = rungs.flatMap((rung, i) => [
    ...flags({ map: `[v${i}]` }),
    ...x264Flags(film, rung, settings),
    ...segmentFlags(film, rung.name, fromFrame / framesPerSegment(film)),
  ])
  return [...flags({ copyts: undefined, filter_complex: graph }), ...outputs]
}

/** The first frame of the picture, as small as it may be. */
export function pictureTrial(film: Film): string[] {
  const shape = film.width / film.height
  const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2))
  const chain = pictureChain(film, { width: even(64 * shape), height: 64 }, 0)
  const graph = `[0:${film.picture.index}]${chain.join(',')}[v]`
  return flags({ copyts: undefined, filter_complex: graph, map: '[v]', 'frames:v': 1 })
}

interface Size {
  readonly width: number
  readonly height: number
}

/** From what the file holds to frames of a constant rate and size, upright, in BT.709, to the end of the longest track. */
function pictureChain(film: Film, size: Size, fromFrame: number): string[] {
  const { picture, frames, pictureFrames } = film
  return [
    clockFilter(film.clock),
    // Two fields are taken apart only where every frame has the same size.
    ...(picture.isInterlaced ? [`scale=${picture.storedWidth}:${picture.storedHeight}`, 'yadif'] : []),
    // From zero on: what is missing at the beginning is shown as the first frame.
    `fps=${film.frameRate}:start_time=0:eof_action=pass`,
    ...(fromFrame > 0 ? [`trim=start_frame=${fromFrame}`] : []),
    ...fitInto(
      picture.turn.some((turn) => turn.startsWith('transpose')) ? sideways(size) : size,
      picture.colour.scaling,
    ),
    ...picture.turn,
    ...picture.colour.filters,
    `tpad=stop_mode=clone:stop=${frames - pictureFrames + 2}`,
    `trim=end_frame=${frames - fromFrame}`,
    'setpts=PTS-STARTPTS',
    // Turns, captions and mastering data are about the picture as it was.
    'sidedata=mode=delete',
  ]
}

function sideways({ width, height }: Size): Size {
  return { width: height, height: width }
}

/** A difference of shape that is only rounding. */
const NEAR_PIXELS = 8

/** Scales each frame by its own size and pixels; a film may change both in its middle. Bars fill what stays empty. */
function fitInto({ width, height }: Size, colours: string): string[] {
  const across = `2*max(1,round(min(${width},${height}*dar)/2))`
  const down = `2*max(1,round(min(${height},${width}/dar)/2))`
  const w = `if(lt(abs(${height}*dar-${width}),${NEAR_PIXELS}),${width},${across})`
  const h = `if(lt(abs(${width}/dar-${height}),${NEAR_PIXELS}),${height},${down})`
  const options = ['eval=frame', 'flags=lanczos', ...(colours === '' ? [] : [colours])].join(':')
  return [`scale=w='${w}':h='${h}':${options}`, `pad=${width}:${height}:-1:-1:eval=frame`, 'setsar=1']
}

/** Below this rate frames out of order would begin later than players wait. */
const LEAST_REORDERED_RATE = 23

function x264Flags(film: Film, rung: Rung, settings: EncodeSettings): string[] {
  const every = keyFrameEvery(film)
  const rate = { crf: rung.quality, maxrate: `${rung.maxKilobits}k`, bufsize: `${rung.maxKilobits * 2}k` }
  const order = {
    g: every,
    keyint_min: every,
    sc_threshold: 0,
    bf: fraction(film.frameRate) >= LEAST_REORDERED_RATE ? 2 : 0,
  }
  const tags = { color_primaries: 'bt709', color_trc: 'bt709', colorspace: 'bt709', color_range: 'tv' }
  const encoder = { 'c:v': 'libx264', preset: settings.preset, 'profile:v': rung.profile }
  return flags({ ...encoder, ...rate, ...order, ...tags, ...(settings.isReproducible && REPRODUCIBLE) })
}

/** AAC's encoder puts so much before its first sample; that much is cut, so that what is heard stays where it was. */
const AAC_DELAY_SAMPLES = 1024
/** A pause that is no rounding of the container's clock; half of what sound may be away from its picture, and a little. */
const GAP_SECONDS = 0.015

/** One sound, in a folder. */
export function soundArguments(film: Film, track: AudioTrack, settings: EncodeSettings, folder: string): string[] {
  const graph = `[0:${track.index}]${[...soundChain(film, track), `atrim=start_sample=${AAC_DELAY_SAMPLES}`].join(',')}[a]`
  const encoder = { 'c:a': 'aac', 'b:a': `${settings.audioKilobits(track.channels)}k` }
  return [
    ...flags({ copyts: undefined, filter_complex: graph, map: '[a]' }),
    ...flags({ ...encoder, ...(settings.isReproducible && REPRODUCIBLE) }),
    ...segmentFlags(film, folder, 0),
  ]
}

/** The first moments of a sound. */
export function soundTrial(film: Film, track: AudioTrack): string[] {
  const chain = soundChain(film, track).join(',')
  return flags({ copyts: undefined, filter_complex: `[0:${track.index}]${chain}[a]`, map: '[a]', t: 0.2 })
}

/** Silence where a track begins late, pauses or ends early: its clock is the picture's. */
function soundChain(film: Film, { mixing, sampleRate, channels, endSeconds }: AudioTrack): string[] {
  const { durationSeconds } = film
  return [
    `a${clockFilter(film.clock)}`,
    ...mixing,
    `aresample=async=1:first_pts=0:min_hard_comp=${GAP_SECONDS}`,
    `aformat=sample_rates=${sampleRate}:channel_layouts=${channels === 1 ? 'mono' : 'stereo'}`,
    `apad=pad_dur=${(Math.max(0, durationSeconds - endSeconds) + 0.1).toFixed(3)}`,
    `atrim=end=${durationSeconds.toFixed(6)}`,
  ]
}

const REPRODUCIBLE = { threads: 1, flags: '+bitexact', fflags: '+bitexact' }

/** No edit list: players differ in what they make of one. */
function segmentFlags(film: Film, folder: string, fromSegment: number): string[] {
  const seconds = Math.floor((framesPerSegment(film) / fraction(film.frameRate)) * 1e6) / 1e6
  const segments = { hls_time: seconds, hls_playlist_type: 'vod', hls_flags: 'temp_file', start_number: fromSegment }
  const fmp4 = { hls_segment_type: 'fmp4', hls_segment_options: 'use_editlist=0', hls_fmp4_init_filename: INIT_NAME }
  const names = { hls_segment_filename: `${folder}/${SEGMENT_NAME}` }
  const bare = { map_metadata: -1, map_chapters: -1, f: 'hls' }
  return [...flags({ ...bare, ...segments, ...fmp4, ...names }), `${folder}/${TOOL_PLAYLIST}`]
}

/** A name without a value is a switch. */
function flags(values: Readonly<Record<string, string | number | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [`-${name}`] : [`-${name}`, String(value)],
  )
}
