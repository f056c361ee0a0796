// A rendition on disk: whether it is whole, its length, its bits per second; and the playlists made over it.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  iframePeak,
  iframePlaylist,
  PLAYLIST_END,
  segmentPlaylist,
  type ListedSegment,
} from '../../../core/packaging/media-playlist.ts'
import { INIT_NAME, TOOL_PLAYLIST } from '../film/encode.ts'
import { flush } from './flush.ts'
import { placeSegments, readInit, readSegments, type Segment } from './segments.ts'

export interface Rendition {
  readonly durationSeconds: number
  /** Bits per second, of the largest segment and of all (RFC 8216bis §4.4.6.2). */
  readonly peak: number
  readonly average: number
  /** Of all segments. */
  readonly bytes: number
  /** When its first frame or sample is shown, on the stream's clock. */
  readonly startSeconds: number
  /** `avc1.PPCCLL`; undefined of sound. */
  readonly videoCodec: string | undefined
}

const PLAYLIST = 'index.m3u8'

/** Undefined when there is none, or what is there is not all that its playlist says: then it must be made again. */
export async function readRendition(folder: string): Promise<Rendition | undefined> {
  const [init, segments] = [await readInit(folder), await readSegments(folder)]
  const playlist = await readFile(join(folder, PLAYLIST), 'utf8').catch(() => '')
  const [first] = segments
  if (init === undefined || init.hasEditList || first === undefined || !playlist.endsWith(PLAYLIST_END))
    return undefined
  const written = [...playlist.matchAll(/^#EXTINF:([\d.]+),\n(\S+)$/gm)]
  const isWhole =
    written.length === segments.length && segments.every((segment, i) => follows(segment, segments[i - 1]))
  const isAsSaid = segments.every((segment, i) => written[i]?.[1] === seconds(segment, init.timescale).toFixed(6))
  if (!isWhole || !isAsSaid) return undefined
  const durationSeconds = segments.reduce((sum, segment) => sum + seconds(segment, init.timescale), 0)
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  return {
    durationSeconds,
    peak: Math.ceil(Math.max(...segments.map((segment) => (segment.bytes * 8) / seconds(segment, init.timescale)))),
    average: Math.ceil((bytes * 8) / durationSeconds),
    bytes,
    startSeconds: (first.decodeTime + first.firstOffset) / init.timescale,
    videoCodec: init.videoCodec,
  }
}

/** Of one that was made whole before. */
export async function measureRendition(folder: string): Promise<Rendition> {
  const rendition = await readRendition(folder)
  if (rendition === undefined) throw new Error(`${folder} was whole, and is not any more`)
  return rendition
}

/**
 * Makes a rendition of whole segments: they follow one another, its first frame or sample is shown at `startSeconds`
 * or, where frames are out of order, as soon as they may be; a playlist names them; all of it is on the disk.
 */
export async function finishRendition(
  folder: string,
  segments: readonly Segment[],
  startSeconds: number,
): Promise<void> {
  const init = await readInit(folder)
  const [first] = segments
  if (init === undefined || first === undefined) throw new TypeError('nothing to finish')
  const startTime = Math.max(0, Math.round(startSeconds * init.timescale) - first.firstOffset)
  await placeSegments(folder, segments, startTime)
  await rm(join(folder, TOOL_PLAYLIST), { force: true })
  await writeFile(join(folder, PLAYLIST), segmentPlaylist(INIT_NAME, listed(segments, init.timescale)))
  await flush(folder)
}

function follows(segment: Segment, before: Segment | undefined): boolean {
  return before === undefined || segment.decodeTime === before.decodeTime + before.duration
}

function seconds(segment: Segment, timescale: number): number {
  return segment.duration / timescale
}

export const IFRAMES = 'iframes.m3u8'

/** Writes a playlist of the first frame of each segment, as a byte range of it (RFC 8216bis §4.4.3.6): its peak. */
export async function writeIFrames(folder: string): Promise<number> {
  const [init, segments] = [await readInit(folder), await readSegments(folder)]
  const entries = listed(segments, init?.timescale ?? 1)
  await writeFile(join(folder, IFRAMES), iframePlaylist(INIT_NAME, entries))
  return iframePeak(entries)
}

function listed(segments: readonly Segment[], timescale: number): ListedSegment[] {
  return segments.map((segment) => ({
    name: segment.name,
    seconds: seconds(segment, timescale),
    firstFrameEnd: segment.firstSampleEnd,
  }))
}
