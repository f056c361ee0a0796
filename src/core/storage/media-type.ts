// What may be stored, and as what it is served: one table of extensions and their media types. Pure. Markup and
// scripts are not in it: served from the domain of an API they would run there.

/** Of each extension the usual type first; what follows is taken too. */
const FILM_TYPES = {
  mp4: ['video/mp4', 'application/mp4', 'audio/mp4'],
  mov: ['video/quicktime'],
  avi: ['video/x-msvideo', 'video/avi', 'video/msvideo', 'video/vnd.avi'],
  mkv: ['video/x-matroska', 'video/matroska'],
  webm: ['video/webm', 'audio/webm'],
  flv: ['video/x-flv'],
  wmv: ['video/x-ms-wmv'],
  m4v: ['video/x-m4v', 'video/mp4'],
  mpg: ['video/mpeg'],
  mpeg: ['video/mpeg'],
  '3gp': ['video/3gpp', 'audio/3gpp'],
  ogv: ['video/ogg'],
  ts: ['video/mp2t', 'video/vnd.dlna.mpeg-tts'],
  mts: ['video/mp2t', 'video/vnd.dlna.mpeg-tts', 'video/avchd-stream'],
  vob: ['video/mpeg', 'video/dvd', 'video/x-ms-vob'],
  asf: ['video/x-ms-asf'],
  rm: ['application/vnd.rn-realmedia'],
  rmvb: ['application/vnd.rn-realmedia-vbr', 'application/vnd.rn-realmedia'],
  divx: ['video/divx', 'video/x-divx', 'video/x-msvideo'],
} as const satisfies Record<string, readonly string[]>

const PLAYLIST = ['application/vnd.apple.mpegurl', 'application/x-mpegurl', 'audio/mpegurl', 'audio/x-mpegurl']

/** `.cmf*` is CMAF (ISO/IEC 23000-19); `.opus` is Opus in Ogg (RFC 7845 §9). */
const STREAM_TYPES = {
  m3u8: PLAYLIST,
  m3u: PLAYLIST,
  m4s: ['video/iso.segment', 'video/mp4', 'audio/mp4', 'application/mp4'],
  cmfv: ['video/mp4', 'video/iso.segment', 'application/mp4'],
  cmfa: ['audio/mp4', 'video/iso.segment', 'application/mp4'],
  cmft: ['application/mp4', 'video/iso.segment', 'video/mp4'],
  m4a: ['audio/mp4', 'audio/x-m4a', 'audio/m4a'],
  aac: ['audio/aac', 'audio/aacp', 'audio/x-aac'],
  mp3: ['audio/mpeg', 'audio/mp3'],
  ac3: ['audio/ac3', 'audio/x-ac3'],
  ec3: ['audio/eac3', 'audio/x-eac3'],
  opus: ['audio/ogg', 'audio/opus'],
  flac: ['audio/flac', 'audio/x-flac'],
  vtt: ['text/vtt'],
  webvtt: ['text/vtt'],
  srt: ['application/x-subrip', 'text/srt', 'text/plain'],
  ttml: ['application/ttml+xml'],
  key: [],
  jpg: ['image/jpeg'],
  jpeg: ['image/jpeg'],
  png: ['image/png'],
  webp: ['image/webp'],
  gif: ['image/gif'],
  avif: ['image/avif'],
  json: ['application/json'],
} as const satisfies Record<string, readonly string[]>

/** What any object may be called: bytes that a browser does not open. */
export const OCTET_STREAM = 'application/octet-stream'

const FILMS = new Map<string, readonly string[]>(Object.entries(FILM_TYPES))
const TYPES = new Map<string, readonly string[]>([...FILMS, ...Object.entries(STREAM_TYPES)])

/** Containers that `<video>` takes in current browsers. */
const IN_BROWSERS: ReadonlySet<string> = new Set('mp4 m4v mov webm ogv m4a mp3 aac flac opus'.split(' '))

/** Plain text is what an uploader calls any file it does not know, so it says nothing about a stored one. */
const SERVED: ReadonlySet<string> = new Set([...TYPES.values()].flat().filter((type) => type !== 'text/plain'))

/** Of an uploaded object: 4 GiB, and under S3's 5 GB for a single PUT. */
export const MAX_OBJECT_BYTES = 4 * 1024 ** 3

/** What follows the last dot of a name that has something before it, lower case; undefined when nothing does. */
export function extensionOf(fileName: string): string | undefined {
  return fileName.lastIndexOf('.') < 1 ? undefined : textAfterDot(fileName)
}

/** Films, which is what people upload by name. */
export function isFilmExtension(extension: string): boolean {
  return FILMS.has(extension)
}

/** Whether browsers usually play such a file as it is; what is inside it decides in the end. */
export function playsInBrowsers(key: string): boolean {
  return IN_BROWSERS.has(textAfterDot(key) ?? '')
}

/** Films and everything a stream consists of, which programs upload by key. */
export function isMediaExtension(extension: string): boolean {
  return TYPES.has(extension)
}

/** Whether a file of this extension may be stored as this type: without parameters, in any case. */
export function fitsExtension(extension: string, contentType: string): boolean {
  const type = contentType.toLowerCase()
  return type === OCTET_STREAM || (TYPES.get(extension)?.includes(type) ?? false)
}

/**
 * The type to send for an object: the stored one when it is in the table, else the one its extension
 * stands for, else plain bytes. Parameters of a stored type are dropped.
 */
export function mediaType(key: string, stored: string | undefined): string {
  const essence = stored?.split(';', 1)[0]?.trim().toLowerCase()
  if (essence !== undefined && SERVED.has(essence)) return essence
  return TYPES.get(textAfterDot(key) ?? '')?.[0] ?? OCTET_STREAM
}

function textAfterDot(name: string): string | undefined {
  const dot = name.lastIndexOf('.')
  return dot === -1 || dot === name.length - 1 ? undefined : name.slice(dot + 1).toLowerCase()
}
