// The media types this service sends: a closed list, because an HTML or SVG file from a customer would run as ours. Pure.

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '3gp': 'video/3gpp',
  aac: 'audio/aac',
  ac3: 'audio/ac3',
  asf: 'video/x-ms-asf',
  avi: 'video/x-msvideo',
  cmfa: 'audio/mp4',
  cmfv: 'video/mp4',
  ec3: 'audio/eac3',
  flac: 'audio/flac',
  flv: 'video/x-flv',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  m3u8: 'application/vnd.apple.mpegurl',
  m4a: 'audio/mp4',
  m4s: 'video/iso.segment',
  m4v: 'video/x-m4v',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  mpg: 'video/mpeg',
  mts: 'video/mp2t',
  ogv: 'video/ogg',
  png: 'image/png',
  srt: 'application/x-subrip',
  ts: 'video/mp2t',
  vob: 'video/mpeg',
  vtt: 'text/vtt',
  webm: 'video/webm',
  webp: 'image/webp',
  wmv: 'video/x-ms-wmv',
}

/** What any object may be called: bytes, and nothing that a browser opens. */
export const OCTET_STREAM = 'application/octet-stream'

const ALLOWED: ReadonlySet<string> = new Set([...Object.values(BY_EXTENSION), 'audio/ogg', 'audio/webm'])

/**
 * The type to send for an object: the stored one when it is on the list, else the one its extension
 * stands for, else plain bytes. Parameters of a stored type are dropped.
 */
export function mediaType(key: string, stored: string | undefined): string {
  const essence = stored?.split(';', 1)[0]?.trim().toLowerCase()
  if (essence !== undefined && ALLOWED.has(essence)) return essence
  const extension = /\.([a-z0-9]+)$/i.exec(key)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] ?? OCTET_STREAM) : OCTET_STREAM
}
