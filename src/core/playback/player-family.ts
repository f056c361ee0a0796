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
