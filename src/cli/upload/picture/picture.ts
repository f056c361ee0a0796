// Which of a file's pictures is the film, and what is done with it before it is encoded. Pure.
import { decideColour, type Colour } from './colour.ts'
import { codecOf, refuse, type SourceInfo, type ProbedStream, type Refusal } from '../probe/probed.ts'

export interface Picture {
  /** Of the stream in the file. */
  readonly index: number
  /** As shown: turned upright, with square pixels. */
  readonly width: number
  readonly height: number
  /** As stored. */
  readonly storedWidth: number
  readonly storedHeight: number
  readonly isInterlaced: boolean
  /** A single frame, shown as long as there is sound. */
  readonly isStill: boolean
  /** ffmpeg's filters that turn it upright. */
  readonly turn: readonly string[]
  readonly colour: Colour
}

/** Pictures that belong to the file and not to the film. */
const COVERS = ['attached_pic', 'timed_thumbnails', 'still_image'] as const

/** The moving one; a single frame only where the file has no other and there is sound to go with it. */
export function choosePicture(source: SourceInfo, hasSound: boolean): ProbedStream | Refusal {
  const pictures = (source.probe.streams ?? []).filter((stream) => stream.codec_type === 'video')
  const shown = pictures.filter((stream) => !COVERS.some((cover) => stream.disposition?.[cover] === 1))
  if (shown.length === 0) return refuse('it has no picture')
  const frames = (stream: ProbedStream): number => source.times.get(stream.index)?.starts.length ?? 0
  const moving = shown.filter((stream) => frames(stream) > 1)
  const chosen =
    moving.find((stream) => stream.disposition?.['default'] === 1) ??
    moving[0] ??
    shown.find((stream) => frames(stream) === 1)
  if (chosen === undefined) return refuse('its picture has not one frame')
  if (moving.length === 0 && !hasSound) return refuse('it is a single picture without sound')
  return chosen
}

export function decidePicture(video: ProbedStream, source: SourceInfo): Picture | Refusal {
  const { index, width = 0, height = 0, codec_name: codec = '' } = video
  const failure = source.failures.get(index)
  if (video.codec_tag_string === 'drmi' || source.times.get(index)?.isEncrypted === true)
    return refuse('its picture is encrypted (DRM)')
  if (!source.abilities.decoders.has(codec)) return refuse(`this ffmpeg cannot decode its picture (${codecOf(video)})`)
  if (width < 1 || height < 1) return refuse('its picture has no size')
  if (failure !== undefined) return refuse(`ffmpeg fails to decode its picture: ${failure}`)
  const colour = decideColour(video, source.abilities)
  if ('refusal' in colour) return colour
  const turn = turnOf(video)
  const size = { width: Math.max(2, Math.round(width * pixelShape(video))), height: Math.max(2, height) }
  const isSideways = turn.some((filter) => filter.startsWith('transpose'))
  return {
    index,
    ...(isSideways ? { width: size.height, height: size.width } : size),
    storedWidth: width,
    storedHeight: height,
    isInterlaced: /^(?:tt|bb|tb|bt)$/.test(video.field_order ?? ''),
    isStill: source.times.get(index)?.starts.length === 1,
    turn,
    colour,
  }
}

/** How much wider than high a pixel is. */
function pixelShape(video: ProbedStream): number {
  const [across = 1, down = 1] = (video.sample_aspect_ratio ?? '1:1').split(':').map(Number)
  return across > 0 && down > 0 ? across / down : 1
}

/** By the signs of the matrix that takes a stored point to a shown one (ISO/IEC 14496-12 §6.2.2): x to x, x to y, y to x, y to y. */
const TURNS: Readonly<Record<string, readonly string[]>> = {
  '+00+': [],
  '-00-': ['hflip', 'vflip'],
  '-00+': ['hflip'],
  '+00-': ['vflip'],
  '0+-0': ['transpose=clock'],
  '0-+0': ['transpose=cclock'],
  '0++0': ['transpose=cclock_flip'],
  '0--0': ['transpose=clock_flip'],
}

function turnOf(video: ProbedStream): readonly string[] {
  const data = video.side_data_list?.find((side) => side.displaymatrix !== undefined || side.rotation !== undefined)
  const signs = signsOf(data?.displaymatrix)
  if (signs !== undefined) return TURNS[signs] ?? []
  // ffprobe counts against the clock, the old tag with it.
  const degrees = data?.rotation === undefined ? Number(video.tags?.['rotate'] ?? 0) : -data.rotation
  const quarters = (((Math.round(degrees / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3
  return [[], ['transpose=clock'], ['hflip', 'vflip'], ['transpose=cclock']][quarters] ?? []
}

/** Undefined when it is not a rotation matrix; an angle between two right ones is taken for the nearer. */
function signsOf(matrix: string | undefined): string | undefined {
  const rows = (matrix ?? '').split('\n').flatMap((row) => /: +(-?\d+) +(-?\d+) +-?\d+/.exec(row)?.slice(1, 3) ?? [])
  const [xx = 0, xy = 0, yx = 0, yy = 0] = rows.map(Number)
  if (rows.length < 4) return undefined
  const isUpright = Math.abs(xx) + Math.abs(yy) >= Math.abs(xy) + Math.abs(yx)
  const sign = (value: number): string => (value < 0 ? '-' : '+')
  return isUpright ? `${sign(xx)}00${sign(yy)}` : `0${sign(xy)}${sign(yx)}0`
}
