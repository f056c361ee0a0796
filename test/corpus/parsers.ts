// Two players' own parsers, read down to plain values that can be compared. They decide nothing; they only look.
import { createRequire } from 'node:module'
import type { Fragment, PlaylistLevelType } from 'hls.js'

// hls.js expects a browser's name for the global object, at import time already.
Object.assign(globalThis, { self: globalThis })
const { M3U8Parser } = await import('hls.js')

interface VhsParser {
  push: (text: string) => void
  end: () => void
  readonly manifest: unknown
}
type VhsParserClass = new (options: { uri: string; mainDefinitions?: Record<string, string> }) => VhsParser

const { Parser } = createRequire(import.meta.url)('m3u8-parser') as { readonly Parser: VhsParserClass }

/** Plain values; a date, a typed array or an infinity becomes what JSON makes of it. */
function toPlain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? 'null')
}

/** What VHS (video.js) sees. */
export function readWithVhs(text: string, url: string, variables: Record<string, string>): unknown {
  const parser = new Parser({ uri: url, mainDefinitions: variables })
  parser.push(text)
  parser.end()
  return toPlain(parser.manifest)
}

/** What hls.js sees. */
export function readWithHlsJs(text: string, url: string, variables: Record<string, string>): unknown {
  if (!M3U8Parser.isMediaPlaylist(text)) {
    const parsed = M3U8Parser.parseMasterPlaylist(text, url)
    const media = M3U8Parser.parseMasterPlaylistMedia(text, url, parsed)
    return toPlain({ ...parsed, media, error: parsed.playlistParsingError?.message })
  }
  const details = M3U8Parser.parseLevelPlaylist(text, url, 0, 'main' as PlaylistLevelType, 0, variables)
  const { fragments, partList, dateRanges, preloadHint, renditionReports, targetduration, live, type, startSN } =
    details
  // Those that a delta update skips are null, whatever the types say.
  const listed: readonly (Fragment | null)[] = fragments
  return toPlain({
    fragments: listed.map((fragment) => ({
      relurl: fragment?.relurl,
      duration: fragment?.duration,
      sequence: [fragment?.sn, fragment?.cc, fragment?.title, fragment?.gap, fragment?.programDateTime],
      byteRange: fragment?.byteRange,
      map: { relurl: fragment?.initSegment?.relurl, byteRange: fragment?.initSegment?.byteRange },
      keys: Object.values(fragment?.levelkeys ?? {}).map((key) => ({
        method: key?.method,
        format: key?.keyFormat,
        uri: key?.uri,
      })),
    })),
    parts: partList?.map((part) => ({ relurl: part.relurl, duration: part.duration, byteRange: part.byteRange })),
    dateRanges: Object.values(dateRanges).map((range) => range?.attr),
    rest: { preloadHint, renditionReports, targetduration, live, type, startSN },
    error: details.playlistParsingError?.message,
  })
}
