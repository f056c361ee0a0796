// What a film or stream really is when it is decoded: when it flashes, when it beeps, what colour a point has.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const runFile = promisify(execFile)

async function run(program: string, args: readonly string[]): Promise<string> {
  const options = { maxBuffer: 2 ** 28 }
  return (await runFile(program, ['-v', 'error', ...args], options)).stdout
}

/** Seconds from the first flash to the first beep. */
export async function measureOffset(
  picture: string,
  sound: string,
  maps: { readonly picture?: string; readonly sound?: string } = {},
): Promise<number> {
  const { picture: seenMap = '0:V:0', sound: heardMap = '0:a:0' } = maps
  const [seen, heard] = await Promise.all([measureFlash(picture, seenMap), measureBeep(sound, heardMap)])
  return heard - seen
}

async function measureFlash(path: string, map: string): Promise<number> {
  const filters = 'signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=-'
  const text = await run('ffmpeg', ['-copyts', '-i', path, '-map', map, '-vf', filters, '-f', 'null', '-'])
  return firstAbove(text, 120)
}

async function measureBeep(path: string, map: string): Promise<number> {
  const filters =
    'aformat=sample_rates=48000,asetnsamples=n=48,astats=metadata=1:reset=1,' +
    'ametadata=mode=print:key=lavfi.astats.Overall.RMS_level:file=-'
  const text = await run('ffmpeg', ['-copyts', '-i', path, '-map', map, '-af', filters, '-f', 'null', '-'])
  return firstAbove(text, -20)
}

/** When the value first is above `limit`: lines of `metadata=print`, in pairs. */
function firstAbove(text: string, limit: number): number {
  for (const [, seconds, value] of text.matchAll(/pts_time:(-?[\d.]+)\n[\w.]+=(-?[\d.]+)/g)) {
    if (Number(value) > limit) return Number(seconds)
  }
  throw new Error('neither flash nor beep')
}

export interface ProbedStream {
  readonly codec_type: string
  readonly width?: number
  readonly height?: number
  readonly start_time?: string
  readonly nb_read_packets?: string
  readonly avg_frame_rate?: string
  readonly sample_rate?: string
  readonly channels?: number
  readonly color_space?: string
  readonly color_transfer?: string
  readonly color_primaries?: string
  readonly color_range?: string
  readonly pix_fmt?: string
  readonly side_data_list?: readonly unknown[]
}

export async function probeStreams(path: string): Promise<{ streams: readonly ProbedStream[]; seconds: number }> {
  const text = await run('ffprobe', ['-show_format', '-show_streams', '-count_packets', '-of', 'json', path])
  const { streams, format } = JSON.parse(text) as { streams: ProbedStream[]; format: { duration?: string } }
  return { streams, seconds: Number(format.duration) }
}

/** Red, green and blue in the middle of a picture, or of a film's frame at a time. */
export async function measureColour(path: string, atSeconds = 0): Promise<readonly [number, number, number]> {
  const options = { encoding: 'buffer' as const, maxBuffer: 2 ** 24 }
  const matrix = path.endsWith('.jpg') ? '' : 'scale=in_color_matrix=bt709:in_range=tv,'
  const filters = `select='gte(t,${atSeconds})',${matrix}format=gbrp,crop=4:4,scale=1:1,format=rgb24`
  const args = ['-v', 'error', '-i', path, '-vf', filters, '-frames:v', '1', '-f', 'rawvideo', '-']
  const { stdout } = await runFile('ffmpeg', args, options)
  return [stdout[0] ?? -1, stdout[1] ?? -1, stdout[2] ?? -1]
}
