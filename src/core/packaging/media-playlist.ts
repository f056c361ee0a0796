// The playlists of a rendition that is whole (RFC 8216bis §4.4.3): its segments, their first frames, one file of
// subtitles. Pure: what they are in, text out.

export interface ListedSegment {
  readonly name: string
  readonly seconds: number
  /** Where its first frame ends, in bytes: what an I-frame playlist names. */
  readonly firstFrameEnd: number
}

/** `targetSeconds`: one for all renditions of a stream (RFC 8216 §6.2.4); by itself the longest segment decides. */
export function segmentPlaylist(
  initName: string,
  segments: readonly ListedSegment[],
  targetSeconds: number = targetOf(segments.map(({ seconds }) => seconds)),
): string {
  const entries = segments.flatMap(({ name, seconds }) => [extinf(seconds), name])
  return write(targetSeconds, ['#EXT-X-INDEPENDENT-SEGMENTS', `#EXT-X-MAP:URI="${initName}"`, ...entries])
}

/** The first frame of each segment, as a byte range of it (RFC 8216bis §4.4.3.6). */
export function iframePlaylist(initName: string, segments: readonly ListedSegment[]): string {
  const entries = segments.flatMap(({ name, seconds, firstFrameEnd }) => [
    extinf(seconds),
    `#EXT-X-BYTERANGE:${firstFrameEnd}@0`,
    name,
  ])
  const lengths = segments.map(({ seconds }) => seconds)
  return write(targetOf(lengths), ['#EXT-X-I-FRAMES-ONLY', `#EXT-X-MAP:URI="${initName}"`, ...entries])
}

/** The peak bits per second of an I-frame playlist. */
export function iframePeak(segments: readonly ListedSegment[]): number {
  return Math.ceil(Math.max(...segments.map(({ seconds, firstFrameEnd }) => (firstFrameEnd * 8) / seconds)))
}

/** A whole WebVTT file as one segment. */
export function subtitlePlaylist(file: string, durationSeconds: number): string {
  return write(Math.ceil(durationSeconds), [extinf(durationSeconds), file])
}

/** Of segments of these lengths: none rounds to more (§4.4.3.1). */
export function targetOf(lengths: readonly number[]): number {
  return Math.max(1, ...lengths.map((length) => Math.round(length)))
}

/** What every whole playlist ends with. */
export const PLAYLIST_END = '#EXT-X-ENDLIST\n'

function extinf(seconds: number): string {
  return `#EXTINF:${seconds.toFixed(6)},`
}

function write(targetSeconds: number, lines: readonly string[]): string {
  const head = ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${targetSeconds}`, '#EXT-X-PLAYLIST-TYPE:VOD']
  return [...head, ...lines, PLAYLIST_END].join('\n')
}
