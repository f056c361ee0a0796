// Which files may be uploaded, and what they may call themselves. Pure. Markup and scripts are in no list: served
// from anybody's domain they would run there.

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
  vob: ['video/dvd', 'video/mpeg', 'video/x-ms-vob'],
  asf: ['video/x-ms-asf'],
  rm: ['application/vnd.rn-realmedia'],
  rmvb: ['application/vnd.rn-realmedia-vbr', 'application/vnd.rn-realmedia'],
  divx: ['video/divx', 'video/x-divx', 'video/x-msvideo'],
} as const satisfies Record<string, readonly string[]>

const STREAM_TYPES = {
  m3u8: ['application/vnd.apple.mpegurl', 'application/x-mpegurl', 'audio/mpegurl', 'audio/x-mpegurl'],
  m4s: ['video/iso.segment', 'video/mp4', 'audio/mp4', 'application/mp4'],
  aac: ['audio/aac', 'audio/aacp', 'audio/x-aac'],
  mp3: ['audio/mpeg', 'audio/mp3'],
  vtt: ['text/vtt'],
  srt: ['application/x-subrip', 'text/srt', 'text/plain'],
  key: [],
  jpg: ['image/jpeg'],
  jpeg: ['image/jpeg'],
  png: ['image/png'],
  webp: ['image/webp'],
  json: ['application/json'],
} as const satisfies Record<string, readonly string[]>

const ANY_TYPE = 'application/octet-stream'

const FILMS = new Map<string, readonly string[]>(Object.entries(FILM_TYPES))
const TYPES = new Map<string, readonly string[]>([...FILMS, ...Object.entries(STREAM_TYPES)])

/** Of an uploaded object: 4 GiB, and under S3's 5 GB for a single PUT. */
export const MAX_OBJECT_BYTES = 4 * 1024 ** 3

/** What follows the last dot of a name that has something before it, lower case; undefined when nothing does. */
export function extensionOf(fileName: string): string | undefined {
  const dot = fileName.lastIndexOf('.')
  return dot < 1 || dot === fileName.length - 1 ? undefined : fileName.slice(dot + 1).toLowerCase()
}

/** Films, which is what people upload by name. */
export function isFilmExtension(extension: string): boolean {
  return FILMS.has(extension)
}

/** Films and everything a stream consists of, which programs upload by key. */
export function isMediaExtension(extension: string): boolean {
  return TYPES.has(extension)
}

/** Whether a file of this extension may be stored as this type: without parameters, in any case. */
export function fitsExtension(extension: string, contentType: string): boolean {
  const type = contentType.toLowerCase()
  return type === ANY_TYPE || (TYPES.get(extension)?.includes(type) ?? false)
}

/** What a file of this extension usually is; undefined when it may not be uploaded or has no type of its own. */
export function usualTypeOf(extension: string): string | undefined {
  return TYPES.get(extension)?.[0]
}
