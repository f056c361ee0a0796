// What a rendition on disk really is: its length, its bits per second, its codec; and the playlists made over it.
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { firstFrameEnd } from './iframes.ts'

export interface Rendition {
  readonly durationSeconds: number
  /** Bits per second, of the largest segment and of all (RFC 8216bis §4.4.6.2). */
  readonly peak: number
  readonly average: number
  /** Of everything in the folder that the playlist names. */
  readonly bytes: number
}

interface Segment {
  readonly name: string
  readonly seconds: number
  readonly bytes: number
}

export async function measureRendition(folder: string): Promise<Rendition> {
  const segments = await listSegments(folder)
  const durationSeconds = segments.reduce((sum, segment) => sum + segment.seconds, 0)
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  return {
    durationSeconds,
    peak: Math.ceil(Math.max(0, ...segments.map((segment) => (segment.bytes * 8) / segment.seconds))),
    average: Math.ceil((bytes * 8) / Math.max(durationSeconds, 0.001)),
    bytes,
  }
}

async function listSegments(folder: string): Promise<Segment[]> {
  const playlist = await readFile(join(folder, 'index.m3u8'), 'utf8')
  const segments: Segment[] = []
  for (const [, seconds, name = ''] of playlist.matchAll(/#EXTINF:([\d.]+),\s*\n(\S+)/g)) {
    segments.push({ name, seconds: Math.max(Number(seconds), 0.001), bytes: (await stat(join(folder, name))).size })
  }
  return segments
}

/** `avc1.PPCCLL` as the init segment declares it (RFC 6381 §3.3). */
export async function readVideoCodec(folder: string): Promise<string> {
  const init = await readFile(join(folder, 'init.mp4'))
  const at = init.indexOf('avcC') + 5
  return `avc1.${init
    .subarray(at, at + 3)
    .toString('hex')
    .toUpperCase()}`
}

export const IFRAMES = 'iframes.m3u8'

/**
 * Writes a playlist of the first frame of each segment, as a byte range of it (RFC 8216bis §4.4.3.6), and says its
 * peak in bits per second; undefined, and nothing written, when a segment is none of ours.
 */
export async function writeIFrames(folder: string): Promise<number | undefined> {
  const segments = await listSegments(folder)
  const lines: string[] = []
  let peak = 0
  for (const { name, seconds } of segments) {
    const end = firstFrameEnd(await readFile(join(folder, name)))
    if (end === undefined) return undefined
    peak = Math.max(peak, Math.ceil((end * 8) / seconds))
    lines.push(`#EXTINF:${seconds.toFixed(6)},`, `#EXT-X-BYTERANGE:${end}@0`, name)
  }
  const target = Math.max(1, ...segments.map((segment) => Math.round(segment.seconds)))
  await writeFile(
    join(folder, IFRAMES),
    [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      `#EXT-X-TARGETDURATION:${target}`,
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-I-FRAMES-ONLY',
      '#EXT-X-MAP:URI="init.mp4"',
      ...lines,
      '#EXT-X-ENDLIST',
      '',
    ].join('\n'),
  )
  return peak
}

/** The playlist of a whole WebVTT file as one segment. */
export function subtitlePlaylist(file: string, durationSeconds: number): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(durationSeconds))}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXTINF:${durationSeconds.toFixed(6)},`,
    file,
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')
}
