// What another site needs to show a film: oEmbed 1.0 (https://oembed.com), of public films only.
import { Fault } from '../../core/fault.ts'
import { pagePatterns, type PageRule } from '../../core/playback/page-origin.ts'
import { ENTRY_PLAYLIST, streamKey, thumbnailKey } from '../../core/storage/media-key.ts'
import { jpegSize, type PixelSize } from '../../core/storage/jpeg-size.ts'
import { parseUuid } from '../../core/uuid.ts'
import {
  aspectOfPlaylist,
  COMMON_ASPECT,
  fitFrame,
  plausibleAspect,
  type FrameRoom,
  type FrameSize,
} from '../../core/videos/frame-size.ts'
import type { PlaybackDeps } from './playback.ts'

export interface Embed {
  readonly jobId: string
  readonly name: string
  readonly frame: FrameSize
  /** Undefined: none that is known to fit. */
  readonly thumbnail: PixelSize | undefined
}

const MAX_PLAYLIST_BYTES = 256 * 1024
/** Where a frame header is, behind a camera's notes and its preview. */
const THUMBNAIL_START_BYTES = 128 * 1024

/**
 * A film, fitted into the room. One database read and two of the bucket. 404 when there is none (undefined: what was asked
 * for is no film's address) or sites may not embed it, 401 for a private one, 501 for another format than JSON.
 */
export async function describeEmbed(
  deps: Pick<PlaybackDeps, 'videos' | 'media'> & { readonly config: { readonly embedOrigins: PageRule } },
  input: { readonly jobId: string | undefined; readonly format: string | undefined } & FrameRoom,
): Promise<Embed> {
  if ((input.format ?? 'json') !== 'json') throw new Fault('not_implemented', 'Only the format json is offered')
  const jobId = parseUuid(input.jobId ?? '')
  const isOffered = pagePatterns(deps.config.embedOrigins).length > 0
  const video = jobId === undefined || !isOffered ? undefined : await deps.videos.findByJob(jobId)
  if (video === undefined || video.playback === 'off') throw new Fault('not_found', 'Video not found')
  if (video.playback === 'private') throw new Fault('unauthorized', 'This film is private')
  const { userId, name } = video
  const [playlist, start] = await Promise.all([
    deps.media.read(streamKey(userId, video.jobId, ENTRY_PLAYLIST), MAX_PLAYLIST_BYTES),
    deps.media.readStart(thumbnailKey(userId, video.jobId), THUMBNAIL_START_BYTES),
  ])
  const thumbnail = start && jpegSize(start)
  const aspect =
    aspectOfPlaylist(playlist?.content?.text() ?? '') ??
    (thumbnail && plausibleAspect(thumbnail.width, thumbnail.height)) ??
    COMMON_ASPECT
  return {
    jobId: video.jobId,
    name,
    frame: fitFrame(aspect, input),
    thumbnail: thumbnail && fits(thumbnail, input) ? thumbnail : undefined,
  }
}

function fits({ width, height }: PixelSize, { maxWidth, maxHeight }: FrameRoom): boolean {
  return width <= (maxWidth ?? Infinity) && height <= (maxHeight ?? Infinity)
}
