// What a film's colours are, and the filters that make BT.709 of them, which is what every player shows. Pure.
import { refuse, type Abilities, type ProbedStream, type Refusal } from '../probe/probed.ts'

export interface Colour {
  /** What the filter `scale`, which makes the size, is told about colours. */
  readonly scaling: string
  /** What follows it and leaves BT.709 in 8 bits. */
  readonly filters: readonly string[]
  /** A bitstream filter before the decoder, for what newer ffmpegs do not take. */
  readonly repair: string | undefined
  /** What was changed, for people; undefined when nothing was. */
  readonly note: string | undefined
}

/** What ffmpeg's `scale` knows, by ffprobe's names. */
const MATRICES: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  fcc: 'fcc',
  bt470bg: 'bt601',
  smpte170m: 'bt601',
  smpte240m: 'smpte240m',
  bt2020nc: 'bt2020',
  bt2020ncl: 'bt2020',
}

/** Known to `zscale` alone. */
const RARE_MATRICES = new Set(['ycgco', 'bt2020c', 'bt2020cl', 'chroma-derived-nc', 'chroma-derived-c', 'ictcp'])
const WIDE_PRIMARIES = new Set(['bt2020', 'smpte431', 'smpte432'])
const HDR_TRANSFERS: Readonly<Record<string, string>> = { smpte2084: 'PQ', 'arib-std-b67': 'HLG' }
const RGB = /^(?:(?:[0a]|x2)?(?:rgb|bgr)|gbr|pal8|bayer)/

/** The smallest pictures that are taken for high definition where the file does not say what its colours are. */
const HD_LINES = 720

const TO_BT709 = 'out_color_matrix=bt709:out_range=tv'
/** Eight bits, and tags that say what was made. */
const BT709 = ['format=yuv420p', 'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv']

export function decideColour(video: ProbedStream, abilities: Abilities): Colour | Refusal {
  const repair = abilities.hasInputFilters ? repairOf(video) : undefined
  const needs = (filters: readonly string[]): string[] => filters.filter((name) => !abilities.filters.has(name))
  const transfer = HDR_TRANSFERS[video.color_transfer ?? '']
  if (hasForeignBase(video)) {
    return refuse('its picture is Dolby Vision of profile 5, which only a licensed decoder shows in the right colours')
  }
  if (transfer !== undefined) {
    const missing = needs(['zscale', 'tonemap'])
    if (missing.length > 0) {
      return refuse(
        `its picture is HDR (${transfer}), and this ffmpeg lacks the filters for it (${missing.join(', ')}): ` +
          'install a complete one, or export the film as SDR',
      )
    }
    return { scaling: '', filters: toneMap(video), repair, note: `HDR (${transfer}) becomes SDR (BT.709)` }
  }
  if (RGB.test(video.pix_fmt ?? '')) {
    return { scaling: TO_BT709, filters: BT709, repair, note: 'RGB becomes BT.709' }
  }
  const isWide = WIDE_PRIMARIES.has(video.color_primaries ?? '')
  if (isWide || RARE_MATRICES.has(video.color_space ?? '')) {
    if (needs(['zscale']).length > 0) {
      return refuse(
        'its picture has colours that this ffmpeg cannot convert (filter zscale is missing): install a complete one',
      )
    }
    const note = `colours of ${isWide ? video.color_primaries : video.color_space} become BT.709`
    const filters = [`zscale=${inputOf(video)}:p=bt709:t=bt709:m=bt709:r=limited`, ...BT709]
    return { scaling: '', filters, repair, note }
  }
  const matrix = matrixOf(video)
  const isFull = isFullRange(video)
  const changes = [...(matrix === 'bt709' ? [] : ['BT.601 colours']), ...(isFull ? ['full range'] : [])]
  return {
    scaling: `in_color_matrix=${matrix}:in_range=${isFull ? 'pc' : 'tv'}:${TO_BT709}`,
    filters: BT709,
    repair,
    note: changes.length === 0 ? undefined : `${changes.join(' and ')} become BT.709`,
  }
}

/**
 * Light is made linear, its gamut and range are made those of BT.709. Diffuse white, 203 cd/m² (BT.2408 §2), becomes
 * nearly white; what is lighter is bent and not cut off.
 */
function toneMap(video: ProbedStream): string[] {
  return [
    `zscale=${inputOf(video)}:t=linear:npl=203`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=mobius:desat=0',
    'zscale=t=bt709:m=bt709:r=limited',
    ...BT709,
  ]
}

/** HDR and wide colours without more words are those of BT.2020. */
function inputOf(video: ProbedStream): string {
  const known = (value: string | undefined, usual: string): string =>
    value === undefined || value === 'unknown' || value === 'reserved' ? usual : value
  const matrix = known(video.color_space, 'bt2020nc')
  return [
    `pin=${known(video.color_primaries, 'bt2020')}`,
    `tin=${known(video.color_transfer, 'bt2020-10')}`,
    `min=${ZSCALE_MATRICES[matrix] ?? matrix}`,
    `rin=${isFullRange(video) ? 'full' : 'limited'}`,
  ].join(':')
}

const ZSCALE_MATRICES: Readonly<Record<string, string>> = {
  bt2020nc: '2020_ncl',
  bt2020ncl: '2020_ncl',
  bt2020c: '2020_cl',
  bt2020cl: '2020_cl',
}

/** A file that does not say is taken for what its size was usually made in. */
function matrixOf(video: ProbedStream): string {
  const named = MATRICES[video.color_space ?? '']
  if (named !== undefined) return named
  const isHd = Math.min(video.width ?? 0, video.height ?? 0) >= HD_LINES || video.color_primaries === 'bt709'
  return isHd ? 'bt709' : 'bt601'
}

/** Its base layer is in a colour space of Dolby's own. */
function hasForeignBase(video: ProbedStream): boolean {
  return (video.side_data_list ?? []).some((data) => data.dv_profile === 5)
}

/** Newer ffmpegs filter no picture whose tags have a reserved value; each of these rewrites them in its bitstream. */
const REPAIRS: Readonly<Record<string, string>> = {
  h264: 'h264_metadata=colour_primaries=2:transfer_characteristics=2:matrix_coefficients=2',
  hevc: 'hevc_metadata=colour_primaries=2:transfer_characteristics=2:matrix_coefficients=2',
  av1: 'av1_metadata=color_primaries=2:transfer_characteristics=2:matrix_coefficients=2',
  mpeg2video: 'mpeg2_metadata=colour_primaries=2:transfer_characteristics=2:matrix_coefficients=2',
  prores: 'prores_metadata=color_primaries=unknown:color_trc=unknown:colorspace=unknown',
}

function repairOf(video: ProbedStream): string | undefined {
  const isReserved = [video.color_space, video.color_transfer, video.color_primaries].includes('reserved')
  return isReserved ? REPAIRS[video.codec_name ?? ''] : undefined
}

function isFullRange(video: ProbedStream): boolean {
  if (video.color_range !== undefined && video.color_range !== 'unknown') return video.color_range === 'pc'
  return /^(?:yuvj|gray|mono|ya)/.test(video.pix_fmt ?? '')
}
