// The entry playlist: which renditions there are (RFC 8216bis §4.4.6). Pure: what they are in, text out.

export interface Variant {
  readonly folder: string
  readonly width: number
  readonly height: number
  readonly codec: string
  /** Undefined: unknown, or not constant. */
  readonly framesPerSecond: number | undefined
  /** `SDR` unless said otherwise (RFC 8216bis §4.4.6.2). */
  readonly range?: 'SDR' | 'HLG' | 'PQ'
  readonly peak: number
  readonly average: number
}

export interface Sound {
  readonly folder: string
  readonly name: string
  readonly language: string | undefined
  /** RFC 6381: `mp4a.40.2`. */
  readonly codec: string
  readonly channels: number
  readonly peak: number
  readonly average: number
}

export interface Words {
  readonly folder: string
  readonly name: string
  readonly language: string | undefined
  readonly isForced: boolean
  readonly isForHearingImpaired: boolean
}

export interface Stream {
  /** Largest first. */
  readonly variants: readonly Variant[]
  /** The first is the default. */
  readonly sounds: readonly Sound[]
  readonly words: readonly Words[]
  readonly iframes: { readonly variant: Variant; readonly file: string; readonly peak: number } | undefined
  /** The file of the chapters; undefined when there are none. */
  readonly chapters?: string | undefined
}

/** Sounds of different codecs are groups of their own: every size is offered with each, in the order of the sounds. */
export function writeMultivariant({ variants, sounds, words, iframes, chapters }: Stream): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', '']
  if (chapters !== undefined) {
    lines.push(`#EXT-X-SESSION-DATA:DATA-ID="com.apple.hls.chapters",URI="${chapters}"`, '')
  }
  const codecs = [...new Set(sounds.map(({ codec }) => codec))]
  const groupOf = (codec: string): string => (codec === codecs[0] ? 'sound' : `sound-${codecs.indexOf(codec) + 1}`)
  for (const codec of codecs) {
    for (const [i, sound] of sounds.filter((one) => one.codec === codec).entries()) {
      lines.push(
        `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${groupOf(codec)}",${named(sound)},DEFAULT=${i === 0 ? 'YES' : 'NO'},AUTOSELECT=YES,` +
          `CHANNELS="${sound.channels}",URI="${sound.folder}/index.m3u8"`,
      )
    }
  }
  for (const track of words) {
    lines.push(
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="words",${named(track)},DEFAULT=NO,AUTOSELECT=YES,` +
        `FORCED=${track.isForced ? 'YES' : 'NO'},${track.isForHearingImpaired ? `${DESCRIBED},` : ''}URI="${track.folder}/index.m3u8"`,
    )
  }
  if (sounds.length + words.length > 0) lines.push('')
  for (const codec of codecs.length === 0 ? [undefined] : codecs) {
    const group = sounds.filter((sound) => sound.codec === codec)
    const groups =
      (codec === undefined ? '' : `,AUDIO="${groupOf(codec)}"`) +
      (words.length > 0 ? ',SUBTITLES="words"' : '') +
      ',CLOSED-CAPTIONS=NONE'
    for (const variant of variants) lines.push(streamInf(variant, group, groups), `${variant.folder}/index.m3u8`)
  }
  if (iframes !== undefined) {
    const { variant, file, peak } = iframes
    lines.push(
      '',
      `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${peak},CODECS="${variant.codec}",` +
        `RESOLUTION=${variant.width}x${variant.height},VIDEO-RANGE=${variant.range ?? 'SDR'},URI="${variant.folder}/${file}"`,
    )
  }
  return [...lines, ''].join('\n')
}

function streamInf(variant: Variant, group: readonly Sound[], groups: string): string {
  const peak = variant.peak + Math.max(0, ...group.map((sound) => sound.peak))
  const average = variant.average + Math.max(0, ...group.map((sound) => sound.average))
  const codecs = [variant.codec, ...group.slice(0, 1).map(({ codec }) => codec)].join(',')
  const rate = variant.framesPerSecond === undefined ? '' : `FRAME-RATE=${variant.framesPerSecond.toFixed(3)},`
  return (
    `#EXT-X-STREAM-INF:BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${average},CODECS="${codecs}",` +
    `RESOLUTION=${variant.width}x${variant.height},${rate}VIDEO-RANGE=${variant.range ?? 'SDR'}${groups}`
  )
}

/** What players offer to those who do not hear (§4.4.6.1). */
const DESCRIBED =
  'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"'

/** A quoted string can hold neither a quote nor a line break (§4.2). */
function named(track: { readonly name: string; readonly language: string | undefined }): string {
  const name = track.name.replace(/["\r\n]+/g, ' ').trim()
  return `NAME="${name}"` + (track.language === undefined ? '' : `,LANGUAGE="${track.language}"`)
}
