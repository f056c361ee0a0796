// The entry playlist: which renditions there are (RFC 8216bis §4.4.6). Pure: what they are in, text out.

export interface Variant {
  readonly folder: string
  readonly width: number
  readonly height: number
  readonly codec: string
  readonly framesPerSecond: number
  readonly peak: number
  readonly average: number
}

export interface Sound {
  readonly folder: string
  readonly name: string
  readonly language: string | undefined
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

export function writeMultivariant({ variants, sounds, words, iframes, chapters }: Stream): string {
  const loudest = {
    peak: Math.max(0, ...sounds.map((sound) => sound.peak)),
    average: Math.max(0, ...sounds.map((sound) => sound.average)),
  }
  const groups =
    (sounds.length > 0 ? ',AUDIO="sound"' : '') +
    (words.length > 0 ? ',SUBTITLES="words"' : '') +
    ',CLOSED-CAPTIONS=NONE'
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', '']
  if (chapters !== undefined) {
    lines.push(`#EXT-X-SESSION-DATA:DATA-ID="com.apple.hls.chapters",URI="${chapters}"`, '')
  }
  for (const [i, sound] of sounds.entries()) {
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",${named(sound)},DEFAULT=${i === 0 ? 'YES' : 'NO'},AUTOSELECT=YES,` +
        `CHANNELS="${Math.min(sound.channels, 2)}",URI="${sound.folder}/index.m3u8"`,
    )
  }
  for (const track of words) {
    lines.push(
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="words",${named(track)},DEFAULT=NO,AUTOSELECT=YES,` +
        `FORCED=${track.isForced ? 'YES' : 'NO'},${track.isForHearingImpaired ? `${DESCRIBED},` : ''}URI="${track.folder}/index.m3u8"`,
    )
  }
  if (sounds.length + words.length > 0) lines.push('')
  for (const variant of variants) {
    const codecs = sounds.length > 0 ? `${variant.codec},mp4a.40.2` : variant.codec
    lines.push(
      `#EXT-X-STREAM-INF:BANDWIDTH=${variant.peak + loudest.peak},AVERAGE-BANDWIDTH=${variant.average + loudest.average},` +
        `CODECS="${codecs}",RESOLUTION=${variant.width}x${variant.height},` +
        `FRAME-RATE=${variant.framesPerSecond.toFixed(3)},VIDEO-RANGE=SDR${groups}`,
      `${variant.folder}/index.m3u8`,
    )
  }
  if (iframes !== undefined) {
    const { variant, file, peak } = iframes
    lines.push(
      '',
      `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${peak},CODECS="${variant.codec}",` +
        `RESOLUTION=${variant.width}x${variant.height},VIDEO-RANGE=SDR,URI="${variant.folder}/${file}"`,
    )
  }
  return [...lines, ''].join('\n')
}

/** What players offer to those who do not hear (§4.4.6.1). */
const DESCRIBED =
  'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"'

/** A quoted string can hold neither a quote nor a line break (§4.2). */
function named(track: { readonly name: string; readonly language: string | undefined }): string {
  const name = track.name.replace(/["\r\n]+/g, ' ').trim()
  return `NAME="${name}"` + (track.language === undefined ? '' : `,LANGUAGE="${track.language}"`)
}
