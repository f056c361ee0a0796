// Which family of players a request comes from, by its User-Agent (RFC 9110 §10.1.5). Pure. A hint for people: it decides
// nothing, and what is not known stays `other`.

/** The first that fits counts: browsers on a TV name a browser too. */
const FAMILIES: readonly (readonly [family: string, pattern: RegExp])[] = [
  ['exoplayer', /exoplayer|androidxmedia3/i],
  ['avplayer', /applecoremedia/i],
  ['chromecast', /crkey/i],
  ['roku', /roku/i],
  ['tizen', /tizen/i],
  ['webos', /web0s|webos/i],
  ['ffmpeg', /^lavf\//i],
  ['vlc', /vlc/i],
  ['mpv', /\bmpv\b/i],
  ['gstreamer', /gstreamer/i],
  ['edge', /\bedg(?:e|a|ios)?\//i],
  ['opera', /\bopr\//i],
  ['samsung', /samsungbrowser/i],
  ['firefox', /firefox|fxios/i],
  ['chrome', /chrom(?:e|ium)|crios/i],
  ['safari', /safari/i],
]

export function playerFamily(userAgent: string | undefined): string {
  if (userAgent === undefined) return 'other'
  // What a client sends is not searched to the end, however long it is.
  const start = userAgent.slice(0, 400)
  return FAMILIES.find(([, pattern]) => pattern.test(start))?.[0] ?? 'other'
}

/** What it runs on, as far as it says so. */
const DEVICES: readonly (readonly [device: string, pattern: RegExp])[] = [
  ['tv', /\btv\b|appletv|crkey|roku|tizen|web0s|webos|bravia|aft[a-z]|hbbtv|xbox|playstation/i],
  ['tablet', /ipad|tablet|android(?!.*mobile).*applewebkit/i],
  ['phone', /iphone|ipod|mobile|android/i],
  ['desktop', /windows|macintosh|mac os x|x11|linux|cros\b/i],
]

/** `tv`, `tablet`, `phone`, `desktop`, or `other`. */
export function deviceClass(userAgent: string | undefined): string {
  const start = (userAgent ?? '').slice(0, 400)
  return DEVICES.find(([, pattern]) => pattern.test(start))?.[0] ?? 'other'
}
